"""Which products fit one enterprise and why not, and in which order they are shown. No database.

Order: what fits, then what cannot be said for want of data, then what does not fit; among these the yearly all-in cost
for the amount and term asked for, lowest first; then the working days in which the institution was seen to decide,
fewest first, unseen last; then the name. Nothing else goes in: an institution cannot pay for a place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from jinfuyun.kit import industries, regions
from jinfuyun.kit.conditions import (
    FEN_PER_WAN,
    TITLE_WORDS,
    Condition,
    Finding,
    Group,
    Value,
    Values,
    Verdict,
    borrowers,
    grouped,
    judge,
    overall,
    unmet,
)
from jinfuyun.kit.lending import Size

ORDER = (
    "排序规则：先看是否满足条件（满足、缺数据、不满足），再看按您的金额和期限、利率取公布区间中间值算出的综合年化成本（从低到高），"
    "再看该机构近 12 个月实际审批用时的中位数（从短到长，样本不足的排后），最后按名称。机构不能付费影响排序。"
)
FAR = 1 << 60  # behind everything that is known


@dataclass(frozen=True, slots=True)
class Person:
    """What the platform knows of an enterprise without anybody's data."""

    region_code: str
    industry_code: str
    is_individual: bool


def values_of(person: Person, facts: Mapping[str, Any], titles: Iterable[str] | None, sizes: Sequence[Any]) -> Values:
    """Facts by indicator and attributes, as conditions speak of them. `titles` None: no register told."""
    size = size_of(person.industry_code, facts.get("insured_people"), facts.get("declared_sales_r12"), sizes)
    grade = facts.get("tax_grade")
    known: dict[str, Value] = {name: value for name, value in facts.items() if isinstance(value, int)}
    return known | {
        "region": person.region_code or None,
        "industry": person.industry_code or None,
        "size": str(size) if size else None,
        "borrower": borrowers(person.is_individual, size),
        "tax_grade": grade if isinstance(grade, str) else None,
        "titles": None if titles is None else TITLE_WORDS.intersection(titles),
    }


def size_of(industry_code: str, people: int | None, sales_fen: int | None, sizes: Sequence[Any]) -> Size | None:
    """Reckoned from insured people and declared sales; None where the trade or a figure is not known."""
    row = next((each for each in sizes if each["from"] <= industry_code <= each["to"]), None)
    if row is None or industries.find_division(industry_code) is None:
        return None
    for size in (Size.LARGE, Size.MEDIUM, Size.SMALL):
        people_min, sales_wan_min = row[size.value]
        pairs = [(people, people_min), (sales_fen, sales_wan_min and sales_wan_min * FEN_PER_WAN)]
        asked = [(found, least) for found, least in pairs if least is not None]
        if any(found is None for found, _ in asked):
            return None
        if all(found >= least for found, least in asked if found is not None):
            return size
    return Size.MICRO


def size_sql(sizes: Sequence[Any]) -> str:
    """`size_of` over the columns industry, insured_people and declared_sales_r12; NULL where it is not known."""
    codes = [division.code for division in industries.DIVISIONS]
    return "CASE" + "".join(_sizes_sql(row, codes) for row in sizes) + " END"


def _sizes_sql(row: Mapping[str, Any], codes: Sequence[str]) -> str:
    trades = ", ".join(f"'{code}'" for code in codes if row["from"] <= code <= row["to"])
    steps = []
    for size in (Size.LARGE, Size.MEDIUM, Size.SMALL):
        people_min, sales_wan_min = row[size.value]
        limits = {"insured_people": people_min, "declared_sales_r12": sales_wan_min and sales_wan_min * FEN_PER_WAN}
        asked = {name: least for name, least in limits.items() if least is not None}
        unknown = " OR ".join(f"{name} IS NULL" for name in asked) or "false"
        enough = " AND ".join(f"{name} >= {least}" for name, least in asked.items()) or "true"
        steps.append(f" WHEN {unknown} THEN NULL WHEN {enough} THEN '{size.value}'")
    return f" WHEN industry IN ({trades}) THEN CASE{''.join(steps)} ELSE '{Size.MICRO.value}' END"


# `kit.conditions.borrowers` over is_individual and size.
BORROWER_SQL = (
    "CASE WHEN is_individual THEN ['sole_trader', 'small_owner'] WHEN size IN ('medium', 'large') THEN ['company']"
    " ELSE ['company', 'small_owner'] END"
)


class Entry(NamedTuple):
    """A product of the catalogue: `asks` points into its conditions."""

    code: str
    asks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All products of the market, each distinct condition once: an enterprise is judged by it once too."""

    conditions: tuple[Condition, ...]
    entries: tuple[Entry, ...]
    groups: tuple[Group, ...]

    @classmethod
    def of(cls, asked: Iterable[tuple[str, Iterable[Condition]]]) -> "Catalogue":
        places: dict[Condition, int] = {}
        entries = tuple(
            Entry(code, tuple(places.setdefault(each, len(places)) for each in conditions))
            for code, conditions in asked
        )
        return cls(tuple(places), entries, grouped(places))


class Match(NamedTuple):
    """How a product fits: `against` are the findings that are not met, missed ones first."""

    code: str
    verdict: Verdict
    against: tuple[Finding, ...]


def match(catalogue: Catalogue, values: Values) -> list[Match]:
    """Every product of the catalogue, in its order, with every reason."""
    against, matches = unmet(catalogue.groups, values), []
    for code, asks in catalogue.entries:
        stands = [against[place] for place in asks if place in against]
        if stands:
            stands.sort(key=_VERDICT)
            matches.append(Match(code, stands[0].verdict, tuple(stands)))
        else:
            matches.append(Match(code, Verdict.MET, ()))
    return matches


_VERDICT = attrgetter("verdict")


def findings_of(conditions: Iterable[Condition], values: Values) -> tuple[Verdict, list[Finding]]:
    """All of one product or policy, met ones too, as published."""
    found = [judge(each, values) for each in conditions]
    return overall(found), found


class Offered(NamedTuple):
    """What the order looks at."""

    code: str
    name: str
    verdict: Verdict
    in_range: bool  # does it lend this amount for this term
    yearly_bp: int | None
    decided_days: float | None


def rank(offered: Iterable[Offered]) -> list[Offered]:
    """In the order that ORDER describes; what does not lend the amount or term stands with what does not fit."""
    return sorted(offered, key=_place)


def _place(one: Offered) -> tuple[int, int, float, str, str]:
    fits = one.verdict if one.in_range else Verdict.MISSED
    cost = FAR if one.yearly_bp is None else one.yearly_bp
    return (-fits, cost, FAR if one.decided_days is None else one.decided_days, one.name, one.code)


def in_force(values: Mapping[date, Any], on: date) -> Any:
    """The value of a dated table on that day; before the first one, the first."""
    days = sorted(values)
    return values[max((day for day in days if day <= on), default=days[0])]


def region_of(code: str) -> str:
    """Today's code of a county or city; a code that no longer stands, as its county stands now."""
    standing = regions.standing(code)
    return standing.code if standing else code
