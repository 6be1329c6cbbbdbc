"""Small drawings as figures only: the page writes the element."""

from collections.abc import Sequence

WIDTH, HEIGHT, MARGIN = 160, 36, 4


def line(values: Sequence[float], *, low: float, high: float) -> str:
    """`points` of an SVG polyline in a box of WIDTH × HEIGHT, oldest on the left; "" for fewer than two values."""
    if len(values) < 2:
        return ""
    step, span = (WIDTH - 2 * MARGIN) / (len(values) - 1), max(high - low, 1e-9)
    return " ".join(
        f"{MARGIN + place * step:.1f},{HEIGHT - MARGIN - (value - low) / span * (HEIGHT - 2 * MARGIN):.1f}"
        for place, value in enumerate(values)
    )
