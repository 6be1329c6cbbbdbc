"""What a month's bulletin may say: the closed figures, and which of them no reader may learn."""

from collections.abc import Iterable
from dataclasses import dataclass

from jinfuyun.kit import period, regions
from jinfuyun.kit.regions import Region
from jinfuyun.supervision.models import Bulletin, Closing, Snapshot
from jinfuyun.supervision.queries import slices
from jinfuyun.supervision.queries.counting import ELSEWHERE, behind
from jinfuyun.supervision.queries.months import Cells, NotClosed, closings, standing
from jinfuyun.supervision.queries.structure import DIMENSIONS, UNSTATED
from jinfuyun.supervision.queries.table import BY_NAME, DERIVED
from jinfuyun.supervision.rules import UNKNOWN, Cell, Place, Share, Unit, hidden, is_small, with_sums

TREND_MONTHS = 13
WITH, WITHOUT = "with", "without"  # the province's two totals
# Counts that are published by city: the whole, and the one part of it whose rest must stay unknown too.
FAMILIES = (("authenticated", "consented"), ("applied", ""), ("approved", ""), ("funded", "unsecured"),
            ("borrowers", "first"))  # fmt: skip
# 担保方式 would say once more how many were unsecured: one table of kinds for each count.
KINDS = ("size", "industry", "institution", "term")


@dataclass(frozen=True, slots=True)
class Published:
    """A closed month. `gone`: by count the places (a city's code, WITH, WITHOUT) where it is not published."""

    month: str
    cells: Cells
    cities: tuple[Region, ...]
    gone: dict[str, frozenset[str]]

    def cell(self, name: str, place: str) -> Cell:
        if place in (WITH, WITHOUT):
            return self.cells.get((name, regions.PROVINCE_CODE, place == WITH), UNKNOWN)
        return self.cells.get((name, place, True), UNKNOWN)

    def is_open(self, name: str, place: str) -> bool:
        """Of the province also where a share or a count outside the families would tell a small number or rest."""
        if any(place in self.gone.get(count, ()) for count in behind(name)):
            return False
        others = [count for count in behind(name) if count not in self.gone]
        told = [self.cell(count, at).value for count in others for at in (WITH, WITHOUT, regions.XIAMEN)]
        if _is_of_counts(name):
            for at in (WITH, WITHOUT, regions.XIAMEN):
                cell = self.cell(name, at)
                told += [cell.numerator, (cell.denominator or 0) - (cell.numerator or 0)]
        return not any(map(is_small, told))


@dataclass(frozen=True, slots=True)
class Kind:
    """Drawdowns of one kind, with Xiamen and without; None: not published."""

    label: str
    funded: tuple[int | None, int | None]
    funded_fen: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Issue:
    """What one edition is made of. `last`, `year`: None where that month is not closed."""

    closing: Closing
    now: Published
    last: Published | None
    year: Published | None
    trend: tuple[tuple[str, Published | None], ...]
    kinds: tuple[tuple[str, tuple[Kind, ...]], ...]
    corrected: tuple[str, ...]  # labels
    versions: dict[str, int]


def unmade(month: str = "") -> list[Closing]:
    """Closings without their bulletin, the oldest first. Raises NotClosed."""
    if month and not closings(month):
        raise NotClosed(f"{month} 还没有关账，关账以后才能制作简报。")
    found = Closing.objects.filter(bulletin=None).order_by("month", "nth")
    return list(found.filter(month=month) if month else found)


def made() -> list[Bulletin]:
    return list(Bulletin.objects.select_related("closing").defer("content"))


def by_number(number: str) -> Bulletin | None:
    return Bulletin.objects.select_related("closing").filter(number=number).first()


def issue(closing: Closing) -> Issue:
    """The month as it stood with this closing; earlier months as they stand."""
    month = closing.month
    earlier = [period.shifted(month, back) for back in range(1 - TREND_MONTHS, 0)]
    stood = standing(earlier) | standing([month], nth=closing.nth)
    found = {each: published(each, stood[each]) if each in stood else None for each in (*earlier, month)}
    now = found[month]
    assert now is not None, "a closing without figures"
    own = Snapshot.objects.filter(closing=closing)
    changed = set(own.values_list("indicator", flat=True)) if closing.nth else set()
    stated = Snapshot.objects.filter(closing__month=month, closing__nth__lte=closing.nth).order_by("closing__nth")
    return Issue(
        closing, now, found[period.shifted(month, -1)], found[period.shifted(month, -12)], tuple(found.items()),
        tuple(_kinds(closing, now)), tuple(one.label for one in BY_NAME.values() if one.name in changed),
        dict(stated.values_list("indicator", "version")),
    )  # fmt: skip


def published(month: str, cells: Cells) -> Published:
    cities = tuple(
        city for city in (*regions.CITIES, ELSEWHERE)
        if city is not ELSEWHERE or any(cells.get((name, "", True), UNKNOWN).value for name, _ in FAMILIES)
    )  # fmt: skip
    places = [*(city.code for city in cities), WITH]
    gone: dict[str, frozenset[str]] = {}
    for whole, part in FAMILIES:
        rows = {
            name: [cells.get((name, city.code, True), UNKNOWN).value or 0 for city in cities] for name in (whole, part)
        }
        rest = [max(all_ - some, 0) for all_, some in zip(rows[whole], rows[part], strict=True)]
        found = hidden(with_sums([rows[part], rest] if part else [rows[whole]]))
        last = 2 if part else 1
        gone[whole] = _places(found, {last} if part else {0, last}, places)
        if part:
            gone[part] = _places(found, {0}, places)
    return Published(month, cells, cities, gone)


def _places(found: set[Place], rows: set[int], places: list[str]) -> frozenset[str]:
    """Less Xiamen the sum is another: it gives the one or the other away, so it is shown where both are."""
    gone = {places[c] for r, c in found if r in rows}
    return frozenset(gone | {WITHOUT} if gone & {WITH, regions.XIAMEN} else gone)


def _is_of_counts(name: str) -> bool:
    made = DERIVED.get(name)
    parts = (made.part, made.whole) if isinstance(made, Share) else ()
    return BY_NAME[name].unit is Unit.BP and all(BY_NAME[one].unit is not Unit.FEN for one in parts if one in BY_NAME)


def _kinds(closing: Closing, now: Published) -> Iterable[tuple[str, tuple[Kind, ...]]]:
    """Nothing where the sum itself is not published."""
    if now.gone["funded"] & {WITH, WITHOUT}:
        return
    for by in KINDS:
        dimension = DIMENSIONS[by]
        found = slices.standing(closing.month, by, nth=closing.nth)
        if not found:
            continue
        kinds = [kind for kind in dict.fromkeys((*dimension.labels, *sorted(found))) if kind in found]
        sums = {kind: [_sums(found[kind], name) for name in ("funded", "funded_fen")] for kind in kinds}
        gone = hidden(with_sums([[all_ - rest, rest] for (all_, rest), _ in sums.values()]))
        if (len(sums), 2) in gone or (len(sums), 1) in gone:
            continue
        yield dimension.label, tuple(
            Kind(dimension.labels.get(kind, UNSTATED), *(
                (None if (row, 2) in gone else all_, None if (row, 1) in gone else rest) for all_, rest in both
            ))
            for row, (kind, both) in enumerate(sums.items())
        )  # fmt: skip


def _sums(places: dict[str, dict[str, int]], name: str) -> tuple[int, int]:
    """With Xiamen, and without."""
    counts = {city: counts.get(name, 0) for city, counts in places.items()}
    return sum(counts.values()), sum(counts.values()) - counts.get(regions.XIAMEN, 0)
