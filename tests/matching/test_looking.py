"""An enterprise sees what fits it, under its own consent, and nobody else learns that it looked."""

from dataclasses import replace

import pytest

from jinfuyun.audit.models import Line
from jinfuyun.consents.models import NamedInstitution
from jinfuyun.kit.conditions import Condition, Verdict
from jinfuyun.kit.errors import NotAllowed, NotGranted
from jinfuyun.kit.grant import Category
from jinfuyun.kit.lending import Size
from jinfuyun.matching import actions, queries
from jinfuyun.matching.rules import Catalogue, Offered, match, rank, size_of
from jinfuyun.notifications.models import Message
from jinfuyun.products import actions as products
from jinfuyun.products.models import Product
from tests import market
from tests.cast import TODAY, TUESDAY, Firm, given
from tests.documents import plant
from tests.reports.sample import delivered, fact

pytestmark = pytest.mark.usefixtures("committed_db")

SIZES = queries.sizes(TODAY)


def chapter(category: str, *facts: tuple[str, str, int | str | None]) -> dict:
    """A document with nothing but figures."""
    told = [fact(name, name, unit, value) for name, unit, value in facts]
    return {
        "category": category, "department": "示例部门", "cut_off": "2020-01",
        "received_at": "2020-02-20T09:12:00+08:00", "deliveries": [delivered("20200220-000031", category, 12)],
        "facts": told, "series": {}, "record": None,
        "lists": [],
    }  # fmt: skip


@pytest.fixture
def known(red_star: Firm) -> Firm:
    """Signed; tax and registration told, nobody told of enforcement or insurance."""
    given(red_star)
    plant(
        red_star.uscc,
        chapter("registration", ("age_months", "months", 20)),
        chapter("tax", ("tax_paid_r12", "fen", 4_500_000), ("tax_arrears", "fen", 0), ("tax_grade", "grade", "B")),
    )
    return red_star


def test_the_reasons_name_fact_value_and_distance(known):
    market.product(replace(market.TAX_LOAN, conditions=(Condition("tax_paid_r12", ">=", 10, "纳税不低于 10 万元"),)))
    values = actions.look(uscc=known.uscc, by=known.owner, at=TUESDAY)
    [one] = match(queries.catalogue(TODAY), values)
    missed = [(each.text, each.found_text(), each.advice()) for each in one.against if each.verdict is Verdict.MISSED]
    assert missed == [
        ("成立满 24 个月", "20 月", "还差 4 月。"),
        ("纳税不低于 10 万元", "4.5 万元", "还差 5.5 万元。"),
    ]
    assert one.verdict is Verdict.MISSED
    unknown = {each.condition.subject for each in one.against if each.verdict is Verdict.UNKNOWN}
    assert {"dishonest_debtor", "enforced_to_sales"} <= unknown


def test_what_bars_everywhere_bars_from_a_product_that_asks_nothing(known):
    market.product(replace(market.FACTORY_LOAN, age_months_min=0))
    values = actions.look(uscc=known.uscc, by=known.owner, at=TUESDAY)
    [one] = match(queries.catalogue(TODAY), values | {"tax_grade": "D"})
    assert [each.text for each in one.against if each.verdict is Verdict.MISSED] == ["纳税信用等级不是 D"]


def test_the_look_is_booked_as_the_enterprises_own_and_tells_nobody(known):
    before = Message.objects.count()
    actions.look(uscc=known.uscc, by=known.owner, at=TUESDAY)
    [line] = Line.objects.filter(action="data.read")
    assert (line.uscc, line.actor, line.detail["purpose"]) == (known.uscc, known.owner.id, "matching")
    assert line.detail["reader"] == known.uscc
    assert Message.objects.count() == before
    assert not NamedInstitution.objects.exists()


def test_without_a_consent_there_is_nothing_to_see(red_star):
    with pytest.raises(NotGranted):
        actions.look(uscc=red_star.uscc, by=red_star.owner, at=TUESDAY)


def test_nobody_looks_for_another(known, blue_sea, river_bank_officer):
    for person in (blue_sea.owner, river_bank_officer.actor):
        with pytest.raises(NotAllowed):
            actions.look(uscc=known.uscc, by=person, at=TUESDAY)


def test_only_what_the_consent_covers_is_asked_for(known):
    actions.look(uscc=known.uscc, by=known.owner, at=TUESDAY)
    line = Line.objects.get(action="data.read")
    assert Category.PROPERTY not in line.detail["categories"]


def test_the_catalogue_follows_the_market_at_once(known, operator):
    market.product()
    market.product(market.FACTORY_LOAN, code="MLYH002")
    assert [one.code for one in queries.catalogue(TODAY).entries] == ["MLYH001", "MLYH002"]
    products.pause(code="MLYH001", why="额度用完", by=operator.actor, at=TUESDAY)
    assert [one.code for one in queries.catalogue(TODAY).entries] == ["MLYH002"]
    Product.objects.filter(code="MLYH001").update(state="listed")
    assert len(queries.catalogue(TODAY).entries) == 2


def test_a_condition_that_many_products_share_is_judged_once():
    same = Condition("patents", ">=", 1)
    catalogue = Catalogue.of([("A", (same,)), ("B", (same, Condition("patents", ">=", 2)))])
    assert len(catalogue.conditions) == 2
    assert [one.verdict for one in match(catalogue, {"patents": 1})] == [Verdict.MET, Verdict.MISSED]


def test_rank_is_fit_then_cost_then_speed():
    met, missed, unknown = Verdict.MET, Verdict.MISSED, Verdict.UNKNOWN
    offered = [
        Offered("cheap_misfit", "", missed, True, 100, 1),
        Offered("dear", "", met, True, 500, 1),
        Offered("slow", "", met, True, 400, 9),
        Offered("fast", "", met, True, 400, 2),
        Offered("unseen", "", met, True, 400, None),
        Offered("maybe", "", unknown, True, 100, 1),
        Offered("too_small", "", met, False, 50, 1),
    ]
    assert [one.code for one in rank(offered)] == [
        "fast", "slow", "unseen", "dear", "maybe", "too_small", "cheap_misfit"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("industry", "people", "sales_wan", "size"),
    [
        ("34", 300, 2_000, Size.MEDIUM),
        ("34", 300, 1_999, Size.SMALL),
        ("34", 19, 50_000, Size.MICRO),
        ("34", None, 50_000, None),
        ("52", 50, 500, Size.MEDIUM),
        ("75", 100, None, Size.MEDIUM),
        ("47", 500, 9_000, None),
        ("C", 500, 9_000, None),
    ],
)
def test_a_size_goes_down_if_either_figure_falls_short(industry, people, sales_wan, size):
    sales_fen = None if sales_wan is None else sales_wan * 1_000_000
    assert size_of(industry, people, sales_fen, SIZES) == size
