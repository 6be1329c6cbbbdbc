"""The market as a visitor meets it."""

import re
from dataclasses import replace

import pytest
from django.utils import timezone

from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit.all_in import Basis, CostKind, Fee, Payer
from jinfuyun.kit.lending import Security
from jinfuyun.products.models import Product, Version
from jinfuyun.products.rules import Review, State
from tests import market
from tests.cast import MONDAY
from tests.consents.test_letter import printed
from tests.matching.test_observed import decided

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def two_products():
    xiamen = market.institution(market.LANLUWAN)
    return (
        market.product(),
        market.product(replace(market.FACTORY_LOAN, regions=("350200",)), code="LLW001", of=xiamen),
    )


def body(client, path: str, **query) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_name_bank_rate_and_amount(client, two_products):
    page = body(client, "/products")
    for text in ("税易融", "闽岭银行", "3.40% 起", "300 万元", "厂房抵押经营贷", "蓝鹭湾银行"):
        assert text in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"q": "税易"}, {"MLYH001"}),
        ({"q": "shuiyi"}, {"MLYH001"}),
        ({"q": "SYR"}, {"MLYH001"}),
        ({"q": "llwyh"}, {"LLW001"}),
        ({"q": "蓝鹭湾 抵押"}, {"LLW001"}),
        ({"amount": "2"}, {"MLYH001"}),
        ({"amount": "2000"}, {"LLW001"}),
        ({"amount": "2000.01"}, set()),
        ({"term": "24"}, {"LLW001"}),
        ({"rate": "3.2"}, {"LLW001"}),
        ({"security": "unsecured"}, {"MLYH001"}),
        ({"kind": "working_capital"}, {"MLYH001", "LLW001"}),
        ({"kind": "leasing"}, set()),
        ({"region": "350200"}, {"MLYH001", "LLW001"}),
        ({"region": "350203"}, {"MLYH001", "LLW001"}),
        ({"region": "350100"}, {"MLYH001"}),
        ({"institution": "LLW"}, {"LLW001"}),
        ({"region": "999999", "kind": "nonsense", "sort": "'; DROP"}, {"MLYH001", "LLW001"}),
        ({"q": "\0\0"}, {"MLYH001", "LLW001"}),
        ({"q": "%"}, set()),
    ],
)
def test_filters_show_what_fits_and_nothing_else(client, two_products, query, shown):
    page = body(client, "/products", **query)
    assert {code for code in ("MLYH001", "LLW001") if f'href="/products/{code}"' in page} == shown


@pytest.mark.parametrize("value", ["abc", "-5", "0", "1e9", "nan", "inf", "１０万", "9" * 400])
def test_a_number_that_is_none_is_named_and_left_out(client, two_products, value):
    page = body(client, "/products", amount=value)
    assert "本次未按它筛选" in page
    assert "税易融" in page


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999"])
def test_a_page_that_is_not_there_shows_the_nearest(client, two_products, number):
    assert "税易融" in body(client, "/products", page=number)


@pytest.mark.parametrize(
    ("sort", "first"),
    [("rate", "LLW001"), ("amount", "LLW001"), ("speed", "MLYH001"), ("name", "LLW001"), ("term", "LLW001")],
)
def test_sorting(client, two_products, sort, first):
    page = body(client, "/products", sort=sort)
    other = {"LLW001": "MLYH001", "MLYH001": "LLW001"}[first]
    assert page.index(f'href="/products/{first}"') < page.index(f'href="/products/{other}"')


def test_thirty_a_page_and_the_query_stays_in_the_links(client):
    house = market.institution()
    for number in range(35):
        market.product(replace(market.TAX_LOAN, name=f"税易融{number}"), code=f"MLYH{number:03}", of=house)
    page = body(client, "/products", security="unsecured")
    assert page.count('class="card-offer"') == 30
    assert "?security=unsecured&amp;page=2" in page
    assert body(client, "/products", security="unsecured", page=2).count('class="card-offer"') == 5


