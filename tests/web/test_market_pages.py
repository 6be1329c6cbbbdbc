"""The market as a visitor meets it."""

from dataclasses import replace

import pytest

from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit.lending import Security
from jinfuyun.products.models import Product
from jinfuyun.products.rules import State
from tests import market

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
        "3.4 万元 至 4.2 万元",
        "成立满 24 个月",
        "近 12 个月入库税额不低于 1 万元",
        "5 个工作日内",
        "近一年主要合同",
        "/my/applications/new?product=MLYH001",
    ):
        assert text in page, text


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
