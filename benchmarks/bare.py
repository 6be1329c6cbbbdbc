"""The bare server: the same bytes as a product list, without any program behind them."""

from collections.abc import Callable

BODY = b"x" * 40_000


def application(environment: dict[str, object], start: Callable[..., object]) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(BODY)))])
    return [BODY]
