"""What supervision reads: the table of definitions, counting by it, and closed months."""

from jinfuyun.supervision.queries.counting import Overview, month_span, overview, public
from jinfuyun.supervision.queries.table import (
    BY_NAME,
    DERIVED,
    INDICATORS,
    MONTHLY,
    PARTS,
    PROMISED,
    Indicator,
)
from jinfuyun.supervision.queries.terms import UNANSWERED

__all__ = [
    "BY_NAME", "DERIVED", "INDICATORS", "MONTHLY", "PARTS", "PROMISED", "UNANSWERED", "Indicator", "Overview",
    "month_span", "overview", "public",
]  # fmt: skip
