"""How much of what is sold and bought lies with a few: a bar of a hundred percent a side, cut where the few end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jinfuyun.kit.money import percent
from jinfuyun.reports.charts.sheet import BLUE, INK, QUIET, WIDTH, Chart, legend, sheet, words

WHOLE_BP = 10_000
FROM, TILL = 150, WIDTH - 18
TOP, ROW, THICK = 40, 52, 26
SAID_FROM = 46  # a part narrower than this has no room for its figure
PALE, WHITE = "#b9cbe3", "#ffffff"
PARTS = (("第一大", BLUE, WHITE), ("第二至五大", PALE, INK), ("其余", WHITE, INK))  # label, fill, words on it


@dataclass(frozen=True, slots=True)
class Side:
    """Customers or suppliers: the share of the largest and of the five largest, in basis points."""

    label: str
    largest_bp: int
    five_bp: int

    @property
    def parts(self) -> tuple[int, int, int]:
        return self.largest_bp, max(self.five_bp - self.largest_bp, 0), max(WHOLE_BP - self.five_bp, 0)


def concentration(sides: Sequence[Side]) -> Chart | None:
    """None where neither side is known."""
    if not sides:
        return None
    told = "".join(
        f"{side.label}：第一大占 {percent(side.largest_bp)}，前五大占 {percent(side.five_bp)}。" for side in sides
    )
    samples = ((_sample(fill), label, INK) for label, fill, _ in PARTS)
    drawn = [*legend(*samples)]
    for row, side in enumerate(sides):
        drawn += _bar(side, TOP + row * ROW)
    return sheet("chart-shares", "客户与供应商集中度", told, drawn, height=TOP + ROW * len(sides))


def _sample(fill: str) -> str:
    return f'<rect x="0" y="-9" width="11" height="11" fill="{fill}" stroke="{BLUE}" stroke-width="1"/>'


def _bar(side: Side, y: int) -> Iterable[str]:
    yield words(FROM - 12, y + THICK / 2 + 4, side.label, anchor="end", fill=INK, size=12, weight=700)
    x = float(FROM)
    for part, (_, fill, ink) in zip(side.parts, PARTS, strict=True):
        width = part / WHOLE_BP * (TILL - FROM)
        if width > 0:
            frame = f'x="{x:.1f}" y="{y}" width="{width:.1f}" height="{THICK}"'
            yield f'<rect {frame} fill="{fill}" stroke="{BLUE}" stroke-width="1"/>'
        if width >= SAID_FROM:
            yield words(x + width / 2, y + THICK / 2 + 4, percent(part, 1), anchor="middle", fill=ink, weight=700)
        x += width
    yield words(TILL, y + THICK + 14, "100%", anchor="end", fill=QUIET, size=10)
