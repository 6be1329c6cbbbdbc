"""Targets: by place and institution, counted from the table's own definitions, live or closed.

Seen red: with the place not asked, with the institution not asked, and with closed months not read.
"""

from datetime import timedelta

import pytest

from jinfuyun.kit.actor import platform
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.supervision import actions
from jinfuyun.supervision.models import Target
from jinfuyun.supervision.queries import targets
from jinfuyun.supervision.queries.targets import Wanted
from jinfuyun.supervision.rules import Pace, pace_of
from tests.cast import MONDAY
from tests.demands.stage import bank
from tests.supervision import scene
from tests.supervision.scene import WAN, regulator

PROVINCE, FUZHOU, XIAMEN = regulator("350000"), regulator("350100"), regulator("350200")
LATER = MONDAY + timedelta(days=35)


@pytest.fixture
def business(db, red_star_owner):
    scene.three_cities(red_star_owner)


def wanted(indicator="funded_fen", region_code="350100", institution_code="", goal=300 * WAN, **more):
    return Wanted(indicator, region_code, institution_code, more.pop("since", "2026-03"), "2026-03", goal, **more)


def stands(target: Wanted, by=PROVINCE, at=MONDAY + timedelta(days=1)):
    made = actions.set_target(wanted=target, by=by, at=MONDAY)
    [found] = targets.progress(Target.objects.filter(pk=made.pk), at=at)
    return found


def test_a_figure_is_counted_in_its_place_and_at_its_institution(business):
    assert [stands(wanted(region_code=code)).value for code in ("350000", "350100", "350102", "350200", "350128")] == [
        350 * WAN, 150 * WAN, 150 * WAN, 200 * WAN, 0
    ]  # fmt: skip
    assert stands(wanted(institution_code="MLYH")).value == 150 * WAN
    bank("HILL", 4)
    assert stands(wanted(institution_code="HILL")).value == 0
    assert stands(wanted("first_share", institution_code="MLYH", goal=1)).value == 6667


def test_a_closed_month_is_read_and_not_counted_again(business):
    before = stands(wanted(), at=LATER)
    actions.close(month="2026-03", by=platform("test"), at=LATER)
    scene.funded(scene.enterprise(9, scene.FUZHOU), wan=40)
    after = stands(wanted(), at=LATER)
    assert (before.closed, after.closed, before.value, after.value) == (False, True, 150 * WAN, 150 * WAN)
    assert stands(wanted(since="2026-02"), at=LATER).value == 190 * WAN  # February is not closed
    assert stands(wanted("authenticated", since="2026-02", goal=9), at=LATER).closed  # a stock: the last month is


def test_who_may_set_what(business):
    for refused, field in (
        (wanted(region_code="350200"), "region_code"), (wanted("registered"), "indicator"),
        (wanted("demands", institution_code="MLYH"), "institution_code"), (wanted(goal=0), "goal"),
        (wanted(institution_code="NOBODY"), "institution_code"), (wanted(since="2026-04"), "period"),
    ):  # fmt: skip
        with pytest.raises(NotInOrder) as refusal:
            actions.set_target(wanted=refused, by=FUZHOU, at=MONDAY)
        assert [reason.field for reason in refusal.value.reasons] == [field]
    target = actions.set_target(wanted=wanted(), by=FUZHOU, at=MONDAY)
    assert actions.set_target(wanted=wanted(goal=7), by=FUZHOU, at=MONDAY).pk == target.pk
    with pytest.raises(TooLate):
        actions.drop_target(target=target, by=XIAMEN, at=MONDAY)
    actions.drop_target(target=target, by=FUZHOU, at=MONDAY)
    assert not Target.objects.exists()


@pytest.mark.parametrize(("value", "at_most", "elapsed_bp", "pace"), [
    (None, False, 5000, Pace.UNKNOWN), (50, False, 0, Pace.NOT_BEGUN), (50, False, 5000, Pace.AHEAD),
    (49, False, 5000, Pace.BEHIND), (100, False, 9000, Pace.REACHED), (99, False, 10_000, Pace.MISSED),
    (100, True, 10, Pace.WITHIN), (101, True, 10, Pace.OVER),
])  # fmt: skip
def test_the_pace_in_words(value, at_most, elapsed_bp, pace):
    assert pace_of(value, 100, at_most=at_most, elapsed_bp=elapsed_bp) is pace
