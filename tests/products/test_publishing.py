"""From draft to market: versions, review, four eyes, and the daily tending.

Seen red, each alone: the phone, the content handed in, the content on screen not compared.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinfuyun.audit.models import Line
from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit.actor import PLATFORM_HOUSE, Role, platform
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.products import actions, queries
from jinfuyun.products.models import MarketChange, Product, Version
from jinfuyun.products.rules import MOVES, Review, State
from tests import market
from tests.cast import MONDAY, RIVER_BANK, TUESDAY, staff_person
from tests.market import FACTORY_LOAN, TAX_LOAN

RIVER = replace(market.MINLING, code=RIVER_BANK, name="闽江银行", licence_number="B0003H235010003")
CODE = f"{RIVER_BANK}-001"


@pytest.fixture
def river(db):
    return market.institution(RIVER)


def submitted(manager, terms=TAX_LOAN) -> str:
    actions.draft(institution_code=RIVER_BANK, terms=terms, by=manager.actor, at=MONDAY)
    return actions.submit(code=CODE, by=manager.actor, at=MONDAY).submitted_digest


def listed(manager, operator, terms=TAX_LOAN) -> None:
    digest = submitted(manager, terms)
    actions.list_version(code=CODE, number=1, on_screen=digest, by=operator.actor, at=TUESDAY)


def product() -> Product:
    return Product.objects.select_related("current").get(code=CODE)


def test_the_bank_drafts_and_submits_the_operator_lists(river, river_bank_product_manager, operator):
    listed(river_bank_product_manager, operator)
    assert (product().state, product().current.number) == (State.LISTED, 1)
    assert queries.product(CODE).current.name == "税易融"


def test_the_state_of_a_new_product_follows_its_review(river, river_bank_product_manager, operator):
    manager = river_bank_product_manager
    actions.draft(institution_code=RIVER_BANK, terms=TAX_LOAN, by=manager.actor, at=MONDAY)
    assert product().state == State.DRAFT
    actions.submit(code=CODE, by=manager.actor, at=MONDAY)
    assert product().state == State.IN_REVIEW
    actions.send_back(code=CODE, number=1, remark="利率写法不清楚", by=operator.actor, at=MONDAY)
    assert product().state == State.RETURNED
    assert queries.version(CODE, visible_to=manager.actor).remark == "利率写法不清楚"
    actions.write(code=CODE, terms=FACTORY_LOAN, by=manager.actor, at=MONDAY)
    assert product().state == State.DRAFT


def test_a_change_of_a_listed_product_is_a_new_version_and_a_new_review(river, river_bank_product_manager, operator):
    listed(river_bank_product_manager, operator)
    dearer = replace(TAX_LOAN, spread_max_bp=200)
    actions.write(code=CODE, terms=dearer, by=river_bank_product_manager.actor, at=TUESDAY)
    assert (product().state, product().current.number, product().current.spread_max_bp) == (State.LISTED, 1, 120)
    digest = actions.submit(code=CODE, by=river_bank_product_manager.actor, at=TUESDAY).submitted_digest
    assert product().state == State.LISTED
    actions.list_version(code=CODE, number=2, on_screen=digest, by=operator.actor, at=TUESDAY)
    assert (product().current.number, product().current.rate_max_bp) == (2, 500)
    assert Version.objects.get(product=product(), number=1).review == Review.SUPERSEDED


def test_a_version_in_review_cannot_be_changed(river, river_bank_product_manager):
    submitted(river_bank_product_manager)
    with pytest.raises(actions.InReview):
        actions.write(code=CODE, terms=FACTORY_LOAN, by=river_bank_product_manager.actor, at=TUESDAY)


@pytest.mark.parametrize(
    "change", [{"rate_max_bp": 1}, {"amount_max_fen": 5}, {"name": "别的"}, {"conditions": []}, {"spread_max_bp": 999}]
)
def test_content_changed_behind_the_reviewers_back_is_refused(river, river_bank_product_manager, operator, change):
    digest = submitted(river_bank_product_manager, FACTORY_LOAN if "rate_max_bp" in change else TAX_LOAN)
    Version.objects.filter(product__code=CODE).update(**change)
    with pytest.raises(actions.FourEyes, match="被改动"):
        actions.list_version(code=CODE, number=1, on_screen=digest, by=operator.actor, at=TUESDAY)


def test_a_manager_with_an_operators_account_cannot_list_his_own(river, river_bank_product_manager):
    manager = river_bank_product_manager
    digest = submitted(manager)
    again = staff_person("operator", "operator.again", manager.phone, "江产品", PLATFORM_HOUSE, Role.OPERATOR)
    with pytest.raises(actions.FourEyes, match="同一人"):
        actions.list_version(code=CODE, number=1, on_screen=digest, by=again.actor, at=TUESDAY)


def test_an_old_page_does_not_list_a_new_version(river, river_bank_product_manager, operator):
    old = submitted(river_bank_product_manager)
    actions.send_back(code=CODE, number=1, remark="请补充条件", by=operator.actor, at=MONDAY)
    actions.write(code=CODE, terms=FACTORY_LOAN, by=river_bank_product_manager.actor, at=MONDAY)
    actions.submit(code=CODE, by=river_bank_product_manager.actor, at=MONDAY)
    with pytest.raises(actions.FourEyes, match="刷新"):
        actions.list_version(code=CODE, number=1, on_screen=old, by=operator.actor, at=TUESDAY)


def test_another_banks_people_may_not_touch_it(river, river_bank_product_manager, hill_bank_admin, river_bank_officer):
    listed_by = river_bank_product_manager
    submitted(listed_by)
    hill = staff_person(
        "institution", "hill.product", "13900000012", "岭产品", hill_bank_admin.actor.house, Role.PRODUCT_MANAGER
    )
    for somebody in (hill, river_bank_officer):
        with pytest.raises(NotAllowed):
            actions.write(code=CODE, terms=FACTORY_LOAN, by=somebody.actor, at=TUESDAY)
        with pytest.raises(NotAllowed):
            actions.draft(institution_code=RIVER_BANK, terms=TAX_LOAN, by=somebody.actor, at=TUESDAY)
        with pytest.raises(NotAllowed):
            actions.pause(code=CODE, why="测试暂停", by=somebody.actor, at=TUESDAY)
    with pytest.raises(NotFound):
        queries.version(CODE, visible_to=hill.actor)
    assert list(queries.mine(hill.actor)) == []
    assert [one.code for one in queries.mine(listed_by.actor)] == [CODE]


def test_the_bank_itself_cannot_list(river, river_bank_product_manager):
    digest = submitted(river_bank_product_manager)
    with pytest.raises(NotAllowed):
        actions.list_version(code=CODE, number=1, on_screen=digest, by=river_bank_product_manager.actor, at=TUESDAY)


def test_a_faulty_product_is_not_even_drafted(river, river_bank_product_manager):
    with pytest.raises(NotInOrder):
        actions.draft(
            institution_code=RIVER_BANK,
            terms=replace(TAX_LOAN, name=""),
            by=river_bank_product_manager.actor,
            at=MONDAY,
        )
    assert not Product.objects.exists()


def test_an_institution_that_is_not_active_publishes_nothing(db, river_bank_product_manager):
    market.institution(RIVER, state=InstitutionState.SUSPENDED)
    with pytest.raises(NotFound):
        submitted(river_bank_product_manager)


def test_numbers_run_within_the_institution(river, river_bank_product_manager):
    codes = [
        actions.draft(institution_code=RIVER_BANK, terms=TAX_LOAN, by=river_bank_product_manager.actor, at=MONDAY).code
        for _ in range(3)
    ]
    assert codes == [f"{RIVER_BANK}-00{n}" for n in (1, 2, 3)]


def test_pause_resume_delist_only_as_the_table_allows(river, river_bank_product_manager, operator):
    listed(river_bank_product_manager, operator)
    by = river_bank_product_manager.actor
    acts = {name: partial(getattr(actions, name), why="按机构安排", by=by) for name in ("pause", "resume", "delist")}
    assert set(acts) | {"expire"} == set(MOVES)
    for start in (State.LISTED, State.PAUSED, State.DELISTED, State.EXPIRED, State.DRAFT, State.IN_REVIEW):
        for name, act in acts.items():
            Product.objects.filter(code=CODE).update(state=start)
            sources, target = MOVES[name]
            if start in sources:
                act(code=CODE, at=TUESDAY)
                assert product().state == target
            else:
                with pytest.raises(TooLate):
                    act(code=CODE, at=TUESDAY)


def test_an_operator_may_take_a_product_off_but_not_put_it_back(river, river_bank_product_manager, operator):
    listed(river_bank_product_manager, operator)
    actions.pause(code=CODE, why="投诉核查期间", by=operator.actor, at=TUESDAY)
    with pytest.raises(NotAllowed):
        actions.resume(code=CODE, why="核查完毕", by=operator.actor, at=TUESDAY)
    actions.resume(code=CODE, why="核查完毕", by=river_bank_product_manager.actor, at=TUESDAY)


def test_a_reason_is_wanted(river, river_bank_product_manager, operator):
    listed(river_bank_product_manager, operator)
    for why in ("", " ", "长" * 201):
        with pytest.raises(NotInOrder):
            actions.pause(code=CODE, why=why, by=river_bank_product_manager.actor, at=TUESDAY)


def test_tending_ends_what_is_past_its_last_day_and_not_what_ends_today(river, river_bank_product_manager, operator):
    listed(river_bank_product_manager, operator, replace(TAX_LOAN, listed_until=date(2026, 3, 4)))
    actions.tend(by=platform("tend_products"), at=TUESDAY + timedelta(days=1))
    assert product().state == State.LISTED
    actions.tend(by=platform("tend_products"), at=TUESDAY + timedelta(days=2))
    assert product().state == State.EXPIRED


def test_tending_lets_floating_rates_follow_the_lpr(river, river_bank_product_manager, operator, monkeypatch):
    listed(river_bank_product_manager, operator)
    cut = {"1Y": {date(2025, 5, 20): 300, date(2026, 3, 20): 280}, "5Y": {date(2025, 5, 20): 350}}
    monkeypatch.setitem(queries.TABLES, "lpr", {"values": cut, "reference": "test"})
    actions.tend(by=platform("tend_products"), at=TUESDAY)
    assert product().current.rate_min_bp == 340
    actions.tend(by=platform("tend_products"), at=TUESDAY + timedelta(days=20))
    assert (product().current.rate_min_bp, product().current.rate_max_bp) == (320, 400)
    assert Line.objects.filter(action="product.repriced").count() == 1


def test_tending_forgets_old_changes_of_the_market_and_the_mark_moves_on(
    river, river_bank_product_manager, operator, monkeypatch
):
    listed(river_bank_product_manager, operator)
    before, many = queries.market_mark(), MarketChange.objects.count()
    monkeypatch.setattr(actions, "CHANGES_KEPT", 2)
    actions.tend(by=platform("tend_products"), at=TUESDAY)
    assert MarketChange.objects.count() == 2 < many
    assert queries.market_mark() != before


def test_only_the_platform_tends(river, operator):
    with pytest.raises(NotAllowed):
        actions.tend(by=operator.actor, at=MONDAY)


def test_a_hundred_listings_at_once_have_one_effect(committed_db, river_bank_product_manager, operator):
    market.institution(RIVER)
    digest = submitted(river_bank_product_manager)

    def approve(number: int) -> bool:
        try:
            actions.list_version(
                code=CODE, number=1, on_screen=digest, by=operator.actor, at=TUESDAY + timedelta(seconds=number)
            )
        except TooLate:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(approve, range(100))) == 1
    assert Line.objects.filter(action="product.listed").count() == 1


STEPS = ("write", "submit", "list", "send_back", "pause", "resume", "delist", "tend")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=14))
def test_whatever_is_tried_in_whatever_order_the_market_shows_only_reviewed_versions(
    river, river_bank_product_manager, operator, steps
):
    Product.objects.update(current=None, state=State.DRAFT)
    Version.objects.all().delete()
    Product.objects.all().delete()
    by = river_bank_product_manager.actor
    actions.draft(institution_code=RIVER_BANK, terms=TAX_LOAN, by=by, at=MONDAY)
    for step in steps:
        newest = Version.objects.filter(product__code=CODE).order_by("-number").first()
        verbs = {
            "write": partial(actions.write, code=CODE, terms=FACTORY_LOAN, by=by),
            "submit": partial(actions.submit, code=CODE, by=by),
            "list": partial(
                actions.list_version, code=CODE, number=newest.number, on_screen=newest.content_digest(),
                by=operator.actor,
            ),
            "send_back": partial(
                actions.send_back, code=CODE, number=newest.number, remark="请修改", by=operator.actor
            ),
            "pause": partial(actions.pause, code=CODE, why="测试", by=by),
            "resume": partial(actions.resume, code=CODE, why="测试", by=by),
            "delist": partial(actions.delist, code=CODE, why="测试", by=by),
            "tend": partial(actions.tend, by=platform("tend_products")),
        }  # fmt: skip
        with suppress(Refused):
            verbs[step](at=TUESDAY)
        now = product()
        reviews = list(now.versions.values_list("review", flat=True))
        assert reviews.count(Review.PASSED) == (now.current is not None)
        assert now.current is None or now.current.review == Review.PASSED
        assert now.state not in (State.LISTED, State.PAUSED) or now.current is not None
