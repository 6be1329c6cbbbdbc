"""After a product was handed in: sent back with a coded reason, paused by either side, expired."""

from functools import partial

import pytest

from jinfuyun.kit.actor import platform
from jinfuyun.kit.errors import NotAllowed, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Notice
from jinfuyun.products import actions, queries
from jinfuyun.products.models import Product, Version
from jinfuyun.products.rules import MOVES, Review, State
from tests.cast import MONDAY, TUESDAY
from tests.market import FACTORY_LOAN
from tests.products.test_publishing import CODE, confirmed, handed_in, listed, product


def test_who_sends_back_names_a_reason_of_his_own_desk(river, river_bank_product_manager, second, operator):
    back = partial(actions.send_back, code=CODE, number=1, remark="请改正", at=MONDAY)
    digest = handed_in(river_bank_product_manager)
    for code in ("", "made_up", "licence", "outside_licence"):
        with pytest.raises(NotInOrder, match="请选择原因"):
            back(ground=code, by=second.actor)
    confirmed(digest)
    for code in ("", "own_policy", "as_recorded"):
        with pytest.raises(NotInOrder, match="请选择原因"):
            back(ground=code, by=operator.actor)
    back(ground="outside_licence", by=operator.actor)


def test_what_was_sent_back_before_there_were_codes_is_shown_as_it_was_written(river, river_bank_product_manager):
    handed_in(river_bank_product_manager)
    Version.objects.update(review=Review.RETURNED, remark="利率写法不清楚")
    found = queries.version(CODE, visible_to=river_bank_product_manager.actor)
    assert found.sent_back_because == "利率写法不清楚"


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


def test_the_day_after_its_last_one_a_product_expires_from_where_the_table_lets_it(
    river, river_bank_product_manager, operator
):
    listed(river_bank_product_manager, operator)
    Version.objects.update(listed_until=MONDAY.date())
    sources, target = MOVES["expire"]
    for start in State:
        Product.objects.filter(code=CODE).update(state=start)
        actions.tend(by=platform("tend_products"), at=MONDAY)
        assert product().state == start
        actions.tend(by=platform("tend_products"), at=TUESDAY)
        assert product().state == (target if start in sources else start)


def test_only_the_side_that_paused_a_product_puts_it_back(river, river_bank_product_manager, operator, hill_bank_admin):
    listed(river_bank_product_manager, operator)
    manager = river_bank_product_manager.actor
    resume = partial(actions.resume, code=CODE, why="核查完毕", at=TUESDAY)
    actions.pause(code=CODE, why="投诉核查期间", by=operator.actor, at=TUESDAY)
    assert (product().paused_by, product().paused_why) == ("platform", "投诉核查期间")
    told = {str(one.user_id): one.text for one in Notice.objects.filter(template="product_paused")}
    assert list(told) == [manager.id] and "投诉核查期间" in told[manager.id]
    with pytest.raises(actions.PausedByPlatform, match="由平台暂停"):
        resume(by=manager)
    with pytest.raises(NotAllowed):
        resume(by=hill_bank_admin.actor)
    resume(by=operator.actor)
    assert (product().state, product().paused_by) == (State.LISTED, "")
    actions.pause(code=CODE, why="额度用完", by=manager, at=TUESDAY)
    with pytest.raises(NotAllowed):
        resume(by=operator.actor)
    resume(by=manager)
    assert Notice.objects.filter(template="product_paused").count() == 1


def test_a_product_paused_before_it_was_kept_by_whom_is_put_back_by_its_institution(
    river, river_bank_product_manager, operator
):
    listed(river_bank_product_manager, operator)
    Product.objects.filter(code=CODE).update(state=State.PAUSED)
    actions.resume(code=CODE, why="核查完毕", by=river_bank_product_manager.actor, at=TUESDAY)


def test_a_reason_is_wanted(river, river_bank_product_manager, operator):
    listed(river_bank_product_manager, operator)
    for why in ("", " ", "长" * 201):
        with pytest.raises(NotInOrder):
            actions.pause(code=CODE, why=why, by=river_bank_product_manager.actor, at=TUESDAY)


def test_a_product_taken_off_for_good_does_not_come_back_with_the_version_in_review(
    river, river_bank_product_manager, operator
):
    """Seen red: an operator who approved the next version put the product back on the market."""
    listed(river_bank_product_manager, operator)
    by = river_bank_product_manager.actor
    actions.write(code=CODE, terms=FACTORY_LOAN, by=by, at=TUESDAY)
    digest = confirmed(actions.submit(code=CODE, by=by, at=TUESDAY).submitted_digest, number=2)
    actions.delist(code=CODE, why="产品停办", by=by, at=TUESDAY)
    assert not queries.in_review()
    with pytest.raises(TooLate):
        actions.list_version(code=CODE, number=2, on_screen=digest, by=operator.actor, at=TUESDAY)
    with pytest.raises(TooLate):
        actions.submit(code=CODE, by=by, at=TUESDAY)
    assert product().state == State.DELISTED
