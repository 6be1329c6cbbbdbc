"""JSON Lines: one object a line, the same keys in each, values that are words, numbers, true, false or null."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jinfuyun.data.ingest import csv_text
from jinfuyun.data.ingest.refusal import FileRefused

RECORD_BYTES_MAX = 1 << 20
DIGITS_MAX = 20  # longer than any figure of a feed; a literal beyond stays as it was written
WORDS = {True: "true", False: "false", None: ""}


class _Number(str):
    """A number's literal, so that no digit of it is lost on the way."""


def as_csv(blocks: Iterator[bytes]) -> Iterator[bytes]:
    return csv_text.blocks(_lines(blocks))


def _lines(blocks: Iterator[bytes]) -> Iterator[str]:
    keys: list[str] = []
    for count, record in enumerate(_records(blocks), 1):
        row = count + 1
        found = _object(record, row, count)
        if not keys:
            keys = list(found)
            yield csv_text.line(keys)
        if found.keys() != set(keys):
            _refuse_keys(found, keys, row, count)
        yield csv_text.line([_words(found[key], key, row, place) for place, key in enumerate(keys, 1)])


def _records(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Lines that say something; none is longer than RECORD_BYTES_MAX."""
    left, count = b"", 0
    for block in blocks:
        parts = (left + block).split(b"\n")
        left = parts.pop()
        for part in [*parts, left] if len(left) > RECORD_BYTES_MAX else parts:
            if len(part) > RECORD_BYTES_MAX:
                raise FileRefused(f"第 {count + 1} 条记录超过 {RECORD_BYTES_MAX >> 20} MB。", row=count + 2)
            if part.strip():
                count += 1
                yield part
    if left.strip():
        yield left


def _object(record: bytes, row: int, count: int) -> dict[str, Any]:
    try:
        words = record.removeprefix(csv_text.UTF8_MARK).decode() if count == 1 else record.decode()
        found = json.loads(
            words, object_pairs_hook=_pairs, parse_int=_Number, parse_float=_Number, parse_constant=_constant
        )
    except UnicodeDecodeError as trouble:
        raise FileRefused(f"第 {count} 条记录不是有效的 UTF-8 文字；JSON Lines 须用 UTF-8。", row=row) from trouble
    except _Twice as twice:
        raise FileRefused(f"第 {count} 条记录里“{str(twice)[:40]}”出现了两次。", row=row) from twice
    except _NoNumber as word:
        raise FileRefused(f"第 {count} 条记录里有 {word}，不是数字。", row=row) from word
    except (ValueError, RecursionError) as trouble:
        raise FileRefused(f"第 {count} 条记录不是完整的 JSON 对象（文件可能损坏或被截断）。", row=row) from trouble
    if not isinstance(found, dict):
        raise FileRefused(f"第 {count} 条记录不是 JSON 对象。", row=row)
    if not found:
        raise FileRefused(f"第 {count} 条记录是空的。", row=row)
    return found


class _Twice(Exception):
    pass


class _NoNumber(Exception):
    pass


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Twice(key)
            seen.add(key)
    return found


def _constant(word: str) -> Any:
    raise _NoNumber(word)


def _refuse_keys(found: dict[str, Any], keys: list[str], row: int, count: int) -> None:
    """Named by the first that differs; its column where the header has one."""
    for place, key in enumerate(keys, 1):
        if key not in found:
            raise FileRefused(f"第 {count} 条记录缺少“{key[:40]}”；没有值的应写 null。", row=row, column=place)
    extra = next(key for key in found if key not in keys)
    raise FileRefused(f"第 {count} 条记录多出“{extra[:40]}”，第 1 条记录里没有。", row=row)


def _words(value: Any, key: str, row: int, place: int) -> str:
    if isinstance(value, _Number):
        return _written_out(value)
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        raise FileRefused(f"“{key[:40]}”的值是对象或列表，应当是文字或数字。", row=row, column=place)
    return WORDS[value]


def _written_out(literal: str) -> str:
    """1.0E7 as 10000000, exactly; what has no exponent stays as it was written."""
    if "e" not in literal and "E" not in literal:
        return str(literal)
    number = Decimal(literal)
    if not number.is_finite() or abs(number.adjusted()) > DIGITS_MAX or len(number.as_tuple().digits) > DIGITS_MAX:
        return str(literal)
    number = number.normalize()
    return format(number, "f")
