"""Logging: one line of JSON each, with personal data blotted out before it can leave the process."""

import logging
import re
import sys

import structlog

# A mainland mobile number, or an 18-character citizen number, standing alone. USCCs begin with other characters.
PERSONAL = re.compile(r"(?<![0-9A-Za-z])(?:1[3-9]\d{9}|[1-8]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx])(?![0-9A-Za-z])")
BLOT = "[personal]"


def blot(text: str) -> str:
    """The text without phone and ID numbers."""
    return PERSONAL.sub(BLOT, text)


class BlotPersonalData(logging.Filter):
    """Blots message, arguments and traceback of every record that any library writes."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = blot(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = blot(record.exc_text)
        return True


def set_up() -> None:
    """Send everything to standard error through the filter."""
    out = logging.StreamHandler(sys.stderr)
    out.addFilter(BlotPersonalData())
    out.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [out]
    root.setLevel(logging.INFO)
    for noisy in ("httpx", "procrastinate", "fontTools", "pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
