"""The score's dimensions as a figure with a corner each, for page and paper. What is unknown has none. Pure."""

import math
from collections.abc import Iterator, Sequence
from html import escape

WIDTH, HEIGHT, RADIUS = 360, 300, 98
CENTRE = (180.0, 152.0)
RINGS = (25, 50, 75, 100)
FONT = "Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
BLUE, INK, QUIET, LINE = "#0b3a75", "#152238", "#52627a", "#d5dde8"

Corner = tuple[str, int | None]  # label; 0 to 100, None: unknown


def radar(corners: Sequence[Corner]) -> str:
    """SVG of three corners or more, the first at the top, clockwise. Attributes only, told in words."""
    told = "，".join(f"{label} {'未知' if share is None else share}" for label, share in corners)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart radar" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-labelledby="radar-title radar-desc" font-family="{FONT}">'
        f'<title id="radar-title">评分的五个维度</title><desc id="radar-desc">{escape(told)}（满分 100）。</desc>'
        f"{''.join(_drawn(corners))}</svg>"
    )


def _drawn(corners: Sequence[Corner]) -> Iterator[str]:
    count = len(corners)
    for ring in RINGS:
        points = " ".join(_at(i, count, ring) for i in range(count))
        yield f'<polygon points="{points}" fill="none" stroke="{QUIET if ring == 100 else LINE}" stroke-width="1"/>'
    for i, (_, share) in enumerate(corners):
        dashes = ' stroke-dasharray="3 4"' if share is None else ""
        yield f'<path d="M{_at(i, count, 0)}L{_at(i, count, 100)}" stroke="{LINE}" stroke-width="1"{dashes}/>'
    known = [(i, share) for i, (_, share) in enumerate(corners) if share is not None]
    if len(known) > 2:
        points = " ".join(_at(i, count, share) for i, share in known)
        yield f'<polygon points="{points}" fill="{BLUE}" fill-opacity=".14" stroke="{BLUE}" stroke-width="2"/>'
    for i, share in known:
        x, y = _at(i, count, share).split(",")
        yield f'<circle cx="{x}" cy="{y}" r="3.4" fill="#ffffff" stroke="{BLUE}" stroke-width="1.8"/>'
    for i, (label, share) in enumerate(corners):
        yield _label(i, count, label, share)


def _label(i: int, count: int, label: str, share: int | None) -> str:
    x, y = (float(part) for part in _at(i, count, 119).split(","))
    anchor = "middle" if abs(x - CENTRE[0]) < 10 else "start" if x > CENTRE[0] else "end"
    told = "未知" if share is None else str(share)
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="13" text-anchor="{anchor}" fill="{INK}">{escape(label)}'
        f'<tspan dx="5" font-weight="700" fill="{QUIET if share is None else BLUE}">{told}</tspan></text>'
    )


def _at(i: int, count: int, share: float) -> str:
    angle = 2 * math.pi * i / count - math.pi / 2
    reach = RADIUS * share / 100
    return f"{CENTRE[0] + reach * math.cos(angle):.1f},{CENTRE[1] + reach * math.sin(angle):.1f}"
