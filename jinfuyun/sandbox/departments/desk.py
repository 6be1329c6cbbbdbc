"""A department's counter: who asks, whether the question is fresh, and how the answer (or the fault) goes out."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Request, Response

from jinfuyun.data.departments import signing
from jinfuyun.sandbox.departments.faults import Fault, Faults

SLOW_SECONDS = 5.0  # longer than anybody may wait for us
DRIP_SECONDS = 0.1  # shorter than any timeout for a single read: only a deadline over the whole ends it
Answer = dict[str, Any]


class Refusal(Exception):
    """The question is not answered; the status says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Desk:
    keys: Mapping[str, bytes]
    faults: Faults
    max_age_seconds: float
    closing: threading.Event

    def question(self, department: str, request: Request) -> Answer:
        """The body, once its signature and its age are right; else 401."""
        self._fail(department)
        body = request.get_data()
        headers = {name: request.headers.get(name, "") for name in (signing.SIGNATURE, signing.TIMESTAMP)}
        if not signing.is_signed(self.keys[department], "POST", request.path, headers, body):
            raise Refusal(401)
        try:
            age = abs(datetime.now(UTC).timestamp() - int(headers[signing.TIMESTAMP]))
            question = json.loads(body)
        except ValueError:
            raise Refusal(400) from None
        if age > self.max_age_seconds:
            raise Refusal(401)
        if not isinstance(question, dict):
            raise Refusal(400)
        return question

    def answer(self, department: str, request: Request, answer: Answer, *, other: Callable[[], Answer]) -> Response:
        """`answer`, signed; `other` makes the one about somebody else, for the fault of that name."""
        fault = self.faults.of(department)
        said = other() if fault is Fault.WRONG_ENTERPRISE else answer
        said = {"request_id": request.headers.get(signing.REQUEST_ID, "")} | said
        body = json.dumps(said, ensure_ascii=False).encode()
        if fault is Fault.MALFORMED:
            body = body[: len(body) // 2]
        response = self._signed(department, request, body)
        response.set_data(body)
        response.content_type = "application/json"
        return self._dripping(response, body) if fault is Fault.DRIP else response

    def file(self, department: str, request: Request, path: Path, rows: int) -> Response:
        """A CSV, its count and hash under the signature."""
        body = path.read_bytes()
        sha256 = hashlib.sha256(body).hexdigest()
        request_id = request.headers.get(signing.REQUEST_ID, "")
        response = self._signed(department, request, signing.file_statement(request_id, str(rows), sha256))
        response.headers[signing.ROW_COUNT] = str(rows)
        response.headers[signing.SHA256] = sha256
        fault = self.faults.of(department)
        response.set_data(body[: len(body) // 2] if fault is Fault.MALFORMED else body)
        response.content_type = "text/csv; charset=utf-8"
        return self._dripping(response, body) if fault is Fault.DRIP else response

    def _fail(self, department: str) -> None:
        fault = self.faults.of(department)
        if fault is Fault.DOWN:
            raise Refusal(503)
        if fault is Fault.SLOW:
            self.closing.wait(SLOW_SECONDS)

    def _signed(self, department: str, request: Request, statement: bytes) -> Response:
        timestamp = str(int(datetime.now(UTC).timestamp()))
        signature = signing.sign(self.keys[department], signing.ANSWER, request.path, timestamp, statement)
        return Response(headers={signing.TIMESTAMP: timestamp, signing.SIGNATURE: signature})

    def _dripping(self, response: Response, body: bytes) -> Response:
        def drops() -> Iterator[bytes]:
            for place in range(len(body)):
                yield body[place : place + 1]
                if self.closing.wait(DRIP_SECONDS):
                    return

        response.response = drops()
        return response
