"""The platform's side of the pretend service: phones and switches, for the pages that only a sandbox has."""

from typing import Any

from django.conf import settings

from jinfuyun.kit.errors import Unreachable

TIMEOUT_SECONDS = 2


def messages(number: str) -> list[dict[str, str]]:
    """What this phone received, newest first. Raises Unreachable."""
    told: list[dict[str, str]] = _call("GET", f"/phones/{number}")
    return told


def faults() -> dict[str, str]:
    """Fault by department. Raises Unreachable."""
    told: dict[str, str] = _call("GET", "/faults")
    return told


def switch(department: str, mode: str) -> None:
    """Raises Unreachable."""
    _call("POST", "/faults", {"department": department, "mode": mode})


def _call(method: str, path: str, body: object = None) -> Any:
    import httpx  # here: it would cost every process of the sandbox a part of its start

    try:
        answer = httpx.request(
            method, settings.DEPARTMENTS_URL + path, json=body, timeout=TIMEOUT_SECONDS, trust_env=False
        )
        answer.raise_for_status()
        return answer.json()
    except (httpx.HTTPError, ValueError):
        raise Unreachable("模拟部门服务没有应答，请确认它已启动。") from None
