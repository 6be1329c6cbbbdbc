"""How a short message leaves the house. A carrier's adapter is a class with this one method."""

from typing import Protocol

from django.conf import settings

from jinfuyun.kit.errors import Unreachable

TIMEOUT_SECONDS = 3  # the job tries again; a gateway that is slower than this is as good as down


class Sender(Protocol):
    def send(self, *, to: str, text: str, request_id: str) -> None:
        """Hand it over, or raise Unreachable. The same `request_id` again is the same message, not a second one."""


class HttpGateway:
    """`POST <SMS_URL>/sms {"to", "text"}` with X-Request-Id; any 2xx means it was taken over."""

    def send(self, *, to: str, text: str, request_id: str) -> None:
        import httpx  # here: only the worker sends, and it would cost every process a part of its start

        try:
            answer = httpx.post(
                f"{settings.SMS_URL}/sms", json={"to": to, "text": text}, timeout=TIMEOUT_SECONDS,
                headers={"X-Request-Id": request_id}, trust_env=False,
            )  # fmt: skip
        except httpx.HTTPError as broken:
            raise Unreachable(f"SMS gateway: {type(broken).__name__}") from None  # its text may hold the number
        if not answer.is_success:
            raise Unreachable(f"SMS gateway: {answer.status_code}")


def sender() -> Sender:
    return HttpGateway()
