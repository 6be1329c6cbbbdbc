"""The figures of the table, told apart by institution."""

from collections.abc import Iterable

from django.db.models import F

from jinfuyun.supervision.queries import sources
from jinfuyun.supervision.queries.counting import Span, _needs, by_kind
from jinfuyun.supervision.queries.table import BASE
from jinfuyun.supervision.rules import Count, add_up

OF_MOVE, OF_ROW = "application__institution__code", "institution__code"
# Which institution a row belongs to; a source that is not here belongs to none.
INSTITUTION_OF = {
    sources.APPLICATIONS: OF_ROW, sources.OFFERS: OF_ROW, sources.REFUSED: OF_ROW, sources.LOANS: OF_ROW,
    sources.OWED: OF_ROW, sources.INTAKES: OF_MOVE, sources.CONTACTS: OF_MOVE, sources.DECISIONS: OF_MOVE,
    sources.FUNDINGS: OF_MOVE, sources.READINGS: "reader_code", sources.QUESTIONS: "institution_code",
    sources.QUESTIONS_DUE: "institution_code",
}  # fmt: skip


def is_told_apart(name: str) -> bool:
    return all(BASE[need].source in INSTITUTION_OF for need in _needs(name))


def by_institution(names: Iterable[str], span: Span, codes: Iterable[str]) -> dict[str, dict[str, Count | None]]:
    """What these figures are made of, by the institution's code; `codes` have real zeros."""
    wanted = {need: BASE[need].source for name in names for need in _needs(name)}
    found: dict[str, dict[str, Count | None]] = {}
    for source in dict.fromkeys(wanted.values()):
        of_source = [name for name, one in wanted.items() if one is source]
        for code, places in by_kind(of_source, span, F(INSTITUTION_OF[source]), codes).items():
            found.setdefault(code, {}).update(add_up(places.values()))
    return found