def test_the_list_asks_the_database_twice_however_long_it_is(client, two_products, django_assert_num_queries):
    with django_assert_num_queries(3):  # the market was new to this process
        client.get("/products")
    with django_assert_num_queries(2):
        client.get("/products", {"q": "a", "amount": "100", "region": "350100"})
    with django_assert_num_queries(2):
        client.get("/products")


@pytest.mark.parametrize("state", [s for s in State if s is not State.LISTED])
def test_what_is_not_listed_does_not_exist_for_visitors(client, state):
    market.product(state=state)
    assert "/products/MLYH001" not in body(client, "/products")
    assert client.get("/products/MLYH001").status_code == 404


def test_products_of_a_suspended_institution_are_off_the_market(client):
    market.product(of=market.institution(state=InstitutionState.SUSPENDED))
    assert "/products/MLYH001" not in body(client, "/products")
    assert client.get("/products/MLYH001").status_code == 404


def test_the_detail_says_what_it_costs_who_may_apply_and_how_long_it_takes(client, two_products):
    page = body(client, "/products/MLYH001")
    for text in (
        "3.40% – 4.20%",
        "1 年期 LPR（3.00%，2025-05-20 起）",
        "+40 至 +120 个基点",
        "按 3.80%（公布区间的中间值）测算",
        "成立满 24 个月",
        "近 12 个月入库税额不低于 1 万元",
        "5 个工作日内",
        "近一年主要合同",
        "/my/applications/new?product=MLYH001",
    ):
        assert text in page, text
    total = re.search(r"利息与费用合计 ([\d,.]+)", page)
    assert total and f">{total[1]}" in body(client, "/products/compare?code=MLYH001&code=LLW001")


@pytest.mark.parametrize("code", ["NOSUCH", "MLYH001%00", "x" * 300, "../settings"])
def test_a_product_that_is_not_there_is_404(client, code):
    assert client.get(f"/products/{code}").status_code == 404


def test_comparison_shows_them_side_by_side_in_the_order_chosen(client, two_products):
    page = client.get("/products/compare?code=LLW001&code=MLYH001&code=LLW001").content.decode()
    assert page.index("厂房抵押经营贷") < page.index("税易融")
    assert "50–2,000" in page


def test_comparison_of_one_asks_for_two_and_of_five_shows_four(client):
    house = market.institution()
    codes = [market.product(code=f"MLYH00{n}", of=house).code for n in range(5)]
    assert "请至少选择两个产品" in client.get("/products/compare", {"code": codes[:1]}).content.decode()
    page = client.get("/products/compare", {"code": codes}).content.decode()
    assert "已显示您最先选择的 4 个" in page
    assert page.count('href="/products/MLYH') == 4


def test_comparison_reckons_the_all_in_cost_for_my_amount_and_term(client, two_products):
    """100 万元 for 12 months at 3.45 %, interest monthly, nothing else: 34,500 and a little above the rate."""
    query = "/products/compare?code=LLW001&code=MLYH001&amount=100&term=12"
    page = client.get(query).content.decode()
    assert "34,500.00" in page
    assert "3.51%" in page
    assert "企业承担合计" in page
    assert "金额或期限不在产品范围内" not in page
    assert "金额或期限不在产品范围内" in client.get(query.replace("amount=100", "amount=900")).content.decode()
    assert "error-summary" not in page
    assert "error-summary" in client.get(query.replace("term=12", "term=0")).content.decode()


def test_every_choice_says_how_many_there_would_be(client, two_products):
    page = body(client, "/products", security="mortgage")
    for choice in ("流动资金贷款 1", "信用 1", "抵押 1", "企业法人 1", "厦门 1", "福州 0", "银行 1"):
        assert f">{choice}</a>" in page, choice


def test_names_are_escaped(client):
    market.product(replace(market.TAX_LOAN, name="<script>alert(1)</script>", securities=(Security.PLEDGE,)))
    for path in ("/products", "/products/MLYH001"):
        assert "<script>alert" not in body(client, path)
    assert Product.objects.get().current.name.startswith("<script>")


