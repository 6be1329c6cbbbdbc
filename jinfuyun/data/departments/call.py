"""The one way to ask a department: signed, within a deadline, and nothing but its answer to this very question.

Protocol: POST JSON with X-Request-Id, X-Timestamp and X-Signature. The answer is signed with the same key, repeats
the request id and the number that was asked. Anything else, from a refused connection to a well-made answer about
another enterprise, raises Unreachable.
"""

import hashlib
import json
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, TypeVar

import httpcore
import pybreaker
import stamina

from jinfuyun.data.departments import signing
from jinfuyun.data.departments.deadline import CURRENT, Deadline, DeadlineBackend, within
from jinfuyun.kit.errors import Unreachable

SECONDS = 1.8  # a page waits for us: never two seconds, connecting, retries and further departments included
FILE_SECONDS = 120.0  # a job waits for a file
ATTEMPTS = 3  # a refused connection is worth another try; a deadline ends the tries anyway
CONNECTIONS_MAX = 8  # per process and department; they cut us off above 20 requests a second
ANSWER_BYTES_MAX = 64 * 1024
# After five failures in a row nobody waits for ten seconds: the answer is Unreachable at once, then one call probes.
FAILURES_MAX = 5
RESET_SECONDS = 10.0

TROUBLE = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpcore.UnsupportedProtocol)
T = TypeVar("T")


class NoAnswer(Exception):
    """What came is not a signed answer to our question. The text names the flaw, never what was asked."""


class Departments:
    """The lines to all departments under one address, with a key, a breaker and a connection pool."""

    def __init__(self, base_url: str, keys: Mapping[str, bytes], *, seconds: float = SECONDS) -> None:
        self._base = base_url.rstrip("/")
        self._keys = dict(keys)
        self._seconds = seconds
        self._pool = httpcore.ConnectionPool(
            max_connections=CONNECTIONS_MAX * max(len(self._keys), 1), network_backend=DeadlineBackend()
        )
        # Two successes close it again: our own asking to pass (see _guarded), and the call that passed.
        self._breakers = {
            name: pybreaker.CircuitBreaker(
                fail_max=FAILURES_MAX,
                reset_timeout=RESET_SECONDS,
                success_threshold=2,
                throw_new_error_on_trip=False,
                name=name,
            )
            for name in self._keys
        }

    def close(self) -> None:
        self._pool.close()

    def deadline(self) -> Deadline:
        """For questions that need several calls: all of them together, and with all else that their page asks."""
        return within(self._seconds)

    def ask(
        self,
        department: str,
        path: str,
        question: Mapping[str, object],
        *,
        echo: tuple[str, ...],
        at: datetime,
        until: Deadline | None = None,
    ) -> dict[str, Any]:
        """The department's answer, in which the fields `echo` stand as they were asked. Raises Unreachable."""

        def call() -> dict[str, Any]:
            with self._sent(department, path, question, at) as (request_id, response):
                body = _read(response, ANSWER_BYTES_MAX)
                return _checked(self._keys[department], path, question, echo, request_id, response, body)

        return self._guarded(department, until or self.deadline(), call)

    def fetch(
        self, department: str, path: str, question: Mapping[str, object], *, at: datetime, into: Path
    ) -> IO[bytes]:
        """The department's CSV; whole, as signed, or Unreachable.

        It lies in the folder `into` without a name: when it is closed, or this process is killed, it is gone.
        """

        def call() -> IO[bytes]:
            with self._sent(department, path, question, at) as (request_id, response):
                return _saved(self._keys[department], path, request_id, response, into)

        return self._guarded(department, Deadline.within(FILE_SECONDS), call)

    @contextmanager
    def _sent(
        self, department: str, path: str, question: Mapping[str, object], at: datetime
    ) -> Iterator[tuple[str, httpcore.Response]]:
        request_id = uuid.uuid4().hex
        body = json.dumps(question, ensure_ascii=False).encode()
        timestamp = str(int(at.timestamp()))
        headers = {
            "Content-Type": "application/json",
            signing.REQUEST_ID: request_id,
            signing.TIMESTAMP: timestamp,
            signing.SIGNATURE: signing.sign(self._keys[department], "POST", path, timestamp, body),
        }
        waits = dict.fromkeys(("connect", "read", "write", "pool"), CURRENT.get().left())
        with self._pool.stream(
            "POST", self._base + path, headers=list(headers.items()), content=body, extensions={"timeout": waits}
        ) as response:
            yield request_id, response

    def _guarded(self, department: str, until: Deadline, call: Callable[[], T]) -> T:
        """The breaker only counts: pybreaker holds its lock while it calls, so the waiting is done outside."""
        breaker = self._breakers[department]
        if not until.left():
            raise Unreachable  # another department used the page's time up; this one was not asked and did not fail
        fair = until.left() >= self._seconds / 2
        token = CURRENT.set(until)
        try:
            if breaker.current_state == pybreaker.STATE_OPEN:
                breaker.call(bool)  # raises until the time is up, then lets one pass
            answer = _retried(call, until)
        except pybreaker.CircuitBreakerError:
            raise Unreachable from None
        except (NoAnswer, *TROUBLE) as trouble:
            if fair or not isinstance(trouble, httpcore.TimeoutException):
                _count_failure(breaker, trouble)
            raise Unreachable from None
        finally:
            CURRENT.reset(token)
        _count_success(breaker)
        return answer


