"""What a figure is made of, and the arithmetic between figures. No database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

# A public figure about fewer than this many enterprises could point at one of them.
SMALL_CELL = 5


class Unit(StrEnum):
    """What a figure counts. Money is fen and shares are basis points; doors write them as people read them."""

    ACCOUNT = "个"
    ENTERPRISE = "户"
    INSTITUTION = "家"
    PRODUCT = "款"
    APPLICATION = "笔"
    READING = "次"
    FEN = "fen"
    BP = "bp"


class Group(StrEnum):
    ENTERPRISES = "企业"
    MARKET = "机构与产品"
    APPLICATIONS = "申请与批复"
    LOANS = "放款"
    KINDS = "首贷与信用贷"
    READINGS = "报告查询"


class Moment(StrEnum):
    """The time rule of a figure."""

    NOW = "统计时刻的存量"
    EVER = "平台运行以来累计"


@dataclass(frozen=True, slots=True)
class Share:
    """One figure of the table in another, as basis points."""

    part: str
    whole: str


Values = Mapping[str, int | None]


def share_bp(part: int | None, whole: int | None) -> int | None:
    """Rounded half up; of nothing there is no share."""
    if part is None or not whole:
        return None
    return (part * 20_000 + whole) // (2 * whole)


def with_shares(values: Values, shares: Mapping[str, Share]) -> dict[str, int | None]:
    """The counted values and the shares between them."""
    found = {name: share_bp(values.get(one.part), values.get(one.whole)) for name, one in shares.items()}
    return {**values, **found}


def add_up(rows: Iterable[Values]) -> dict[str, int | None]:
    """Sums by name; what no row knows stays unknown."""
    total: dict[str, int | None] = {}
    for row in rows:
        for name, value in row.items():
            before = total.get(name)
            total[name] = before if value is None else (before or 0) + value
    return total


def is_small(count: int | None) -> bool:
    """Whether so few stand behind a figure that it must not be public; none at all points at nobody."""
    return count is not None and 0 < count < SMALL_CELL
