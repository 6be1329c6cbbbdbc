"""A small SMS gateway over real HTTP: keeps what arrives, and fails on demand."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import LazySettings
from django.utils import timezone


@dataclass
class Gateway:
    """`texts[number]`, newest last; `requests` holds the ids of what was asked; `status` is what it answers."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    status: int = 200
    taken_over: set[str] = field(default_factory=set)

    def code(self, number: str) -> str:
        """The code in the newest text to this phone."""
        return self.texts[number][-1].partition("验证码 ")[2][:6]

    def link(self, number: str) -> str:
        """The path of the link in the newest text to this phone."""
        return "/" + self.texts[number][-1].partition("http://")[2].partition(" ")[0].partition("/")[2]

    def take(self, to: str, text: str, request_id: str) -> None:
        self.requests.append(request_id)
        if self.status == 200 and request_id not in self.taken_over:
            self.taken_over.add(request_id)
            self.texts.setdefault(to, []).append(text)


@pytest.fixture
def gateway(settings: LazySettings) -> Iterator[Gateway]:
    """The gateway that SMS_URL names during the test."""
    kept = Gateway()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kept.take(body["to"], body["text"], self.headers["X-Request-Id"])
            self.send_response(kept.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    settings.SMS_URL = f"http://127.0.0.1:{server.server_address[1]}"
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


def send_waiting() -> None:
    """What the worker does with every message that waits."""
    from jinfuyun.config import jobs
    from jinfuyun.kit.jobs import Job
    from jinfuyun.notifications.models import Message, State

    for message in Message.objects.filter(state=State.WAITING).order_by("made_at"):
        jobs.run(Job.SEND_MESSAGE, at=timezone.now(), message_id=str(message.id))
