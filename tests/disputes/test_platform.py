"""What the platform itself reckoned is disputed at the operators' desk, by the same clock and answered in writing."""

from datetime import timedelta

import pytest

from jinfuyun.consents.models import Consent
from jinfuyun.disputes import actions, queries
from jinfuyun.disputes.models import Dispute, Overtaken
from jinfuyun.disputes.rules import PLATFORM, SCORE, State
from jinfuyun.disputes.tasks import tend
from jinfuyun.kit.errors import NotAllowed, NotFound
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Notice
from jinfuyun.reports.models import Report
from tests.cast import MONDAY, RIVER_BANK, THURSDAY, TUESDAY, WEDNESDAY, Firm, Person
from tests.disputes.stage import RIVER, raised, report_of
from tests.reports.test_scoring import lines

OF_THE_SCORE = (PLATFORM, SCORE)
ANSWER = "经复核，评分卡把一次更正申报重复计入，已修正。"


@pytest.fixture
def scored(consent: Consent, red_star: Firm) -> Report:
    return report_of(red_star, number="BG20260302000011", consent_number=consent.number, score=lines(0))


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(user_id=person.user_id).order_by("id").values_list("template", flat=True))


def test_the_score_is_disputed_at_the_operators_desk_with_twenty_days(scored, red_star, operator, tax_bureau):
    dispute = raised(scored, red_star, figure=OF_THE_SCORE)
    assert (dispute.department, (dispute.due_on - MONDAY.date()).days, told(operator)) == (
        PLATFORM, 20, ["dispute_raised"]
    )  # fmt: skip
    assert dispute.category_label == "平台测算"
    shown = queries.shown(dispute)
    assert shown.value.endswith("）") and "分（" in shown.value and len(shown.rows) == scored_rows()
    assert [one.number for one in queries.desk(operator.actor, "todo")] == [dispute.number]
    with pytest.raises(NotFound):
        queries.dispute(dispute.number, visible_to=tax_bureau.actor)
    assert queries.open_marks(red_star.uscc).keys() == {OF_THE_SCORE}


def scored_rows() -> int:
    return len(lines(0).marks)


def test_how_a_figure_is_reckoned_is_the_platforms_and_what_was_delivered_the_departments(
    own_report, red_star, operator, tax_bureau
):
    reckoned = raised(own_report, red_star, computed=True)
    listed = raised(own_report, red_star, figure=("invoices", "by_month"), computed=True)
    assert (reckoned.department, listed.department) == (PLATFORM, "tax")
    assert (told(operator), told(tax_bureau)) == (["dispute_raised"], ["dispute_raised"])


def test_an_operator_answers_for_the_platform_and_for_no_department(own_report, red_star, operator, tax_bureau):
    ours, theirs = (
        raised(own_report, red_star, computed=True),
        raised(own_report, red_star, figure=("invoices", "growth")),
    )
    with pytest.raises(NotAllowed):
        actions.take(dispute=ours, by=tax_bureau.actor, at=TUESDAY)
    with pytest.raises(NotAllowed):
        actions.take(dispute=theirs, by=operator.actor, at=TUESDAY)
    actions.take(dispute=ours, by=operator.actor, at=TUESDAY)
    actions.resolve(
        dispute=ours, answer="按口径，R12 含当月。", outcome="explained", correction="", by=operator.actor, at=WEDNESDAY
    )
    assert (ours.state, ours.answered_by) == (State.RESOLVED, operator.actor.label)


def test_put_right_it_names_a_report_made_since_and_readers_of_the_former_are_told(
    scored, consent, red_star, operator, river_bank_officer
):
    before = report_of(red_star, number="BG20260302000012", consent_number=consent.number, **RIVER, at=MONDAY)
    dispute = raised(scored, red_star, figure=OF_THE_SCORE)
    actions.take(dispute=dispute, by=operator.actor, at=TUESDAY)
    answer = {"answer": ANSWER, "outcome": "corrected", "by": operator.actor, "at": THURSDAY}
    for wrong in ("", scored.number, "20200220-000031"):
        with pytest.raises(NotInOrder, match="已经更正的报告编号"):
            actions.resolve(dispute=dispute, correction=wrong, **answer)
    fresh = report_of(red_star, number="BG20260304000013", consent_number=consent.number, at=WEDNESDAY, score=lines(1))
    report_of(red_star, number="BG20260304000014", consent_number=consent.number, **RIVER, at=WEDNESDAY + timedelta(1))
    actions.resolve(dispute=dispute, correction=fresh.number, **answer)
    assert [one.report for one in Overtaken.objects.all()] == [before]
    assert "report_corrected" in told(river_bank_officer) and before.reader_code == RIVER_BANK


def test_half_four_fifths_and_all_of_its_days_remind_the_operators_and_late_it_is_said_once(scored, red_star, operator):
    raised(scored, red_star, figure=OF_THE_SCORE)
    for days in (10, 16, 20, 21, 22):
        tend(at=MONDAY + timedelta(days=days))
    assert told(operator) == ["dispute_raised", *["dispute_reminded"] * 3, "dispute_late"]
    assert Dispute.objects.get().escalated_at == MONDAY + timedelta(days=21)
