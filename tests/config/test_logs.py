"""Nothing personal leaves through a log line.

Seen red: with the text left as it is.
"""

import io
import json
import logging
import random
import sys
from collections.abc import Iterator

import pytest

from jinfuyun.config import logs

NUMBERS = 10_000


def phones_and_ids(count: int) -> list[str]:
    """Numbers as people have them: mobile numbers, and citizen numbers with digit or X at the end."""
    dice = random.Random(20260302)
    phones = [f"1{dice.randint(3, 9)}{dice.randint(0, 999_999_999):09d}" for _ in range(count // 2)]
    ids = [
        f"35{dice.randint(100, 999)}{dice.randint(1, 9)}{dice.randint(1950, 2007)}{dice.randint(1, 12):02d}"
        f"{dice.randint(1, 28):02d}{dice.randint(0, 999):03d}{dice.choice('0123456789Xx')}"
        for _ in range(count // 2)
    ]
    return phones + ids


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What reaches standard error; the tests' own listener for leaks is put aside, for here they are wanted."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.set_up()
    yield stream
    root.handlers = handlers
    root.setLevel(level)


WAYS = (
    "{}",
    "电话：{}，请回拨",
    "phone={}&next=/my",
    "('{}',)",
    "+86 {}",
    "line one\n{}",
    "line one\\n{}",
    '{{"phone": "{}"}}',
)


def test_ten_thousand_numbers_reach_no_line(written: io.StringIO) -> None:
    numbers = phones_and_ids(NUMBERS)
    log = logging.getLogger("anything")
    for place, number in enumerate(numbers):
        log.info(WAYS[place % len(WAYS)].format(number).replace("%", "%%"))
    lines = written.getvalue()
    assert len(lines.splitlines()) == NUMBERS
    assert [number for number in numbers if number in lines] == []
    assert lines.count(logs.BLOT) == NUMBERS


def test_arguments_extra_fields_and_tracebacks_are_blotted_too(written: io.StringIO) -> None:
    log = logging.getLogger("anything")
    log.warning("sent to %s and %r", "13850001234", {"phone": "13850001235"})
    try:
        raise ValueError("no such person: 35010219800101123X")
    except ValueError:
        log.exception("failed for 13850001236")
    text = written.getvalue()
    assert "1385000" not in text
    assert "35010219800101123X" not in text
    assert "ValueError: no such person: [personal]" in json.loads(text.splitlines()[-1])["exception"]


@pytest.mark.parametrize("text", [
    "91350100MA2XYZ1234", "2026-03-02T09:00:00", "order 138500012345678", "10538500012", "a13850001234b",
])  # fmt: skip
def test_what_is_not_personal_stays(text: str) -> None:
    assert logs.blot(text) == text


def test_the_tests_own_listener_sees_the_line_before_it_is_blotted() -> None:
    """The fixture that fails any test with personal data in a line must not look at blotted lines."""
    seen: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(record.getMessage())

    log = logging.getLogger("jinfuyun.test-of-the-listener")
    log.propagate = False
    out = logging.StreamHandler(io.StringIO())
    out.setFormatter(logging.getLogger().handlers[0].formatter)
    log.handlers = [out, Listener()]
    log.warning("13850001234")
    assert seen == ["13850001234"]
