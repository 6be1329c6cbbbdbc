"""Every figure on the regulator's pages is what its definition counts when it is counted anew, from the rows."""

import pytest
from django.utils import timezone

from jinfuyun.kit import regions
from jinfuyun.supervision import actions
from jinfuyun.supervision.queries import BY_NAME, INDICATORS, PARTS, cross
from jinfuyun.supervision.queries.counting import (
    Span,
    by_kind,
    counted,
    month_span,
    total_of,
    values_of,
)
from jinfuyun.supervision.queries.structure import DIMENSIONS
from jinfuyun.supervision.rules import add_up
from jinfuyun.web import figures
from jinfuyun.web.regulator.funnel import STEPS
from tests.supervision import scene
from tests.web.inside import inside
from tests.web.test_traced_figures import regulator
from tests.web.traced import Figure, Traced

__all__ = ("regulator",)
MARCH = "2026-03"
PROVINCE = "全省（含厦门）"


@pytest.fixture
def closed(db, red_star_owner):
    scene.three_cities(red_star_owner)
    actions.close(month=MARCH, by=scene.regulator("350000"), at=timezone.now())


@pytest.fixture
def page(closed, regulator):
    visitor = inside(regulator)
    return lambda path: Traced(visitor.get(path).content.decode()).figures


def span_of(month):
    return month_span(month) if month else Span(None, timezone.now())


def anew(month):
    """By place: the province, each city, each county of 福州."""
    found = counted(BY_NAME, span_of(month))
    of = {city.name: values_of(found[city.code]) for city in regions.CITIES}
    counties = {one.code: one.name for one in regions.COUNTIES if one.city == "350100"}
    below = counted(["funded_fen"], span_of(month), place_of=str, places=counties)
    return of | {PROVINCE: values_of(total_of(found, with_xiamen=True))} | {
        name: values_of(below[code]) for code, name in counties.items()
    }  # fmt: skip


def short(name, values):
    return figures.short(BY_NAME[name], values[name])


def drawn(name, of):
    """The texts of the map, on which 平潭 is no place of its own."""
    return "".join(f"{city.name[:2]}{short(name, of[city.name])}" for city in regions.CITIES[:-1])


def step(figure: Figure, total) -> str:
    """A cell of the funnel, by hand from the two steps beside each other."""
    place = next(nth for nth, (name, _) in enumerate(STEPS) if BY_NAME[name].label == figure.row)
    name, reasons = STEPS[place]
    one, value = BY_NAME[name], total[name]
    if figure.column == "数量":
        return f"{value:,} {one.unit}"
    if figure.column.startswith("减少的原因"):
        return "；".join(f"{BY_NAME[r].label.split('：')[-1]} {total[r]}" for r in reasons if total[r]) or "—"
    before = STEPS[place - 1][0] if place else name
    if not place or BY_NAME[before].unit is not one.unit:
        return "—"
    if figure.column == "减少":
        return f"{max(total[before] - value, 0):,}"
    return f"{value / total[before]:.2%}" if total[before] else "—"


def cockpit(figure: Figure, of, months) -> str | None:
    """What has to stand there; None: in a chart, which has it among others."""
    total, city = of[PROVINCE], {name.removesuffix("市").removesuffix("综合实验区"): name for name in of}
    if figure.column in ("数量", "较上一环节", "减少", "减少的原因（笔）"):
        return step(figure, total)
    if figure.row in months:
        return short(figure.names, months[figure.row]) if months[figure.row] else "—"
    if figure.row in of:
        return short(figure.names, of[figure.row])
    if figure.row:  # the table of all figures: a row for each
        return short(figure.names, of[city.get(figure.column, figure.column)])
    return None


@pytest.mark.parametrize("month", ["", MARCH])
def test_every_figure_of_the_cockpit_is_counted_anew(page, month):
    of = anew(month)
    months = {f"{year}-{nth:02}": None for year in (2025, 2026) for nth in range(1, 13)} | {
        MARCH: anew(MARCH)[PROVINCE]
    }
    shown = page(f"/regulator?month={month}&figure=funded_fen&city=350100")
    cells = [(one, cockpit(one, of, months)) for one in shown]
    assert [(one, wanted) for one, wanted in cells if wanted is not None and one.text != wanted] == []
    cards = {one.names: one.text for one, wanted in cells if wanted is None and one.names in BY_NAME}
    for one in INDICATORS if not month else [one for one in INDICATORS if one.moment != "LIVE"]:
        value = of[PROVINCE][one.name]
        if one.name in cards and one.name != "funded_fen":
            text, unit = figures.spoken(one, value)
            assert cards[one.name].startswith(f"{one.label}{text}{unit if value is not None else '口径'}"), one.name
    assert len(cards) > 80 and len(shown) > 900 and of["鼓楼区"]["funded_fen"] == 150 * scene.WAN


