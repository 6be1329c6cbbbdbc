"""From draft to market: versions, review, four eyes, and the daily tending.

Seen red, each alone: the phone, the content handed in, the content on screen not compared.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.rules import Kind as AccountKind
from jinfuyun.audit.models import Line
from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit.actor import PLATFORM_HOUSE, Role, platform
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Notice
from jinfuyun.products import actions, queries
from jinfuyun.products.models import MarketChange, Product, Version
from jinfuyun.products.rules import Review, State
from tests import market
from tests.cast import MONDAY, RIVER_BANK, TUESDAY, staff_person
from tests.market import FACTORY_LOAN, TAX_LOAN
from tests.products.conftest import RIVER, colleague

CODE = f"{RIVER_BANK}-001"


def handed_in(manager, terms=TAX_LOAN) -> str:
    actions.draft(institution_code=RIVER_BANK, terms=terms, by=manager.actor, at=MONDAY)
    return actions.submit(code=CODE, by=manager.actor, at=MONDAY).submitted_digest


def confirmed(digest: str, number: int = 1) -> str:
    """By the second person, who may be there already."""
    known = accounts.by_account(AccountKind.INSTITUTION, "river.second")
    by = accounts.actor(known) if known else colleague().actor
    actions.confirm(code=CODE, number=number, on_screen=digest, by=by, at=MONDAY)
    return digest


def submitted(manager, terms=TAX_LOAN) -> str:
    return confirmed(handed_in(manager, terms))


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
    digest = actions.submit(code=CODE, by=manager.actor, at=MONDAY).submitted_digest
    assert product().state == State.IN_REVIEW
    confirmed(digest)
    assert product().state == State.IN_REVIEW
    actions.send_back(code=CODE, number=1, ground="rate_or_fees", remark="利率写法不清楚", by=operator.actor, at=MONDAY)
    assert product().state == State.RETURNED
    sent_back = queries.version(CODE, visible_to=manager.actor)
    assert sent_back.sent_back_because == "利率或费用不合要求、写得不清楚（息费公示要求）：利率写法不清楚"
    actions.write(code=CODE, terms=FACTORY_LOAN, by=manager.actor, at=MONDAY)
    assert product().state == State.DRAFT


def test_a_second_person_of_the_institution_looks_first(river, river_bank_product_manager, second, operator):
    manager = river_bank_product_manager
    digest = handed_in(manager)
    again = staff_person(
        "institution", "river.again", manager.phone, "江产品", second.actor.house, Role.PRODUCT_MANAGER
    )
    look = partial(actions.confirm, code=CODE, number=1, on_screen=digest, at=MONDAY)
    for somebody, why in ((manager, "另一位同事"), (again, "同一人")):
        with pytest.raises(actions.FourEyes, match=why):
            look(by=somebody.actor)
    with pytest.raises(NotAllowed):
        look(by=operator.actor)
    with pytest.raises(TooLate):  # nobody of the platform sees it before
        actions.list_version(code=CODE, number=1, on_screen=digest, by=operator.actor, at=MONDAY)
    with pytest.raises(actions.FourEyes, match="刷新"):
        look(by=second.actor, on_screen="old")
    look(by=second.actor)
    assert [one.product.code for one in queries.in_review()] == [CODE]
    with pytest.raises(TooLate):
        look(by=second.actor)


def test_the_one_who_confirmed_does_not_list(river, river_bank_product_manager, second):
    digest = submitted(river_bank_product_manager)
    twice = staff_person("operator", "operator.again", second.phone, "江复核", PLATFORM_HOUSE, Role.OPERATOR)
    with pytest.raises(actions.FourEyes, match="同一人"):
        actions.list_version(code=CODE, number=1, on_screen=digest, by=twice.actor, at=TUESDAY)


def test_the_second_person_sends_back_with_a_reason_and_the_writer_is_told(river, river_bank_product_manager, second):
    handed_in(river_bank_product_manager)
    assert [one.number for one in queries.to_confirm(second.actor)] == [1]
    assert not queries.to_confirm(river_bank_product_manager.actor)
    actions.send_back(code=CODE, number=1, ground="own_policy", remark="期限写得太短", by=second.actor, at=MONDAY)
    assert product().state == State.RETURNED
    told = {str(one.user_id): one.text for one in Notice.objects.filter(template="product_returned")}
    assert told == {
        river_bank_product_manager.actor.id: (
            "产品“税易融”第 1 版被退回：与本机构的制度或授权不一致（本机构制度）：期限写得太短"
        )
    }


def test_what_is_typed_so_far_is_kept_for_its_writer_alone(river, river_bank_product_manager, second, hill_bank_admin):
    manager, notes = river_bank_product_manager.actor, uuid4()
    keep = partial(actions.keep, draft_id=notes, institution_code=RIVER_BANK, code=None, at=MONDAY)
    keep(typed={"name": "半"}, by=manager)
    keep(typed={"name": "半成品"}, by=manager)
    assert [one.name for one in queries.unfinished(manager)] == ["半成品"]
    with pytest.raises(Refused, match="过长"):
        keep(typed={"name": "长" * 60_000}, by=manager)
    other = staff_person("institution", "river.b", "13900000008", "江乙", second.actor.house, Role.PRODUCT_MANAGER)
    for somebody, wrong in ((other, NotFound), (second, NotAllowed), (hill_bank_admin, NotAllowed)):
        with pytest.raises(wrong):
            keep(typed={}, by=somebody.actor)
    with pytest.raises(NotFound):
        actions.discard(draft_id=notes, by=other.actor, at=MONDAY)
    actions.draft(institution_code=RIVER_BANK, terms=TAX_LOAN, draft_id=notes, by=manager, at=MONDAY)
    assert not queries.unfinished(manager)
    keep(typed={"name": "改"}, code=CODE, by=manager)
    assert [one.name for one in queries.unfinished(manager, code=CODE)] == ["改"]
    actions.write(code=CODE, terms=FACTORY_LOAN, by=manager, at=MONDAY)
    assert not queries.unfinished(manager, code=CODE)


def test_a_product_past_its_day_returns_with_a_new_version_and_the_bank_is_told_before(
    river, river_bank_product_manager, operator
):
    last = date(2026, 3, 18)
    listed(river_bank_product_manager, operator, replace(TAX_LOAN, listed_until=last))
    for days in range(20):
        actions.tend(by=platform("tend_products"), at=TUESDAY + timedelta(days=days))
    told = Notice.objects.filter(user_id=river_bank_product_manager.actor.id).order_by("id")
    assert [(one.template, one.made_at.date()) for one in told] == [
        ("product_expires", date(2026, 3, 3)), ("product_expired", date(2026, 3, 19)),
    ]  # fmt: skip
    actions.write(code=CODE, terms=TAX_LOAN, by=river_bank_product_manager.actor, at=TUESDAY)
    digest = actions.submit(code=CODE, by=river_bank_product_manager.actor, at=TUESDAY).submitted_digest
    actions.list_version(code=CODE, number=2, on_screen=confirmed(digest, 2), by=operator.actor, at=TUESDAY)
    assert product().state == State.LISTED
    [newest, first] = queries.history(product())
    assert ([row.label for row in newest[1]], first[1]) == (["上架截止日"], [])


def test_a_change_of_a_listed_product_is_a_new_version_and_a_new_review(river, river_bank_product_manager, operator):
    listed(river_bank_product_manager, operator)
    dearer = replace(TAX_LOAN, spread_max_bp=200)
    actions.write(code=CODE, terms=dearer, by=river_bank_product_manager.actor, at=TUESDAY)
    assert (product().state, product().current.number, product().current.spread_max_bp) == (State.LISTED, 1, 120)
    digest = actions.submit(code=CODE, by=river_bank_product_manager.actor, at=TUESDAY).submitted_digest
    confirmed(digest, 2)
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
    actions.send_back(code=CODE, number=1, ground="conditions", remark="请补充条件", by=operator.actor, at=MONDAY)
    actions.write(code=CODE, terms=FACTORY_LOAN, by=river_bank_product_manager.actor, at=MONDAY)
    confirmed(actions.submit(code=CODE, by=river_bank_product_manager.actor, at=MONDAY).submitted_digest)
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


def test_tending_forgets_old_changes_and_the_mark_moves(river, river_bank_product_manager, operator, monkeypatch):
    listed(river_bank_product_manager, operator)
    before, many = queries.market_mark(), MarketChange.objects.count()
    monkeypatch.setattr(actions, "CHANGES_KEPT", 2)
    actions.tend(by=platform("tend_products"), at=TUESDAY)
    assert MarketChange.objects.count() == 2 < many and queries.market_mark() != before


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


STEPS = ("write", "submit", "confirm", "list", "send_back", "pause", "resume", "delist", "tend")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=14))
def test_whatever_is_tried_in_whatever_order_the_market_shows_only_reviewed_versions(
    river, river_bank_product_manager, operator, second, steps
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
            "confirm": partial(
                actions.confirm, code=CODE, number=newest.number, on_screen=newest.content_digest(), by=second.actor
            ),
            "list": partial(
                actions.list_version, code=CODE, number=newest.number, on_screen=newest.content_digest(),
                by=operator.actor,
            ),
            "send_back": partial(
                actions.send_back, code=CODE, number=newest.number, ground="conditions", remark="请修改",
                by=operator.actor,
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
        assert now.current is None or now.current.confirmed_by not in ("", now.current.submitted_by)
        assert now.state not in (State.LISTED, State.PAUSED) or now.current is not None
