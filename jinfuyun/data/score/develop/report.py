"""What a reader of a new card should know: the same words and figures for the page (HTML) and for the paper (PDF)."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import jinja2

from jinfuyun.data.score.card import DIMENSIONS
from jinfuyun.data.score.develop.bins import Binning
from jinfuyun.data.score.develop.fit import Developed, Figures
from jinfuyun.data.score.develop.judge import Group
from jinfuyun.data.score.develop.table import Table

HERE = Path(__file__).parent
PAPER = HERE / "report.typ"
PAGE = "report.html"
NOTHING = "–"

NOTES = (
    "除注明“样本内”的以外，所有指标都来自没有参与拟合的样本：分箱、选取指标、系数和校准都只用各折之外的数据。",
    "随样本多少而定：不足 2,000 行时重复 10 次 5 折交叉验证，否则 1 次；±是各折之间的标准差，不是置信区间。",
    "证据权重（WOE）为正表示违约较少。未知是单独的一箱，最坏也只算到平均与最差一箱的正中。",
    "分组指标用来检查公平：同一组里预计违约率与实际违约率应当接近。少于 20 行或只有一种结果的组不计算区分能力。",
    "样本稳定性指数（PSI）旁边是样本量所致的平均值：接近它，就看不出差别。",
)

Row = list[str]


def contents(made: Developed, table: Table, *, source: str, target: str, on: date) -> dict[str, object]:
    """JSON-able: what both forms show."""
    figures, count = made.figures, len(table.bad)
    return {
        "title": f"{made.card.label} 开发报告",
        "date": on.isoformat(),
        "facts": [
            ["数据", source], ["目标列", target], ["样本", f"{count:,} 行"],
            ["违约", f"{int(table.bad.sum()):,} 行（{_share(float(table.bad.mean()))}）"],
            ["候选指标", f"{len(table.columns)} 个"], ["入选指标", f"{len(made.card.characteristics)} 个"],
        ],
        "power": _power(figures),
        "roc": line_chart(figures.roc, across="正常企业中的占比", up="违约企业中的占比"),
        "calibration": {
            "head": ["组", "行数", "预计违约率", "实际违约率"],
            "rows": [[str(place), f"{band.rows:,}", _share(band.expected), _share(band.seen)]
                     for place, band in enumerate(figures.calibration, 1)],
        },
        "calibration_chart": line_chart(
            [(band.expected, band.seen) for band in figures.calibration],
            across="预计违约率", up="实际违约率", marks=True),
        "groups": {
            "head": ["列", "取值", "行数", "预计违约率", "实际违约率", "AUC", "KS", "Gini", "PSI"],
            "rows": [_group(each) for each in figures.groups],
        },
        "scale": f"{made.card.scale.score} 分相当于正常与违约之比 {made.card.scale.odds:g} : 1，"
                 f"每增加 {made.card.scale.points_to_double:g} 分比值翻一倍；"
                 f"起点 {made.card.start} 分，范围 {made.card.span[0]} 至 {made.card.span[1]} 分。",
        "bins_head": ["分箱", "行数", "违约率", "WOE", "分值"],
        "characteristics": [
            {"label": each.label, "dimension": DIMENSIONS[each.dimension],
             "chosen": f"在 {_share(made.chosen.get(each.indicator, 0.0))} 的折中入选",
             "rows": _bins(cut, [*(bin.points for bin in each.bins), each.unknown])}
            for each, cut in zip(made.card.characteristics, made.model.binnings, strict=True)
        ],
        "notes": list(NOTES),
    }  # fmt: skip


def page(data: Mapping[str, object]) -> str:
    """One HTML file that needs no other."""
    loader = jinja2.FileSystemLoader(HERE)
    return jinja2.Environment(loader=loader, autoescape=True).get_template(PAGE).render(d=data)


def _power(figures: Figures) -> list[Row]:
    return [
        ["AUC", f"{figures.auc:.3f} ± {figures.auc_deviation:.3f}（{figures.splits} 折）"],
        ["Gini", f"{figures.gini:.3f}"],
        ["KS", f"{figures.ks:.3f}"],
        ["AUC（样本内）", f"{figures.seen.auc:.3f}"],
        ["PSI（拟合样本与未见样本）", f"{figures.psi:.3f}（样本量所致 {figures.psi_by_chance:.3f}）"],
    ]


def _group(each: Group) -> Row:
    power = each.power
    return [
        each.column,
        each.value,
        f"{each.rows:,}",
        _share(each.expected),
        _share(each.bad / each.rows),
        *([f"{power.auc:.3f}", f"{power.ks:.3f}", f"{power.gini:.3f}"] if power else [NOTHING] * 3),
        NOTHING if each.psi is None else f"{each.psi:.3f}",
    ]


def _bins(cut: Binning, worth: Sequence[int]) -> list[Row]:
    return [
        [name, f"{int(rows):,}", _share(bad / rows) if rows else NOTHING, f"{weight:+.2f}", f"{points:+d}"]
        for name, rows, bad, weight, points in zip(_names(cut), cut.rows, cut.bad, cut.weights, worth, strict=True)
    ]


def _names(cut: Binning) -> list[str]:
    if cut.groups:
        return [*("、".join(group) for group in cut.groups), "未知"]
    ends = [f"{edge:,.10g}" for edge in cut.edges]
    if not ends:
        return ["全部", "未知"]
    between = [f"{low} 至不足 {high}" for low, high in itertools.pairwise(ends)]
    return [f"不足 {ends[0]}", *between, f"{ends[-1]} 及以上", "未知"]


def _share(share: float) -> str:
    return f"{share:.1%}"


SIDE, EDGE = 260, 34  # of a chart, in its own units


def line_chart(points: Sequence[tuple[float, float]], *, across: str, up: str, marks: bool = False) -> str:
    """SVG of shares against shares, with the diagonal. The axes end at the largest share there is, at most 1."""
    most = min(1.0, max([max(point) for point in points], default=1.0) * 1.05) or 1.0
    places = [(EDGE + x / most * SIDE, SIDE + 10 - y / most * SIDE) for x, y in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#0b3a75"/>' for x, y in places) if marks else ""
    low, right = SIDE + 10, SIDE + EDGE
    words = 'font-family="Noto Sans SC, sans-serif" font-size="11" fill="#52627a"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right + 12} {low + 36}">'
        f'<rect x="{EDGE}" y="10" width="{SIDE}" height="{SIDE}" fill="none" stroke="#c9d3e0"/>'
        f'<line x1="{EDGE}" y1="{low}" x2="{right}" y2="10" stroke="#c9d3e0" stroke-dasharray="4 4"/>'
        f'<polyline points="{path}" fill="none" stroke="#0b3a75" stroke-width="2"/>{dots}'
        f'<text x="{EDGE}" y="{low + 14}" {words}>0</text>'
        f'<text x="{right}" y="{low + 14}" text-anchor="end" {words}>{_share(most)}</text>'
        f'<text x="{EDGE + SIDE / 2}" y="{low + 30}" text-anchor="middle" {words}>{across}</text>'
        f'<text transform="translate(16 {10 + SIDE / 2}) rotate(-90)" text-anchor="middle" {words}>{up}</text></svg>'
    )