def test_charts_and_map_have_the_numbers_of_their_tables(page):
    of = anew(MARCH)
    charts = [one.text for one in page(f"/regulator?month={MARCH}&figure=funded_fen") if not one.row]
    [spread] = [text for text in charts if text.startswith("福州")]
    assert spread == drawn("funded_fen", of)
    [trend] = [text for text in charts if "走势" in text]
    assert "最高 2026-03 350 万元" in trend and trend.endswith("350 万元放款金额")
    [funnel] = [text for text in charts if text.startswith("融资漏斗")]
    for name, _ in STEPS:
        assert f"{of[PROVINCE][name]} {BY_NAME[name].unit}" in funnel, name


@pytest.mark.parametrize("by", list(DIMENSIONS))
@pytest.mark.parametrize("month", ["", MARCH])
def test_every_figure_of_the_structure_is_counted_anew(page, by, month):
    one, names = DIMENSIONS[by], ("funded", "funded_fen", "first_share", "unsecured_share", "rate")
    found = by_kind([*names, "first_fen", "unsecured_fen"], span_of(month), one.kind, one.labels)
    rows = {one.labels.get(kind, "未注明"): values_of(add_up(of.values())) for kind, of in found.items()}
    rows["合计"] = values_of(add_up(of for cities in found.values() for of in cities.values()))
    shown = [figure for figure in page(f"/regulator/structure?by={by}&month={month}") if figure.row]
    own = [figure for figure in shown if figure.column not in {*(city.name for city in regions.CITIES), "合计"}]
    assert {figure.row for figure in own} == set(rows)
    assert [figure for figure in own if figure.text != short(figure.names, rows[figure.row])] == []
    # Numbers under five, and those that would give them away, are stars: here that is every number but none at all.
    public = [figure for figure in shown if figure not in own]
    assert public and {figure.text for figure in public} <= {"*", "0"}


def test_every_figure_on_the_wall_is_counted_anew(page):
    of = anew("")
    total, shown = of[PROVINCE], page("/regulator/wall/now")
    cards = [one for one in shown if one.names in BY_NAME][:8]
    for name, text, *_ in cards:
        one = BY_NAME[name]
        assert text.startswith("".join((one.label, *figures.spoken(one, total[name])))), name
    [spread] = [one.text for one in shown if "分市" in one.text]
    rows = "".join(
        f"{city.name.removesuffix('综合实验区')}{short('consented', of[city.name])}" for city in regions.CITIES
    )
    assert spread == drawn("consented", of) + "授权企业数分市" + rows
    [funnel] = [one.text for one in shown if len(one.names.split()) == len(STEPS)]
    for name, _ in STEPS:
        assert f"{total[name]} {BY_NAME[name].unit}" in funnel, name


@pytest.mark.parametrize("figure", ["funded", "funded_fen", "rate"])
def test_every_figure_of_a_cross_tab_is_counted_anew(page, figure):
    for number in range(24):  # six of each, so that no cell is small
        firm = scene.enterprise(20 + number, scene.FUZHOU if number < 12 else scene.XIAMEN)
        scene.funded(firm, wan=10 + number, security="unsecured" if number % 2 else "mortgage")
    cross.gather(at=timezone.now())
    one = DIMENSIONS["security"]
    found = by_kind([figure, "funded"], month_span(MARCH), one.kind, one.labels)
    shown = page(f"/regulator/cross?rows=security&columns=city&figure={figure}&since={MARCH}&until={MARCH}")
    of = {label: kind for kind, label in one.labels.items()}
    cities = {city.name: city.code for city in regions.CITIES}
    inside_it = [each for each in shown if each.row in of and each.column in cities]
    told = [each for each in inside_it if each.text != "*"]
    assert len({each.text for each in told}) > 2 or figure == "rate"
    for each in told:
        assert each.text == short(figure, values_of(found[of[each.row]][cities[each.column]])), each


def test_a_figure_of_the_page_has_a_definition_in_the_table(page):
    named = {name for one in page("/regulator?month=") for name in one.names.split()}
    assert named <= {*BY_NAME, *(part.name for part in PARTS)} and {one.name for one in INDICATORS} <= named
