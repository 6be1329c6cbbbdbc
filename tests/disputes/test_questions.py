"""Why did you read my report? One click, five working days, a written answer."""

from datetime import date, timedelta

import pytest

from jinfuyun.audit.models import Line
from jinfuyun.consents.models import Consent
from jinfuyun.disputes import actions, queries, tasks
from jinfuyun.disputes.models import Question
from jinfuyun.kit.actor import PLATFORM_HOUSE, House, HouseKind, Role, platform
from jinfuyun.kit.calendar import Notices
from jinfuyun.kit.errors import NotAllowed, NotFound, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Notice
from jinfuyun.reports.models import Report
from tests.cast import FRIDAY, MONDAY, TUESDAY, WEDNESDAY, Firm, Person, staff_person
from tests.disputes.stage import RIVER, report_of

WRITTEN = "为贵企业 RZ1 申请贷前审查，客户经理查询一次。"


@pytest.fixture
def theirs(consent: Consent, red_star: Firm) -> Report:
    return report_of(red_star, number="BG20260302000009", consent_number=consent.number, **RIVER)


@pytest.fixture
def question(theirs: Report, red_star: Firm, river_bank_officer: Person) -> Question:
    return actions.ask(uscc=red_star.uscc, report_number=theirs.number, by=red_star.owner, at=MONDAY)


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(user_id=person.user_id).order_by("id").values_list("template", flat=True))


def test_the_institution_has_five_working_days(question: Question, river_bank_officer: Person) -> None:
    assert question.due_on == date(2026, 3, 9)
    assert told(river_bank_officer) == ["question_asked"]
    assert [one.number for one in queries.question_desk(river_bank_officer.actor, "todo")] == [question.number]


def test_once_a_report(question: Question, theirs: Report, red_star: Firm, river_bank_officer: Person) -> None:
    again = actions.ask(uscc=red_star.uscc, report_number=theirs.number, by=red_star.owner, at=TUESDAY)
    assert again.pk == question.pk and told(river_bank_officer) == ["question_asked"]


def test_the_answer_reaches_the_enterprise(question: Question, river_bank_officer: Person, red_star: Firm) -> None:
    actions.answer(question=question, answer=WRITTEN, by=river_bank_officer.actor, at=TUESDAY)
    found = queries.questions_about([question.report.number], visible_to=red_star.owner)
    assert found[question.report.number].answer == WRITTEN
    assert Notice.objects.filter(user_id=red_star.owner.id, template="question_answered").exists()
    assert not Notice.objects.filter(text__contains="贷前审查，客户经理").exists()
    booked = Line.objects.filter(subject=f"question:{question.number}").order_by("id").values_list("action", flat=True)
    assert list(booked) == ["question.asked", "question.answered"]
    with pytest.raises(TooLate):
        actions.answer(question=question, answer="再补一句。", by=river_bank_officer.actor, at=WEDNESDAY)


def test_an_answer_is_written(question: Question, river_bank_officer: Person) -> None:
    with pytest.raises(NotInOrder):
        actions.answer(question=question, answer=" ", by=river_bank_officer.actor, at=TUESDAY)


def test_nobody_else_asks_sees_or_answers(
    question: Question, theirs: Report, blue_sea: Firm, hill_bank_officer: Person, river_bank_product_manager: Person
) -> None:
    with pytest.raises(NotFound):
        actions.ask(uscc=blue_sea.uscc, report_number=theirs.number, by=blue_sea.owner, at=TUESDAY)
    for stranger in (blue_sea.owner, hill_bank_officer.actor):
        with pytest.raises(NotFound):
            queries.question(question.number, visible_to=stranger)
    for person in (hill_bank_officer, river_bank_product_manager):
        with pytest.raises(NotAllowed):
            actions.answer(question=question, answer=WRITTEN, by=person.actor, at=TUESDAY)


def test_the_own_report_cannot_be_asked_about(own_report: Report, red_star: Firm) -> None:
    with pytest.raises(NotFound):
        actions.ask(uscc=red_star.uscc, report_number=own_report.number, by=red_star.owner, at=TUESDAY)


def test_what_is_late_is_listed_for_the_operator_and_the_regulator_of_the_place(
    question: Question, river_bank_officer: Person, operator: Person, fuzhou_regulator: Person
) -> None:
    house = House(HouseKind.REGION, "350200")
    xiamen = staff_person("regulator", "xiamen", "13700000077", "厦监管", house, Role.REGULATOR).actor
    province_house = House(HouseKind.REGION, "350000")
    province = staff_person("regulator", "province", "13700000078", "省监管", province_house, Role.REGULATOR).actor
    due = MONDAY + timedelta(days=7)
    tasks.tend(at=due)
    assert not queries.late_questions(operator.actor, today=due.date()).exists()
    for days in (1, 2):
        tasks.tend(at=due + timedelta(days=days))
    after = due.date() + timedelta(days=1)
    listed = {who: queries.late_questions(who, today=after).count() for who in (operator.actor, fuzhou_regulator.actor)}
    assert set(listed.values()) == {1}
    assert [
        queries.late_questions(who, today=after).count() for who in (xiamen, province, river_bank_officer.actor)
    ] == [0, 1, 0]
    assert told(operator) == ["question_late"] and told(river_bank_officer) == ["question_asked", "question_late"]
    assert operator.actor.house == PLATFORM_HOUSE


def test_days_counted_without_a_notice_are_counted_again_when_it_comes(question: Question) -> None:
    Question.objects.filter(pk=question.pk).update(due_provisional=True)
    notices = Notices(frozenset({FRIDAY.date()}), frozenset(), frozenset({2026}))
    assert actions.set_clocks_right(by=platform("test"), at=TUESDAY, notices=notices) == 1
    question.refresh_from_db()
    assert (question.due_on, question.due_provisional) == (date(2026, 3, 10), False)
