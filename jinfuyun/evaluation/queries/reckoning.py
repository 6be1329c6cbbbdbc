"""Counting institutions by a scheme: by the same definitions as every other figure, over a closed period."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

from django.db.models import QuerySet

from jinfuyun.evaluation.rules import UNSTATED_MONTHS, Figure, Marked, Scheme, cadence_of, mark, months_of
from jinfuyun.institutions.models import Institution
from jinfuyun.institutions.rules import State
from jinfuyun.kit import period as calendar
from jinfuyun.kit.errors import Refused
from jinfuyun.supervision.queries import BY_NAME, DERIVED, months
from jinfuyun.supervision.queries.counting import Span, by_institution, cells_of, month_span
from jinfuyun.supervision.rules import Count, cell_of, is_small


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is compared with whom."""

    code: str
    name: str
    group: str


@dataclass(frozen=True, slots=True)
class Reckoned:
    peer: Peer
    marked: Marked

    @property
    def marks(self) -> list[dict[str, object]]:
        """As they are kept."""
        return [asdict(mark) for mark in self.marked.marks]


def span_of(period: str) -> Span:
    covered = months_of(period)
    return Span(month_span(covered[0]).since, month_span(covered[-1]).until)


def checked(scheme: Scheme, period: str) -> None:
    """Raises Refused where the period is none of the scheme's, not closed, or closed by other definitions."""
    covered = months_of(period)
    if not covered or cadence_of(period) is not scheme.cadence:
        example = "2026-Q1" if scheme.cadence == "quarter" else "2026-03"
        raise Refused(f"请写明评价周期，例如 {example}。")
    closed = months.months()
    if missing := [month for month in covered if month not in closed]:
        raise Refused(f"{'、'.join(missing)} 还没有关账，不能评价。")
    names = [item.indicator for item in scheme.items]
    closed_by = months.versions(covered, names)
    if changed := [BY_NAME[name].label for name in names if closed_by.get(name, set()) - {BY_NAME[name].version}]:
        raise Refused(f"{'、'.join(changed)}的口径在 {period} 关账后有改动，不能再按新口径评价该期。")


def evaluated(scheme: Scheme, period: str) -> list[Peer]:
    """Admitted before the period was over, not gone since, of a kind that the scheme compares."""
    found = []
    for one in _there().exclude(admitted_at__gte=span_of(period).until):
        group = scheme.group_of(one.kind, one.region_code)
        found += [] if group is None else [Peer(one.code, one.name, group)]
    return found


def reckon(
    scheme: Scheme, period: str, peers: Collection[Peer], aside: Mapping[str, Collection[str]] | None = None
) -> list[Reckoned]:
    """From the rows as they are now. `aside`: by institution what does not count for it. Raises Refused."""
    checked(scheme, period)
    codes = [peer.code for peer in peers]
    names = {name for item in scheme.items for name in (item.indicator, item.sample)}
    found = by_institution(names, span_of(period), codes)
    made = []
    for peer in peers:
        cells = cells_of(found[peer.code])
        figures = {
            item.indicator: Figure(cells[item.indicator], whole(found[peer.code][item.sample])) for item in scheme.items
        }
        marked = mark(scheme, figures, (aside or {}).get(peer.code, ()))
        made.append(Reckoned(peer, marked))
    return made


def unstated() -> tuple[str, list[tuple[str, int | None]]]:
    """Of the year up to the last closed month: each institution's share of refusals without a reason, largest first.

    In basis points; None where it refused too few to say. ("", []) before any month was closed.
    """
    closed = months.months()
    if not closed:
        return "", []
    since, until = (month_span(calendar.shifted(closed[0], by)) for by in (1 - UNSTATED_MONTHS, 0))
    names = dict(_there().values_list("code", "name"))
    found = by_institution(["unstated_share"], Span(since.since, until.until), names)
    cells = [(name, cell_of(DERIVED["unstated_share"], found[code])) for code, name in names.items()]
    shares = [
        (name, None if is_small(cell.denominator) else cell.value) for name, cell in cells if cell.denominator
    ]  # fmt: skip
    return closed[0], sorted(shares, key=lambda pair: (pair[1] is None, -(pair[1] or 0)))


def _there() -> QuerySet[Institution]:
    return Institution.objects.filter(state__in=[State.ACTIVE, State.SUSPENDED]).order_by("name_key")


def whole(count: Count | None) -> int:
    assert isinstance(count, int), "a sample is a number"
    return count
