"""Several clicks in the same instant are one dispute, one question, one answer."""

from jinfuyun.disputes import actions
from jinfuyun.disputes.models import Dispute, Question, Step
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.grant import Category
from jinfuyun.notifications.models import Notice
from tests.at_once import all_at_once
from tests.cast import MONDAY, TUESDAY, Firm, Person, given
from tests.disputes.stage import RIVER, department_person, raised, report_of

CLICKS = 8


def test_clicks_at_once_have_one_effect(committed_db: None, red_star: Firm, river_bank_officer: Person) -> None:
    consent, bureau = given(red_star, utilities=(Category.ELECTRICITY,)), department_person("tax", 1)
    number = consent.number
    own = report_of(red_star, number="BG20260302000001", consent_number=number)
    theirs = report_of(red_star, number="BG20260302000002", consent_number=number, **RIVER)

    assert all_at_once(lambda _: raised(own, red_star), TooLate, CLICKS) == CLICKS
    dispute = Dispute.objects.get()
    assert Notice.objects.filter(template="dispute_raised").count() == 1

    asked = {"uscc": red_star.uscc, "report_number": theirs.number, "by": red_star.owner, "at": MONDAY}
    assert all_at_once(lambda _: actions.ask(**asked), TooLate, CLICKS) == CLICKS
    question = Question.objects.get()

    actions.take(dispute=dispute, by=bureau.actor, at=TUESDAY)

    def answers(click: int) -> None:
        seen = Dispute.objects.get(pk=dispute.pk)
        actions.reject(dispute=seen, ground="as_recorded", answer=f"第 {click} 次答复。", by=bureau.actor, at=TUESDAY)

    assert all_at_once(answers, TooLate, CLICKS) == 1
    answer = Dispute.objects.get().answer
    assert [step.said for step in Step.objects.filter(act="reject")] == [answer]

    def replies(click: int) -> None:
        seen = Question.objects.get(pk=question.pk)
        actions.answer(question=seen, answer=f"第 {click} 次答复。", by=river_bank_officer.actor, at=TUESDAY)

    assert all_at_once(replies, TooLate, CLICKS) == 1
