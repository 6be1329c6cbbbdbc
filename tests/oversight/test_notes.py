"""督办: what is late in one's region, the way to call back, a note, its answer, its end."""

from datetime import date, timedelta

import pytest

from jinfuyun.applications import actions as applications
from jinfuyun.applications.models import Application
from jinfuyun.applications.queries import TRAYS
from jinfuyun.audit.models import Line
from jinfuyun.kit.actor import platform
from jinfuyun.kit.calendar import Notices
from jinfuyun.kit.errors import NotAllowed, NotFound, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Notice
from jinfuyun.oversight import actions, queries
from jinfuyun.oversight.models import Note
from jinfuyun.oversight.rules import CLOCKS, NOTE_LABELS, NOTE_STEPS, Act, NoteState
from tests.cast import Firm, Person
from tests.oversight.conftest import LATER

TODAY = LATER.date()
TEXT, SAID = "该申请受理已超时，请说明原因并办理。", "已由支行受理并联系企业。"


@pytest.fixture
def note(late: Application, fuzhou_regulator: Person, river_bank_officer: Person) -> Note:
    return actions.send_note(
        about="application", number=late.number, text=TEXT, days=3, by=fuzhou_regulator.actor, at=LATER
    )


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(user_id=person.user_id).order_by("id").values_list("template", flat=True))


def seen(person: Person) -> list[str]:
    return [one.number for one in queries.late(person.actor, today=TODAY)]


def test_the_late_list_holds_what_is_late_in_the_region_and_nothing_else(
    late: Application, fuzhou_regulator: Person, province: Person, xiamen: Person, pingtan: Person,
    river_bank_officer: Person, operator: Person,
) -> None:  # fmt: skip
    assert seen(fuzhou_regulator) == seen(province) == [late.number]
    assert [seen(one) for one in (xiamen, pingtan, river_bank_officer, operator)] == [[], [], [], []]
    assert not queries.late(fuzhou_regulator.actor, today=late.due_on)  # the last day counts in full
    assert not queries.late(province.actor, today=TODAY, city="350200")
    assert not queries.late(province.actor, today=TODAY, institution="HILL")
    Application.objects.update(region_code="350128")  # 平潭 has a code of 福州 and is no part of it
    assert (seen(fuzhou_regulator), seen(pingtan)) == ([], [late.number])


def test_every_state_that_can_be_late_names_its_clock() -> None:
    assert set(CLOCKS) == set(TRAYS["todo"][1])


def test_a_call_back_is_booked_for_the_enterprise(
    late: Application, fuzhou_regulator: Person, xiamen: Person, river_bank_officer: Person, red_star: Firm
) -> None:
    found = actions.call_back(number=late.number, by=fuzhou_regulator.actor, at=LATER)
    assert found.contact_phone
    assert Line.objects.filter(action="application.call_back", uscc=red_star.uscc).count() == 1
    with pytest.raises(NotFound):
        actions.call_back(number=late.number, by=xiamen.actor, at=LATER)
    with pytest.raises(NotAllowed):
        actions.call_back(number=late.number, by=river_bank_officer.actor, at=LATER)
    assert Line.objects.filter(action="application.call_back").count() == 1


def test_what_is_no_longer_late_is_neither_shown_nor_called(
    late: Application, fuzhou_regulator: Person, river_bank_officer: Person
) -> None:
    applications.accept(
        application=late, caller_name="江客户", caller_phone="13900000003", by=river_bank_officer.actor, at=LATER
    )
    with pytest.raises(NotFound):
        actions.call_back(number=late.number, by=fuzhou_regulator.actor, at=LATER)
    with pytest.raises(NotFound):
        actions.send_note(
            about="application", number=late.number, text=TEXT, days=3, by=fuzhou_regulator.actor, at=LATER
        )


def test_from_the_note_to_its_end(note: Note, fuzhou_regulator: Person, river_bank_officer: Person) -> None:
    assert (note.state, note.due_on) == ("sent", date(2026, 3, 19))
    assert [one.number for one in queries.note_desk(river_bank_officer.actor, "waiting")] == [note.number]
    actions.answer_note(note=note, text=SAID, by=river_bank_officer.actor, at=LATER)
    actions.return_note(note=note, text="没有说明原因。", days=5, by=fuzhou_regulator.actor, at=LATER)
    assert (note.state, note.due_on) == ("returned", date(2026, 3, 23))
    actions.answer_note(note=note, text=SAID, by=river_bank_officer.actor, at=LATER)
    actions.close_note(note=note, by=fuzhou_regulator.actor, at=LATER)
    assert [(one.act, one.said) for one in queries.steps(note)] == [
        ("send", TEXT), ("answer", SAID), ("return", "没有说明原因。"), ("answer", SAID), ("close", None)
    ]  # fmt: skip
    assert told(river_bank_officer) == ["note_sent", "note_returned", "note_closed"]
    assert told(fuzhou_regulator) == ["note_answered", "note_answered"]
    booked = Line.objects.filter(subject=f"note:{note.number}", uscc=note.uscc).order_by("id")
    assert [line.action for line in booked] == ["note.send", "note.answer", "note.return", "note.answer", "note.close"]
    assert SAID not in str(list(booked.values("detail")))