def _retried(call: Callable[[], T], until: Deadline) -> T:
    # Asking twice does no harm, nothing here changes the department. What ran out of time is not asked again.
    for attempt in stamina.retry_context(
        on=(httpcore.ConnectError, httpcore.RemoteProtocolError),
        attempts=ATTEMPTS,
        timeout=max(until.left(), 0.001),  # 0 would mean that nothing is tried again, ever
        wait_initial=0.05,
        wait_max=0.2,
        wait_jitter=0.05,
    ):
        with attempt:
            return call()
    raise NoAnswer("no attempt left")


def _count_failure(breaker: pybreaker.CircuitBreaker, trouble: Exception) -> None:
    def fail() -> None:
        raise trouble

    try:
        breaker.call(fail)
    except (pybreaker.CircuitBreakerError, NoAnswer, *TROUBLE):
        return  # counted; an already open breaker needs no counting


def _count_success(breaker: pybreaker.CircuitBreaker) -> None:
    try:
        breaker.call(bool)
    except pybreaker.CircuitBreakerError:
        return  # others opened it meanwhile; our answer is good all the same


def _read(response: httpcore.Response, limit: int) -> bytes:
    if response.status != 200:
        raise NoAnswer(f"status {response.status}")
    body = b""
    for chunk in response.iter_stream():
        body += chunk
        if len(body) > limit:
            raise NoAnswer("the answer is too long")
    return body


def _headers(response: httpcore.Response) -> dict[str, str]:
    """By the names of `signing`, whatever case they came in."""
    given = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    names = (signing.REQUEST_ID, signing.TIMESTAMP, signing.SIGNATURE, signing.ROW_COUNT, signing.SHA256)
    return {name: given.get(name.lower(), "") for name in names}


def _checked(
    key: bytes,
    path: str,
    question: Mapping[str, object],
    echo: tuple[str, ...],
    request_id: str,
    response: httpcore.Response,
    body: bytes,
) -> dict[str, Any]:
    if not signing.is_signed(key, signing.ANSWER, path, _headers(response), body):
        raise NoAnswer("the signature is wrong")
    try:
        answer = json.loads(body)
    except ValueError:
        raise NoAnswer("the answer is no JSON") from None
    if not isinstance(answer, dict) or answer.get("request_id") != request_id:
        raise NoAnswer("the answer is to another request")
    if any(answer.get(name) != question[name] for name in echo):
        raise NoAnswer("the answer is about somebody else")
    return answer


def _saved(key: bytes, path: str, request_id: str, response: httpcore.Response, into: Path) -> IO[bytes]:
    headers = _headers(response)
    if response.status != 200:
        raise NoAnswer(f"status {response.status}")
    statement = signing.file_statement(request_id, headers[signing.ROW_COUNT], headers[signing.SHA256])
    if not signing.is_signed(key, signing.ANSWER, path, headers, statement):
        raise NoAnswer("the signature is wrong")
    file = tempfile.TemporaryFile(dir=into)  # noqa: SIM115  whoever asked closes it
    digest = hashlib.sha256()
    try:
        for chunk in response.iter_stream():
            digest.update(chunk)
            file.write(chunk)
        if digest.hexdigest() != headers[signing.SHA256]:
            raise NoAnswer("the file is not the one that was signed")
    except BaseException:
        file.close()
        raise
    return file
