"""Once a day the platform reminds, marks what is late, and closes what was answered long ago; each of it once."""

from datetime import timedelta

import pytest

from jinfuyun.audit.models import Line
from jinfuyun.disputes import actions, queries, tasks
from jinfuyun.disputes.actions import platform
from jinfuyun.disputes.models import Dispute
from jinfuyun.disputes.rules import State
from jinfuyun.kit.actor import platform as platform_actor
from jinfuyun.kit.jobs import Job
from jinfuyun.notifications.models import Notice
from jinfuyun.reports.models import Report
from tests.cast import MONDAY, TUESDAY, Firm, Person
from tests.disputes.stage import raised


def days(number: int) -> timedelta:
    return timedelta(days=number)


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(user_id=person.user_id).order_by("id").values_list("template", flat=True))


def test_the_department_is_reminded_three_times_however_often_the_clock_strikes(
    dispute: Dispute, tax_bureau: Person, power_company: Person
) -> None:
    for day in range(21):
        for _ in range(2):
            tasks.tend(at=MONDAY + days(day))
    assert told(tax_bureau) == ["dispute_raised", *["dispute_reminded"] * 3]
    assert told(power_company) == []
    percents = [line.detail["percent"] for line in Line.objects.filter(action="dispute.reminded").order_by("id")]
    assert percents == [50, 80, 100]


def test_a_worker_that_was_down_for_days_reminds_once(dispute: Dispute, tax_bureau: Person) -> None:
    tasks.tend(at=MONDAY + days(17))
    assert told(tax_bureau) == ["dispute_raised", "dispute_reminded"]
    dispute.refresh_from_db()
    assert dispute.reminded_percent == 80


def test_what_is_late_comes_to_the_operators_desk_once(
    dispute: Dispute, tax_bureau: Person, operator: Person
) -> None:  # fmt: skip
    on_time = (MONDAY + days(20)).date()
    tasks.tend(at=MONDAY + days(20))
    assert not queries.late(operator.actor, today=on_time).exists() and told(operator) == []
    for day in (21, 22):
        tasks.tend(at=MONDAY + days(day))
    assert told(operator) == ["dispute_late"] and told(tax_bureau).count("dispute_late") == 1
    late = queries.late(operator.actor, today=on_time + days(1))
    assert [one.number for one in late] == [dispute.number]
    assert not queries.late(tax_bureau.actor, today=on_time + days(1)).exists()
    assert queries.tray_counts(tax_bureau.actor, on_time + days(1))["late"] == 1


def test_what_is_answered_while_others_are_told_is_not_late(
    dispute: Dispute, own_report: Report, red_star: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red: whatever was late when the round began was booked and told as late."""
    raised(own_report, red_star, figure=("electricity", "kwh_r12"))

    def answered_meanwhile(*, context: dict[str, str], **_: object) -> None:
        Dispute.objects.exclude(number=context["number"]).update(state=State.CLOSED)

    monkeypatch.setattr(platform, "tell_house", answered_meanwhile)
    assert actions.escalate(by=platform_actor(Job.TEND_DISPUTES), at=MONDAY + days(21)) == 1
    assert Line.objects.filter(action="dispute.escalated").count() == 1


def test_a_question_back_does_not_stop_the_clock(dispute: Dispute, tax_bureau: Person, operator: Person) -> None:
    actions.take(dispute=dispute, by=tax_bureau.actor, at=TUESDAY)
    actions.ask_more(dispute=dispute, text="请补充", by=tax_bureau.actor, at=TUESDAY)
    tasks.tend(at=MONDAY + days(21))
    assert "dispute_late" in told(operator)


def test_an_answer_nobody_reacts_to_is_closed_after_a_month(
    dispute: Dispute, tax_bureau: Person, red_star: Firm
) -> None:  # fmt: skip
    actions.take(dispute=dispute, by=tax_bureau.actor, at=TUESDAY)
    actions.reject(dispute=dispute, ground="as_recorded", answer="与申报一致。", by=tax_bureau.actor, at=TUESDAY)
    tasks.tend(at=TUESDAY + days(30))
    dispute.refresh_from_db()
    assert dispute.state == State.REJECTED
    tasks.tend(at=TUESDAY + days(31))
    dispute.refresh_from_db()
    assert (dispute.state, dispute.answer) == (State.CLOSED, "与申报一致。")
    assert told(tax_bureau) == ["dispute_raised"]
