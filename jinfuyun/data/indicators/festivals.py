"""The months of the Spring Festival as a table, so that days can be counted without them."""

from calendar import monthrange
from dataclasses import dataclass

from jinfuyun.kit.period import SPRING_FESTIVAL_MONTHS

FIRST_YEAR, LAST_YEAR = int(SPRING_FESTIVAL_MONTHS[0][:4]), int(SPRING_FESTIVAL_MONTHS[-1][:4])


@dataclass(frozen=True, slots=True)
class Festivals:
    table: str  # joined as `f`: month, days of the festival's months before it, whether it is one itself

    # 1 for a day outside the festival's months.
    counts: str = "CASE WHEN coalesce(f.is_festival, 0) = 1 THEN 0 ELSE 1 END"

    def worked(self, day: str) -> str:
        """The number of days outside the festival's months up to and with `day`, from some beginning."""
        since = f"date_diff('day', DATE '{FIRST_YEAR}-01-01', {day})"
        return f"{since} - coalesce(f.days_before + f.is_festival * day({day}), 0)"


def _rows() -> list[str]:
    rows, before = [], 0
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for month in range(1, 13):
            is_festival = f"{year}-{month:02d}" in SPRING_FESTIVAL_MONTHS
            rows.append(f"(DATE '{year}-{month:02d}-01', {before}, {int(is_festival)})")
            before += monthrange(year, month)[1] * is_festival
    return rows


festivals = Festivals(f"(VALUES {', '.join(_rows())}) AS f(month, days_before, is_festival)")
