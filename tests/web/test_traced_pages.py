"""Every page of regulators, and every page of others that shows figures: no number stands there without its name.

Objects are those of the matrix of addresses, so that each list has a row and each object's page is open.
"""

from django.test import Client
from django.utils import timezone

from jinfuyun.applications import actions as applications
from jinfuyun.applications.content import FUNNEL, OBSERVED
from jinfuyun.applications.queries import Funnel, Observed
from jinfuyun.evaluation.models import Result
from jinfuyun.evaluation.queries import results, schemes
from jinfuyun.evaluation.rules import WORKED_OUT
from jinfuyun.supervision.queries import BY_NAME, PARTS, feeds
from jinfuyun.warnings import queries as warnings
from jinfuyun.web import evaluation as told
from jinfuyun.web import figures
from tests import market
from tests.cast import given
from tests.deliveries.conftest import delivered, lake, tax_bureau
from tests.evaluation import stage
from tests.matching.test_observed import decided
from tests.web.inside import inside
from tests.web.test_evaluation_pages import MARCH, RANKING, by_hand, made, one, two
from tests.web.test_regulator import province_regulator
from tests.web.test_url_matrix import cookies, settings, there, visits
from tests.web.test_warning_pages import business
from tests.web.traced import Traced

__all__ = (
    "by_hand", "cookies", "delivered", "lake", "made", "one", "province_regulator", "tax_bureau", "there", "two",
)  # fmt: skip
NAMES = {
    *BY_NAME, *(part.name for part in PARTS), *feeds.BY_NAME, *WORKED_OUT, *OBSERVED, *FUNNEL,
}  # fmt: skip
# What else shows figures, and who looks at it; other pages show objects and the lists of them.
OTHERS = {"/": "nobody", "/evaluations": "nobody", "/zones/<slug:slug>": "nobody", "/bank/": "admin_x",
          "/bank/evaluation": "admin_x"}  # fmt: skip


def rules_known() -> set[str]:
    return {rule.code for file in warnings.RULES for rule in file} | set(schemes.SCHEMES) | {"funnel_days"}


def read(page: str) -> Traced:
    found = Traced(page)
    assert found.names <= NAMES and found.rules <= rules_known()
    return found


def test_no_page_with_figures_not_even_a_new_one_shows_a_number_without_its_name(there, cookies):
    pages = {}
    for visit in visits(there):
        who = "regulator" if visit.route.startswith("/regulator") else OTHERS.get(visit.route)
        if visit.method != "GET" or visit.object == "absent" or who is None:
            continue
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = cookies.get(who, "")
        answer = client.get(visit.address, follow=True)
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            pages[visit.route] = read(answer.content.decode())
    assert {route: found.loose for route, found in pages.items() if found.loose} == {}
    assert len(pages) > 30 and set(OTHERS) <= set(pages)
    assert sum(bool(found.figures) for found in pages.values()) > 12


def figure_cells(client: Client, path: str) -> dict[tuple[str, str, str], str]:
    """By indicator, row and column; and no number of the page is loose."""
    found = read(client.get(path).content.decode())
    assert found.loose == [], path
    return {(one.names, one.row, one.column): one.text for one in found.figures}


def share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}"


def test_values_and_points_of_an_evaluation_are_those_of_its_rows(made, one, river_bank_admin):
    inspector, names = inside(one), {code: f"示例{nth}号银行" for nth, (code, *_) in enumerate(stage.BANKS, 1)}
    ranking = figure_cells(inspector, RANKING)
    for code, taken, in_time, refused, unstated in stage.BANKS:
        page = figure_cells(inspector, f"{RANKING}/{code}")
        assert page["intake_in_time", "受理及时率", "本机构"] == share(in_time, taken)
        assert page["accepted_share", "受理率", "本机构"] == share(taken - refused, taken)
        said = page["unstated_share", "不便说明占比", "本机构"]
        assert said == (share(unstated, refused) if refused else "—")
        result = Result.objects.get(institution_code=code)
        points = [mark.points for mark in results.line_of(MARCH, code)[0].marks if not mark.why]
        assert result.total is None or sum(points) == result.total
        assert ranking["total", names[code], "总分"] == told.points(result.total)
        higher = Result.objects.filter(total__gt=result.total or 0).count()
        assert ranking["rank", names[code], "名次"] == (f"{1 + higher}" if result.total is not None else "—")
    # 4 of 5 in time is half of 60; 3 of 5 accepted is all of 30; together of 90, as no loan was granted.
    river = figure_cells(inspector, f"{RANKING}/RIVER")
    assert (river["points intake_in_time", "受理及时率", "得分"], ranking["total", "示例1号银行", "总分"]) == (
        "33.34",
        "66.67",
    )
    assert river["median intake_in_time", "受理及时率", "同组中位数"] == "100.00%", "of 25, 80, 100, 100, 100"
    inspector.post(RANKING, {"act": "publish"})
    public, own = figure_cells(Client(), "/evaluations"), figure_cells(inside(river_bank_admin), "/bank/evaluation")
    assert {key: text for key, text in public.items() if key[0] in ("rank", "total")}.items() <= ranking.items()
    assert own["intake_in_time", "受理及时率", "本机构"] == "80.00%"
    simulated = figure_cells(inspector, f"/regulator/evaluation/schemes/by_hand?period={MARCH}")
    assert simulated["total", "示例1号银行", "总分"] == "66.67"


