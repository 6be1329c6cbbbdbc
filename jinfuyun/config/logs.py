"""Logging: one line of JSON each, with personal data blotted out before it can leave the process."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# A mainland mobile number, or an 18-character citizen number, standing alone (or behind an escaped line end or tab).
# USCCs begin with other characters.
PERSONAL = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=\\[nrt]))(?:1[3-9]\d{9}|[1-8]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx])(?![0-9A-Za-z])"
)
BLOT = "[personal]"


def blot(text: str) -> str:
    """The text without phone and ID numbers."""
    return PERSONAL.sub(BLOT, text)


def blot_event(logger: object, method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Blots message, traceback and every other field of a line; the record itself stays as other handlers know it."""
    return {key: blot(value if isinstance(value, str) else repr(value)) for key, value in event.items()}


def is_not_of_the_sandbox(record: logging.LogRecord) -> bool:
    """The pretend phones' addresses hold their numbers; nothing under /sandbox/ is logged."""
    return "/sandbox/" not in record.getMessage()


def set_up() -> None:
    """Send everything to standard error through the filter."""
    out = logging.StreamHandler(sys.stderr)
    out.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                blot_event,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [out]
    root.setLevel(logging.INFO)
    logging.getLogger("django.request").addFilter(is_not_of_the_sandbox)
    for noisy in ("httpx", "procrastinate", "fontTools", "pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
