"""What became of a delivery, in words, and its quarantined rows by reason. No database."""

from collections.abc import Iterable
from typing import NamedTuple

STATE_LABELS = {"loaded": "已入库", "partly_loaded": "部分入库", "refused": "已退回"}

# Every row of a file ends in exactly one of them.
OUTCOMES = (
    ("accepted", "入库", "通过检查的行"),
    ("superseded", "被取代", "同一主键后面还有更新的行，以新的为准"),
    ("quarantined", "待更正", "没有通过检查的行，附原因；更正后可再送"),
    ("unauthorised", "未授权", "没有生效授权书的企业的行，不保存内容，只记行数和原因"),
)


class Trouble(NamedTuple):
    """One reason, how many rows wait for it, and the first of them by their number in the file."""

    reason: str
    rows: int
    first_rows: tuple[int, ...]


NAMED_ROWS = 10


def by_reason(rows: Iterable[tuple[int, str]]) -> list[Trouble]:
    """`rows`: row number and reason; the commonest reason first."""
    found: dict[str, list[int]] = {}
    for number, reason in rows:
        found.setdefault(reason, []).append(number)
    troubles = [Trouble(reason, len(held), tuple(held[:NAMED_ROWS])) for reason, held in found.items()]
    return sorted(troubles, key=lambda one: -one.rows)