FEES = (
    Fee(CostKind.GUARANTEE, Payer.ENTERPRISE, Basis.YEARLY_BP, 80, "由担保公司按年收取"),
    Fee(CostKind.APPRAISAL, Payer.INSTITUTION, Basis.ONCE_FEN, 300_000, "评估机构收取，本行承担"),
)


def test_the_sheet_of_costs_says_the_same_on_page_and_paper(client, two_products):
    """Each fee with who pays it; what the institution pays is in no total; one product alone has a paper too."""
    market.product(replace(market.FACTORY_LOAN, name="厂易贷", fees=FEES), code="MLYH002")
    query = {"code": ["MLYH002", "MLYH001"], "amount": "100", "term": "12"}
    page = body(client, "/products/compare", **query)
    answer = client.get("/products/compare/costs.pdf", query)
    assert answer.headers["Content-Type"] == "application/pdf"
    paper = printed(answer.content)
    # 100 万 at 3.45 %, interest monthly: 34,500 and the guarantee's 8,000.
    for text in ("34,500.00", "8,000.00", "3,000.00", "42,500.00", "由担保公司按年收取", "金融机构"):
        assert (text in page, text in paper) == (True, True), text
    [yearly] = set(re.findall(r"综合年化成本.*?([\d.]+%)", page, re.S))
    assert yearly in paper
    assert "45,500.00" not in page + paper
    assert client.get("/products/compare/costs.pdf").status_code == 404
    assert "厂易贷" in printed(client.get("/products/compare/costs.pdf", {"code": "MLYH002"}).content)


def test_what_was_seen_of_decisions_is_said_from_five_on(client, two_products):
    now = timezone.now()
    for number in range(5):
        assert "样本不足" in body(client, "/products/MLYH001")
        decided(two_products[0], number, rate_bp=(300, 380, None, 400, 390)[number], days=number, at=now)
    page = body(client, "/products/MLYH001")
    for text in ("5 笔", "80.00%", "3.85%", "2.0 天"):
        assert text in page, text


def test_every_version_that_was_on_the_market_can_be_read(client, two_products):
    page = body(client, "/products/MLYH001/history")
    assert ("首次上架" in page, "现在上架" in page) == (True, True)
    old = two_products[0].current
    Version.objects.filter(pk=old.pk).update(review=Review.SUPERSEDED)
    for number, review, days in ((2, Review.PASSED, 3), (3, Review.DRAFT, 9)):
        new = Version(product=old.product, number=number, review=review, drafted_by="1", drafted_at=MONDAY)
        new.write(replace(market.TAX_LOAN, approve_days=days), institution_name="闽岭银行", lpr_bp=market.LPR_BP)
        new.save()
        if review is Review.PASSED:
            Product.objects.filter(pk=old.product_id).update(current=new)
    page = body(client, "/products/MLYH001/history")
    assert [f"审批 {days}、" in page for days in (5, 3, 9)] == [True, True, False]
    assert page.count("改动</span>") == 1


@pytest.mark.parametrize(
    ("q", "titles"),
    [
        ("税易融", ["税易融 · 闽岭银行"]),
        ("syr", ["税易融 · 闽岭银行"]),
        ("经办授权", ["同一个人有几家企业，或替别人的企业办事？"]),
        ("复议", ["要补材料、没有通过怎么办？"]),
        ("没有这样的东西", []),
        ("<b>%_\0", []),
    ],
)
def test_one_box_finds_products_policies_and_the_guide(client, two_products, q, titles):
    page = body(client, "/search", q=q)
    assert re.findall(r'<li><a href="/[^"]+">(.*?)</a><p>', page) == titles
    assert ("没有找到" in page) == (not titles)


def test_policies_are_found_by_what_they_say_and_a_passage_leads_to_its_chapter(client):
    page = body(client, "/search", q="贴息")
    assert "/policies/" in page
    assert '<a href="/help#objection">对服务不满意</a>' in body(client, "/search", q="服务热线")
    assert "<ul" not in body(client, "/search").split("<main")[1].split("</main>")[0]
