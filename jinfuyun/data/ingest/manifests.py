"""What a deliverer says of its file beforehand; a file of which anything is otherwise is not taken in at all.

`{"rows": 3, "sum": {"金额（元）": "1024.50"}, "sha256": "…", "covers_until": "2026-10-31"}`: rows without header and
blank lines; totals in the file's own unit, over every row whose cell can be read; the day to which the file tells all
there is of everybody on the list of those who consented, left out where it is but a part.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec

from jinfuyun.data.departments.contract import Column, Feed, Kind
from jinfuyun.data.ingest.refusal import FileRefused
from jinfuyun.data.lake.engine import Engine, quoted

# How many of what is kept make one of what the file says.
UNITS = {Kind.MONEY: 100, Kind.WAN: 1_000_000, Kind.COUNT: 1, Kind.QUANTITY: 1}
TOTAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,6})?")
SHA256 = re.compile(r"[0-9a-f]{64}")


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sha256: str
    rows: int | None = None
    sum: Mapping[str, str | int | float] = msgspec.field(default_factory=dict)
    covers_until: date | None = None


@dataclass(frozen=True, slots=True)
class _Total:
    column: Column
    said: Decimal  # as kept: fen, pieces

    def words(self, kept: Decimal) -> str:
        return format((kept / UNITS[self.column.kind]).normalize(), "f")


def read(content: bytes) -> Manifest:
    """Raises FileRefused."""
    try:
        found = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as trouble:
        raise FileRefused('清单应当形如 {"rows": 行数, "sum": {"列名": 合计}, "sha256": "…"}。') from trouble
    if found.rows is None or found.rows < 0 or not SHA256.fullmatch(found.sha256):
        raise FileRefused("清单里的行数或 SHA-256 写法不对。")
    return found


def check_bytes(manifest: Manifest, sha256: str) -> None:
    if manifest.sha256 != sha256:
        raise FileRefused(f"文件与清单不符：SHA-256 清单 {manifest.sha256[:12]}…，文件 {sha256[:12]}…。")


def check_reach(manifest: Manifest, today: date) -> None:
    if manifest.covers_until and manifest.covers_until > today:
        raise FileRefused(f"清单里的截至日期 {manifest.covers_until} 晚于今天。")


def check_rows(manifest: Manifest, delivered: int) -> None:
    if manifest.rows is not None and manifest.rows != delivered:
        raise FileRefused(f"文件与清单不符：{_rows(manifest, delivered)}。")


def check_counts(manifest: Manifest, feed: Feed, engine: Engine, *, delivered: int) -> None:
    """After the load and before its release: the engine's `total` has the sums over every row that was delivered."""
    differs = [_rows(manifest, delivered)] if manifest.rows not in (None, delivered) else []
    for label, said in manifest.sum.items():
        total = _total(feed, label, said)
        kept, unread = engine.row(
            "SELECT coalesce(sum(kept), 0), coalesce(sum(unread), 0)::BIGINT FROM total"
            f" WHERE name = {quoted(total.column.name)}"
        )
        if Decimal(kept) != total.said:
            there = total.words(Decimal(kept)) + (f"（另有 {unread} 行没有可读的值）" if unread else "")
            differs.append(f"“{label}”合计清单 {total.words(total.said)}，文件 {there}")
    if differs:
        raise FileRefused(f"文件与清单不符：{'；'.join(differs)}。")


def _rows(manifest: Manifest, delivered: int) -> str:
    return f"行数清单 {manifest.rows}，文件 {delivered}"


def _total(feed: Feed, label: str, said: str | int | float) -> _Total:
    column = next((column for column in feed.columns if label in column.headers), None)
    if column is None:
        raise FileRefused(f"清单里的“{label[:40]}”不是“{feed.label}”的列。")
    if column.kind not in UNITS:
        raise FileRefused(f"清单里的“{label[:40]}”不是数字列，不能合计。")
    if not TOTAL.fullmatch(str(said)):
        raise FileRefused(f"清单里“{label[:40]}”的合计写法不对。")
    return _Total(column, Decimal(str(said)) * UNITS[column.kind])