def test_what_a_warning_says_was_seen_is_what_its_rule_counts(delivered, province_regulator):
    business()
    visitor, at = inside(province_regulator), timezone.now()
    shown = read(visitor.get("/regulator/warnings").content.decode())
    rules = {" ".join(filter(None, (rule.figure, rule.of))): rule for rule in warnings.in_force(at.date())}
    texts = {one.names: one.text for one in shown.figures}
    assert shown.loose == [] and len(texts) > 2 and set(texts) <= set(rules)
    assert shown.rules >= {rule.code for rule in rules.values()}
    for names, text in texts.items():
        assert text in [finding.text for finding in warnings.broken(rules[names], at=at)], names
    [number] = [
        one.number for one in warnings.listing(province_regulator.actor, warnings.Filters()) if one.rule == "W03"
    ]
    assert texts["refused_unstated refused"] in figure_cells(visitor, f"/regulator/warnings/{number}").values()


def test_what_a_departments_data_helped_to_is_counted_from_loans_and_reports(delivered, tax_bureau):
    business()
    from tests.web.test_warning_pages import logged_in_department

    page = figure_cells(logged_in_department(tax_bureau), "/department/data?month=2026-03")
    assert "您的数据帮助 6 户企业获得 210 万元。" in page["helped loans_fen", "", ""]
    supply, _ = feeds.own(month="2026-03", visible_to=tax_bureau.actor, at=timezone.now())
    for line in (*supply.feeds, supply.total):
        for name in ("timely_share", "rows", "quarantined_share", "age_days", "coverage_share", "reports", "loans_fen"):
            heading = figures.heading(feeds.BY_NAME[name])
            column = "金额（万元）" if name == "loans_fen" else heading
            assert page[name, line.label, column] == figures.short(feeds.BY_NAME[name], line.values[name]), line.label


def test_an_institutions_funnel_and_what_was_seen_of_a_product_have_definitions(db, red_star, river_bank_officer):
    assert tuple(FUNNEL) == Funnel._fields[1:] and tuple(OBSERVED) == Observed._fields
    product = market.product(code="RIVER001", of=market.institution(market.RIVER))
    for number, rate in enumerate((300, 400, 380, None, None)):
        decided(product, number, rate_bp=rate, days=number + 1, at=timezone.now())
    market.product(code="RIVER002", of=market.institution(market.RIVER))
    given(red_star)
    applied = market.applied(red_star, product_code="RIVER002", at=timezone.now())
    applications.accept(
        application=applied, caller_name="江经理", caller_phone="95588", by=river_bank_officer.actor, at=timezone.now()
    )
    page = figure_cells(inside(river_bank_officer), "/bank/")
    assert [page[name, "总部", label] for name, (label, _) in list(FUNNEL.items())[:5]] == [
        "1", "1100%", "00%", "00%", "0.0 天"
    ]  # fmt: skip
    seen = {one.names: one.text for one in Traced(Client().get("/products/RIVER001").content.decode()).figures}
    assert [seen[name].startswith(f"{OBSERVED[name][0]}{text}") for name, text in (
        ("decided", "5 笔"), ("approved_share_bp", "60.00%"), ("rate_bp", "3.80%"), ("days", "3.0 天"),
    )] == [True] * 4, seen  # fmt: skip
