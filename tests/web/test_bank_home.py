"""The institution's home: what is due and late, how the own branches do, and no query more for more of it.

Seen red, each alone: the time counted from the move before, another bank's applications counted, a query per row.
"""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jinfuyun.applications import actions, queries
from jinfuyun.applications.models import Application
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from tests import market
from tests.applications.steps import to_offer
from tests.cast import MONDAY, given
from tests.institutions.test_units import person_at, unit
from tests.market import RIVER, applied
from tests.web.inside import inside

AFTERWARDS = MONDAY.date() + timedelta(days=30)


def banks(red_star) -> None:
    for code in ("RIVER001", "RIVER002", "RIVER003"):
        market.product(code=code, of=market.institution(RIVER))
    market.product(code="HILL001", of=market.institution(market.HILL))
    given(red_star)


def test_conversion_and_times_are_counted_from_the_moves_by_unit(
    db, red_star, river_bank_admin, river_bank_officer, river_bank_approver, hill_bank_officer
):
    banks(red_star)
    to_offer(applied(red_star), river_bank_officer.actor, river_bank_approver.actor)  # offered on Wednesday
    branch = unit(river_bank_admin, "福州分行", ("350100",))
    at_branch = person_at(branch, "river.fz")
    made = applied(red_star, product_code="RIVER002")
    actions.accept(
        application=made,
        caller_name="江分行",
        caller_phone="95588",
        by=at_branch.actor,
        at=MONDAY + timedelta(hours=12),
    )
    applied(red_star, product_code="RIVER003")
    applied(red_star, product_code="HILL001")
    head, fuzhou = queries.funnels(river_bank_officer.actor, AFTERWARDS)
    assert (head.unit, head.received, head.accepted, head.approved, head.drawn) == ("总部", 1, 1, 1, 0)
    assert (head.accept_days, head.approve_days, head.drawn_days) == (0.0, 2.0, None)
    assert (fuzhou.unit, fuzhou.received, fuzhou.accepted, fuzhou.accept_days) == ("福州分行", 2, 1, 0.5)
    assert fuzhou.share(fuzhou.accepted) == "50%"
    assert [one.unit for one in queries.funnels(at_branch.actor, AFTERWARDS)] == ["福州分行"]
    assert queries.funnels(river_bank_officer.actor, AFTERWARDS + timedelta(days=90)) == []


def test_home_says_what_is_due_and_late_and_the_last_messages(db, red_star, river_bank_admin, river_bank_officer):
    banks(red_star)
    late, today = applied(red_star), applied(red_star, product_code="RIVER002")
    Application.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    Application.objects.filter(pk=today.pk).update(due_on=timezone.localdate())
    counts = queries.tray_counts(river_bank_officer.actor, timezone.localdate())
    assert (counts["todo"], counts["today"], counts["late"]) == (2, 1, 1)
    words = {"person": "江经理", "count": "3"}
    notify(user_id=river_bank_officer.user_id, template=Template.WORK_HANDED_OVER, context=words, at=timezone.now())
    assert "江经理的 3 项在办业务" in inside(river_bank_officer).get("/bank/").content.decode()
    assert "转派超时的申请（1）" in inside(river_bank_admin).get("/bank/").content.decode()


def test_more_applications_and_branches_need_no_more_queries(db, red_star, river_bank_admin, river_bank_officer):
    banks(red_star)
    applied(red_star)
    client = inside(river_bank_officer)

    def needed() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get("/bank/").status_code == 200
        return len(found)

    before = needed()
    for number, name in enumerate(("福州分行", "厦门分行", "泉州分行")):
        person_at(unit(river_bank_admin, name, (f"350{number + 1}00",)), f"river.{number}")
    applied(red_star, product_code="RIVER002")
    applied(red_star, product_code="RIVER003")
    assert needed() == before <= 30