def test_one_open_note_about_a_thing(note: Note, fuzhou_regulator: Person) -> None:
    again = {"about": "application", "number": note.about_number, "text": TEXT, "days": 3}
    with pytest.raises(TooLate):
        actions.send_note(**again, by=fuzhou_regulator.actor, at=LATER)  # type: ignore[arg-type]  # a dict of both
    actions.lift_note(note=note, text="重复发出。", by=fuzhou_regulator.actor, at=LATER)
    actions.send_note(**again, by=fuzhou_regulator.actor, at=LATER)  # type: ignore[arg-type]  # a dict of both


def test_who_may_do_what(
    note: Note, fuzhou_regulator: Person, province: Person, xiamen: Person, river_bank_officer: Person,
    hill_bank_officer: Person, river_bank_product_manager: Person,
) -> None:  # fmt: skip
    for stranger in (xiamen, hill_bank_officer, river_bank_product_manager):
        with pytest.raises(NotFound):
            queries.note(note.number, visible_to=stranger.actor)
        with pytest.raises(NotAllowed):
            actions.answer_note(note=note, text=SAID, by=stranger.actor, at=LATER)
    actions.answer_note(note=note, text=SAID, by=river_bank_officer.actor, at=LATER)
    assert queries.note(note.number, visible_to=province.actor) == note
    assert queries.open_acts(note, by=province.actor, today=TODAY) == frozenset()
    with pytest.raises(NotAllowed):  # the province sees a city's note and leaves it to the city
        actions.close_note(note=note, by=province.actor, at=LATER)
    with pytest.raises(NotAllowed):
        actions.close_note(note=note, by=river_bank_officer.actor, at=LATER)
    with pytest.raises(NotInOrder):
        actions.return_note(note=note, text="不", days=99, by=fuzhou_regulator.actor, at=LATER)


def test_the_table_and_the_code_agree(note: Note, fuzhou_regulator: Person, river_bank_officer: Person) -> None:
    who = {"by": fuzhou_regulator.actor, "at": LATER}
    verbs = {
        Act.ANSWER: lambda: actions.answer_note(note=note, text=SAID, by=river_bank_officer.actor, at=LATER),
        Act.RETURN: lambda: actions.return_note(note=note, text=SAID, days=3, **who),
        Act.CLOSE: lambda: actions.close_note(note=note, **who),
        Act.LIFT: lambda: actions.lift_note(note=note, text=SAID, **who),
    }
    assert {one.act for one in NOTE_STEPS} == {*verbs, Act.SEND}
    assert {one.target for one in NOTE_STEPS} == set(NoteState) == set(NOTE_LABELS)
    for state in NoteState:
        for act, verb in verbs.items():
            Note.objects.filter(pk=note.pk).update(state=state)
            note.refresh_from_db()
            step = next((one for one in NOTE_STEPS if one.act is act and state in one.sources), None)
            actor = river_bank_officer.actor if act is Act.ANSWER else fuzhou_regulator.actor
            assert (act in queries.open_acts(note, by=actor, today=TODAY)) == (step is not None), (state, act)
            if step is None:
                with pytest.raises(TooLate):
                    verb()
            else:
                verb()
                assert note.state == step.target


def test_reminded_on_the_last_day_and_told_to_both_when_it_is_over(
    note: Note, fuzhou_regulator: Person, river_bank_officer: Person
) -> None:
    by, due = platform("test"), LATER + timedelta(days=3)
    counts = [actions.remind(by=by, at=due + timedelta(days=days)) for days in (-1, 0, 0, 1, 1, 9)]
    assert counts == [0, 1, 0, 1, 0, 0]
    assert told(river_bank_officer) == ["note_sent", "note_reminded", "note_late"]
    assert told(fuzhou_regulator) == ["note_late"]
    assert queries.late_notes(river_bank_officer.actor, due.date() + timedelta(days=1)) == 1


def test_a_new_notice_of_working_days_moves_the_last_day(note: Note) -> None:
    off = Notices(frozenset({date(2026, 3, 17)}), frozenset(), frozenset({2026}))
    by = platform("test")
    assert [actions.set_clocks_right(by=by, at=LATER, notices=off) for _ in range(2)] == [1, 0]
    note.refresh_from_db()
    assert note.due_on == date(2026, 3, 20)
