"""Draws what grows how: `python -m benchmarks.curve RUN… > growth.svg`, each RUN what a `province` run wrote, or each
what a `supervision` run wrote.

Both axes are logarithmic, so whatever grows in proportion to the number of enterprises (or events) is a line with the
slope of the dashed one.
"""

import json
import math
import re
import sys
from collections.abc import Iterable
from pathlib import Path

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 420, 70, 190, 24, 52
COLOURS = ("#0b3b82", "#0f766e", "#b3202c", "#8a5a00")
# How a curve is called → the figures it is made of, by name.
CURVES = {
    "ingest, CPU s": re.compile(r"rows of ([\d,]+) (enterprises) taken in, CPU$"),
    "ingest, memory GB": re.compile(r"rows of ([\d,]+) (enterprises) taken in, memory$"),
    "indicators, CPU s": re.compile(r"indicators of ([\d,]+) (enterprises), .*CPU$"),
    "monthly close, CPU s": re.compile(r"monthly close of ([\d,]+) (events), CPU$"),
    "close, memory GB": re.compile(r"monthly close of ([\d,]+) (events), memory"),
    "cross-tab of entries, s": re.compile(r"cross-tab over ([\d,]+) (events), entries"),
}
Points = list[tuple[float, float]]


def read(runs: Iterable[Path]) -> tuple[str, dict[str, Points]]:
    """Of what there are so many, and curve → (how many, value), fewest first."""
    counted = "enterprises"
    found: dict[str, Points] = {name: [] for name in CURVES}
    for run in runs:
        for figure in map(json.loads, run.read_text(encoding="utf-8").splitlines()):
            for name, pattern in CURVES.items():
                if of := pattern.search(figure["name"]):
                    found[name].append((float(of[1].replace(",", "")), figure["value"]))
                    counted = of[2]
    return counted, {name: sorted(points) for name, points in found.items() if points}


def draw(counted: str, curves: dict[str, Points]) -> str:
    every = [point for points in curves.values() for point in points]
    xs, ys = sorted(x for x, _ in every), sorted(y for _, y in every)
    low, high = math.floor(math.log10(ys[0])), math.ceil(math.log10(ys[-1]))
    first, last = math.log10(xs[0]), math.log10(xs[-1])

    def across(x: float) -> float:
        return LEFT + (math.log10(x) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def down(y: float) -> float:
        return TOP + (high - math.log10(y)) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>']
    for power in range(low, high + 1):
        y = down(10.0**power)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#d5deea"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{10.0**power:g}", "end"))
    parts += [_text(across(x), HEIGHT - BOTTOM + 20, f"{x:,.0f}", "middle") for x in sorted(set(xs))]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, counted, "middle"))
    for (name, points), colour in zip(curves.items(), COLOURS, strict=False):
        path = "L".join(f"{across(x):.1f} {down(y):.1f}" for x, y in points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{across(x):.1f}" cy="{down(y):.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
        x, y = points[-1]
        parts.append(_text(across(x) + 10, down(y) + 4, f"{name}: {y:,.4g}", "start", colour))
    x, y = next(iter(curves.values()))[0]
    end = min(xs[-1], x * 10**high / y)
    line = f"M{across(x):.1f} {down(y):.1f}L{across(end):.1f} {down(y * end / x):.1f}"
    parts.append(f'<path d="{line}" stroke="#52627a" stroke-dasharray="5 4"/>')
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12">\n{body}\n</svg>\n'
    )


def _text(x: float, y: float, words: str, anchor: str, colour: str = "#52627a") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


if __name__ == "__main__":
    sys.stdout.write(draw(*read(Path(each) for each in sys.argv[1:])))
