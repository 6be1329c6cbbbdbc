"""投诉: filed, answered in time, rated, or taken up once to the regulator."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings

from jinfuyun.applications.models import Application
from jinfuyun.audit.models import Line
from jinfuyun.kit.actor import platform
from jinfuyun.kit.errors import NotAllowed, NotFound, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Notice
from jinfuyun.oversight import actions, queries
from jinfuyun.oversight.actions.complaints import Filed
from jinfuyun.oversight.models import Complaint
from jinfuyun.oversight.rules import COMPLAINT_LABELS, COMPLAINT_STEPS, Act, ComplaintState
from tests.cast import MONDAY, TUESDAY, Firm, Person

pytestmark = pytest.mark.usefixtures("db")
TEXT, SAID = "提交后一周没有人联系，电话打不通。", "已致歉并安排专人对接，申请已受理。"
OVER = MONDAY + timedelta(days=16)
PDF = b"%PDF-1.7 letter"


def filed(firm: Firm, at: Any = MONDAY, **typed: Any) -> Complaint:
    return actions.file_complaint(
        uscc=firm.uscc, filed=Filed("slow", TEXT, **typed), form_token=uuid4(), by=firm.owner, at=at
    )


@pytest.fixture
def complaint(
    late: Application, red_star: Firm, river_bank_officer: Person, fuzhou_regulator: Person, operator: Person
) -> Complaint:
    return filed(red_star, matter="application", number=late.number)


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(user_id=person.user_id).order_by("id").values_list("template", flat=True))


def test_it_goes_to_the_institution_and_the_regulator_of_the_place(
    complaint: Complaint, river_bank_officer: Person, hill_bank_officer: Person, fuzhou_regulator: Person,
    xiamen: Person, operator: Person, blue_sea: Firm,
) -> None:  # fmt: skip
    assert (complaint.against, complaint.due_on) == ("闽江银行", date(2026, 3, 17))
    for one in (river_bank_officer, fuzhou_regulator):
        assert queries.complaint(complaint.number, visible_to=one.actor) == complaint
        assert told(one) == ["complaint_filed"]
    for actor in (hill_bank_officer.actor, xiamen.actor, operator.actor, blue_sea.owner):
        with pytest.raises(NotFound):
            queries.complaint(complaint.number, visible_to=actor)
    assert not Notice.objects.filter(text__contains="电话打不通").exists()


def test_about_the_platform_it_goes_to_the_operators_and_to_the_regulator_when_it_goes_up(
    red_star: Firm, operator: Person, fuzhou_regulator: Person, river_bank_officer: Person
) -> None:
    one = filed(red_star, against="platform")
    assert (told(operator), told(fuzhou_regulator), one.against) == (["complaint_filed"], [], "平台")
    with pytest.raises(NotFound):
        queries.complaint(one.number, visible_to=fuzhou_regulator.actor)
    with pytest.raises(NotAllowed):
        actions.answer_complaint(complaint=one, text=SAID, by=river_bank_officer.actor, at=TUESDAY)
    actions.answer_complaint(complaint=one, text=SAID, by=operator.actor, at=TUESDAY)
    actions.raise_complaint(complaint=one, text="答非所问。", by=red_star.owner, at=TUESDAY)
    assert queries.complaint(one.number, visible_to=fuzhou_regulator.actor) == one


def test_answered_and_rated(complaint: Complaint, red_star: Firm, river_bank_officer: Person) -> None:
    actions.answer_complaint(complaint=complaint, text=SAID, by=river_bank_officer.actor, at=TUESDAY)
    for wrong in (0, 6):
        with pytest.raises(NotInOrder):
            actions.rate(complaint=complaint, satisfaction=wrong, by=red_star.owner, at=TUESDAY)
    actions.rate(complaint=complaint, satisfaction=4, by=red_star.owner, at=TUESDAY)
    assert (complaint.state, complaint.answer, complaint.satisfaction) == ("closed", SAID, 4)
    with pytest.raises(TooLate):
        actions.rate(complaint=complaint, satisfaction=1, by=red_star.owner, at=TUESDAY)
    booked = Line.objects.filter(subject=f"complaint:{complaint.number}", uscc=red_star.uscc).order_by("id")
    assert [line.action for line in booked] == ["complaint.file", "complaint.answer", "complaint.rate"]


def test_once_up_to_the_regulator(
    complaint: Complaint, red_star: Firm, river_bank_officer: Person, fuzhou_regulator: Person, xiamen: Person
) -> None:
    with pytest.raises(TooLate):  # nobody is late yet
        actions.raise_complaint(complaint=complaint, text="太慢了。", by=red_star.owner, at=TUESDAY)
    actions.answer_complaint(complaint=complaint, text=SAID, by=river_bank_officer.actor, at=TUESDAY)
    actions.raise_complaint(complaint=complaint, text="仍然没有人联系。", by=red_star.owner, at=TUESDAY)
    assert (complaint.due_on, complaint.answer_due_on) == (date(2026, 3, 18), date(2026, 3, 17))
    with pytest.raises(NotFound):
        actions.settle(complaint=complaint, text=SAID, by=xiamen.actor, at=TUESDAY)
    actions.settle(complaint=complaint, text="已约谈该行，申请今日受理。", by=fuzhou_regulator.actor, at=TUESDAY)
    with pytest.raises(TooLate):
        actions.raise_complaint(complaint=complaint, text="再上报一次。", by=red_star.owner, at=TUESDAY)
    actions.rate(complaint=complaint, satisfaction=2, by=red_star.owner, at=TUESDAY)
    assert told(fuzhou_regulator) == ["complaint_filed", "complaint_raised"]


def test_without_any_answer_it_goes_up_when_the_clock_is_over(complaint: Complaint, red_star: Firm) -> None:
    actions.raise_complaint(complaint=complaint, text="到期没有答复。", by=red_star.owner, at=OVER)
    assert complaint.state == "raised"


def test_an_open_one_may_be_put_to_the_institution_by_a_note(complaint: Complaint, fuzhou_regulator: Person) -> None:
    note = actions.send_note(
        about="complaint", number=complaint.number, text="请按期答复企业。", days=2, by=fuzhou_regulator.actor, at=OVER
    )
    assert note.institution == complaint.institution


def test_the_table_and_the_code_agree(
    complaint: Complaint, red_star: Firm, river_bank_officer: Person, fuzhou_regulator: Person
) -> None:
    owner, at, by = {"by": red_star.owner, "at": OVER}, OVER, platform("test")
    verbs = {
        Act.ANSWER: lambda: actions.answer_complaint(
            complaint=complaint, text=SAID, by=river_bank_officer.actor, at=at
        ),
        Act.RAISE: lambda: actions.raise_complaint(complaint=complaint, text=SAID, **owner),
        Act.SETTLE: lambda: actions.settle(complaint=complaint, text=SAID, by=fuzhou_regulator.actor, at=at),
        Act.RATE: lambda: actions.rate(complaint=complaint, satisfaction=5, **owner),
        Act.WITHDRAW: lambda: actions.withdraw(complaint=complaint, **owner),
        Act.LAPSE: lambda: actions.lapse_answered(by=by, at=at),
    }
    assert {one.act for one in COMPLAINT_STEPS} == {*verbs, Act.FILE}
    assert {one.target for one in COMPLAINT_STEPS} == set(ComplaintState) == set(COMPLAINT_LABELS)
    for state in ComplaintState:
        for act, verb in verbs.items():
            Complaint.objects.filter(pk=complaint.pk).update(
                state=state, state_at=MONDAY - timedelta(days=31), due_on=MONDAY.date()
            )
            complaint.refresh_from_db()
            step = next((one for one in COMPLAINT_STEPS if one.act is act and state in one.sources), None)
            if act is Act.LAPSE:
                assert verb() == (step is not None)
                complaint.refresh_from_db()
            elif step is None:
                with pytest.raises(TooLate):
                    verb()
                continue
            else:
                verb()
            assert complaint.state == (step.target if step else state), (state, act)


def test_reminded_before_the_end_and_late_after_it(
    complaint: Complaint, river_bank_officer: Person, fuzhou_regulator: Person
) -> None:
    counts = [actions.remind(by=platform("test"), at=MONDAY + timedelta(days=day)) for day in (11, 12, 15, 16, 17)]
    assert counts == [0, 1, 0, 1, 0]
    assert told(river_bank_officer) == ["complaint_filed", "complaint_reminded", "complaint_late"]
    assert told(fuzhou_regulator) == ["complaint_filed", "complaint_late"]


def test_one_page_makes_one_complaint(red_star: Firm, operator: Person) -> None:
    token = uuid4()
    told = {"uscc": red_star.uscc, "filed": Filed("other", TEXT, "platform"), "by": red_star.owner, "at": MONDAY}
    assert {actions.file_complaint(**told, form_token=token).pk for _ in range(2)} == {Complaint.objects.get().pk}


def test_only_about_ones_own_business_and_those_one_dealt_with(
    late: Application, red_star: Firm, blue_sea: Firm
) -> None:
    with pytest.raises(NotFound):
        filed(blue_sea, matter="application", number=late.number)
    with pytest.raises(NotFound):
        filed(red_star, matter="reading", number="BG1")
    with pytest.raises(NotInOrder):
        filed(blue_sea, against="RIVER")
    assert filed(red_star, against="RIVER").against == "闽江银行"


def test_a_file_is_kept_sealed_and_handed_to_who_sees_the_complaint(
    red_star: Firm, late: Application, river_bank_officer: Person, fuzhou_regulator: Person, xiamen: Person,
    settings: LazySettings,
) -> None:  # fmt: skip
    with pytest.raises(NotInOrder):
        filed(red_star, against="RIVER", file_name="x.pdf", content=b"MZ program")
    one = filed(red_star, against="RIVER", file_name="催办记录.pdf", content=PDF)
    for actor in (red_star.owner, river_bank_officer.actor, fuzhou_regulator.actor):
        assert actions.fetch_file(number=one.number, by=actor, at=TUESDAY).content == PDF
    with pytest.raises(NotFound):
        actions.fetch_file(number=one.number, by=xiamen.actor, at=TUESDAY)
    assert Line.objects.filter(action="complaint.file_fetched", uscc=red_star.uscc).count() == 3
    settings.VIRUS_SCANNER = "false"  # a scanner that finds something in everything
    Complaint.objects.update(file_state="waiting")
    actions.scan_file(complaint_id=str(one.pk), by=platform("test"), at=TUESDAY)
    with pytest.raises(NotFound):
        actions.fetch_file(number=one.number, by=red_star.owner, at=TUESDAY)


def test_files_go_in_the_end(red_star: Firm, operator: Person) -> None:
    one = filed(red_star, against="platform", file_name="x.pdf", content=PDF)
    actions.withdraw(complaint=one, by=red_star.owner, at=TUESDAY)
    by, later = platform("test"), TUESDAY + timedelta(days=3 * 365)
    assert [actions.erase_files(by=by, at=later + timedelta(days=day)) for day in (0, 1, 2)] == [0, 1, 0]
