"""One deadline over everything a call does: connecting, each single byte of the answer, and the retries.

A timeout per read is no limit: a peer that sends a byte now and then keeps such a call alive for ever.
"""

import time
import typing
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import httpcore


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of the monotonic clock, which nobody sets back."""

    at: float

    @classmethod
    def within(cls, seconds: float) -> typing.Self:
        return cls(time.monotonic() + seconds)

    def left(self, limit: float | None = None) -> float:
        """Seconds left, at most `limit`; never negative."""
        rest = max(self.at - time.monotonic(), 0.0)
        return rest if limit is None else min(rest, limit)


CURRENT: ContextVar[Deadline] = ContextVar("deadline")
# What a page asked first began its deadline; empty before that. None: nobody waits for a page.
_PAGE: ContextVar[list[Deadline] | None] = ContextVar("page", default=None)


@contextmanager
def one_deadline() -> typing.Iterator[None]:
    """Everything asked inside, of whichever department, together takes no longer than one question may."""
    token = _PAGE.set([])
    try:
        yield
    finally:
        _PAGE.reset(token)


def within(seconds: float) -> Deadline:
    """That long from now, or what is left to the page."""
    page = _PAGE.get()
    if page is None:
        return Deadline.within(seconds)
    if not page:
        page.append(Deadline.within(seconds))
    return page[0]


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = CURRENT.get().left(timeout)
        if not left:
            raise httpcore.ReadTimeout("The deadline has passed.")
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = CURRENT.get().left(timeout)
        if not left:
            raise httpcore.WriteTimeout("The deadline has passed.")
        self._stream.write(buffer, left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: typing.Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, CURRENT.get().left(timeout)))

    def get_extra_info(self, info: str) -> typing.Any:
        return self._stream.get_extra_info(info)


class DeadlineBackend(httpcore.NetworkBackend):
    """httpcore's sockets, each of whose waits ends at the deadline of the call."""

    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: typing.Any = None,
    ) -> httpcore.NetworkStream:
        left = CURRENT.get().left(timeout)
        if not left:
            raise httpcore.ConnectTimeout("The deadline has passed.")
        return _Stream(self._backend.connect_tcp(host, port, left, local_address, socket_options))
