"""A department takes a delivery back: with a reason, once, its own only; the book says who and why."""

import pytest

from jinfuyun.audit.models import Line
from jinfuyun.data import door
from jinfuyun.deliveries import actions, queries, tasks
from jinfuyun.deliveries.models import Withdrawal
from jinfuyun.kit.errors import NotFound, TooLate
from tests.cast import MONDAY, TUESDAY


def test_a_delivery_is_taken_back_once_with_a_reason_and_booked(delivered, tax_bureau):
    number = delivered[1].number
    actions.withdraw(number=number, because="送错了月份", by=tax_bureau.actor, at=MONDAY)
    with pytest.raises((TooLate, actions.CannotWithdraw)):
        actions.withdraw(number=number, because="再来", by=tax_bureau.actor, at=MONDAY)
    assert queries.why_not_withdraw(number, at=MONDAY).startswith("这一批次正在撤回")
    for _ in range(2):  # a job that is done again changes nothing
        tasks.withdraw_delivery(number=number, at=TUESDAY)
    story = queries.story(number, visible_to=tax_bureau.actor)
    assert (story.delivery.state, story.delivery.withdrawn_because) == ("withdrawn", "送错了月份")
    assert (story.rows, story.waiting, story.withdrawal.done_at) == ([], 0, TUESDAY)
    lines = Line.objects.filter(subject=f"delivery:{number}").order_by("pk")
    assert [line.action for line in lines] == ["delivery.withdrawal_asked", "delivery.withdrawn"]
    assert (lines[0].actor, lines[0].detail) == (tax_bureau.user_id, {"because": "送错了月份"})
    with pytest.raises(actions.NothingToCorrect):
        actions.take_quarantine(number=number, kind="csv", by=tax_bureau.actor, at=TUESDAY)


def test_nothing_happens_before_the_job_ran(delivered, tax_bureau):
    actions.withdraw(number=delivered[1].number, because="x", by=tax_bureau.actor, at=MONDAY)
    assert queries.delivery(delivered[1].number, visible_to=tax_bureau.actor).state == "partly_loaded"


def test_neither_another_department_s_nor_a_refused_one_is_taken_back(delivered, tax_bureau, operator):
    """Seen red with the look-up not limited to the department."""
    for number, who in ((delivered[0].number, tax_bureau), (delivered[1].number, operator), ("nothing", tax_bureau)):
        with pytest.raises(NotFound):
            actions.withdraw(number=number, because="x", by=who.actor, at=MONDAY)
    with pytest.raises(actions.CannotWithdraw):
        actions.withdraw(number=delivered[3].number, because="x", by=tax_bureau.actor, at=MONDAY)
    assert not Withdrawal.objects.exists()


def test_the_effects_are_told_before_and_change_nothing(delivered, tax_bureau):
    before = door.release_number()
    seen = queries.withdrawal_effects(delivered[1].number)
    assert (seen.standing, seen.older_again, seen.gone, seen.quarantined) == (2, 0, 2, 3)
    assert door.release_number() == before
