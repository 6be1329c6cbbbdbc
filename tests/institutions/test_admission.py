"""Admitting an institution: two operators, one content, once.

Seen red, each alone: the account, the phone, the content handed in, the content on screen not compared; the update not
guarded by the state that was judged.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from jinfuyun.audit.models import Line
from jinfuyun.institutions import actions, queries
from jinfuyun.institutions.models import Institution
from jinfuyun.institutions.rules import MOVES, State
from jinfuyun.kit.actor import PLATFORM_HOUSE, Role
from jinfuyun.kit.errors import NotAllowed, NotFound, TooLate
from jinfuyun.kit.reasons import NotInOrder
from tests.cast import MONDAY, TUESDAY, staff_person
from tests.market import MINLING


def submitted(by) -> str:
    actions.propose(draft=MINLING, by=by.actor, at=MONDAY)
    return actions.submit(code="MLYH", by=by.actor, at=MONDAY)


def state() -> str:
    return queries.institution("MLYH").state


def test_one_operator_proposes_another_admits(db, operator, second_operator):
    digest = submitted(operator)
    assert state() == State.IN_REVIEW
    actions.admit(code="MLYH", on_screen=digest, by=second_operator.actor, at=TUESDAY)
    assert state() == State.ACTIVE
    assert list(Line.objects.filter(subject="institution:MLYH").order_by("id").values_list("action", flat=True)) == [
        "institution.proposed", "institution.submit", "institution.admit"
    ]  # fmt: skip


def test_nobody_admits_his_own_proposal(db, operator):
    digest = submitted(operator)
    with pytest.raises(actions.FourEyes, match="不能复核自己"):
        actions.admit(code="MLYH", on_screen=digest, by=operator.actor, at=TUESDAY)
    assert state() == State.IN_REVIEW


def test_a_second_account_with_the_same_phone_is_the_same_person(db, operator):
    digest = submitted(operator)
    again = staff_person("operator", "operator.again", operator.phone, "云运营", PLATFORM_HOUSE, Role.OPERATOR)
    with pytest.raises(actions.FourEyes, match="同一人"):
        actions.admit(code="MLYH", on_screen=digest, by=again.actor, at=TUESDAY)


@pytest.mark.parametrize(
    "change", [{"name": "闽岭商业银行"}, {"licence_number": "B0009H235010009"}, {"hotline": "0591-1234567"}]
)
def test_content_changed_behind_the_reviewers_back_is_refused(db, operator, second_operator, change):
    digest = submitted(operator)
    Institution.objects.filter(code="MLYH").update(**change)
    with pytest.raises(actions.FourEyes, match="被改动"):
        actions.admit(code="MLYH", on_screen=digest, by=second_operator.actor, at=TUESDAY)


def test_a_changed_contact_is_noticed_too(db, operator, second_operator):
    digest = submitted(operator)
    found = queries.institution("MLYH")
    found.contact_phone = "13805910009"
    found.save()
    with pytest.raises(actions.FourEyes, match="被改动"):
        actions.admit(code="MLYH", on_screen=digest, by=second_operator.actor, at=TUESDAY)


def test_a_reviewer_who_looks_at_an_old_page_is_refused(db, operator, second_operator):
    old = submitted(operator)
    actions.send_back(code="MLYH", ground="licence", remark="名称与证书不符", by=second_operator.actor, at=MONDAY)
    actions.revise(code="MLYH", draft=replace(MINLING, name="闽岭商业银行"), by=operator.actor, at=MONDAY)
    actions.submit(code="MLYH", by=operator.actor, at=MONDAY)
    with pytest.raises(actions.FourEyes, match="刷新"):
        actions.admit(code="MLYH", on_screen=old, by=second_operator.actor, at=TUESDAY)


def test_a_submitted_proposal_cannot_be_revised(db, operator):
    submitted(operator)
    with pytest.raises(TooLate):
        actions.revise(code="MLYH", draft=MINLING, by=operator.actor, at=TUESDAY)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "minling"}, "code"),
        ({"code": ""}, "code"),
        ({"name": "银行"}, "name"),
        ({"name": "行" * 61}, "name"),
        ({"licence_number": "123"}, "licence_number"),
        ({"region_code": "110000"}, "region_code"),
        ({"hotline": "电话"}, "hotline"),
        ({"contact_name": ""}, "contact_name"),
        ({"contact_phone": "12345"}, "contact_phone"),
    ],
)
def test_a_faulty_proposal_is_refused_at_its_field(db, operator, change, field):
    with pytest.raises(NotInOrder) as refusal:
        actions.propose(draft=replace(MINLING, **change), by=operator.actor, at=MONDAY)
    assert [reason.field for reason in refusal.value.reasons] == [field]


@pytest.mark.parametrize("change", [{"name": "别的银行"}, {"code": "OTHER"}, {"licence_number": "B0009H235010009"}])
def test_code_name_and_licence_belong_to_one_institution(db, operator, change):
    actions.propose(draft=MINLING, by=operator.actor, at=MONDAY)
    with pytest.raises(NotInOrder, match="重复"):
        actions.propose(draft=replace(MINLING, **change), by=operator.actor, at=MONDAY)


def test_only_operators_propose_and_admit(db, operator, river_bank_admin, fuzhou_regulator):
    digest = submitted(operator)
    for somebody in (river_bank_admin, fuzhou_regulator):
        with pytest.raises(NotAllowed):
            actions.propose(draft=MINLING, by=somebody.actor, at=MONDAY)
        with pytest.raises(NotAllowed):
            actions.admit(code="MLYH", on_screen=digest, by=somebody.actor, at=MONDAY)


def test_every_move_that_the_table_does_not_know_is_refused(db, operator, second_operator):
    """From every state, every act: allowed exactly when the table says so."""
    digest = submitted(operator)
    second = second_operator.actor
    acts = {
        "submit": partial(actions.submit, by=operator.actor),
        "admit": partial(actions.admit, on_screen=digest, by=second),
        "send_back": partial(actions.send_back, ground="licence", remark="按规定办理", by=second),
        "suspend": partial(actions.suspend, why="按规定办理", by=second),
        "resume": partial(actions.resume, why="按规定办理", by=second),
        "leave": partial(actions.leave, why="按规定办理", by=second),
    }
    assert set(acts) == set(MOVES)
    for start in State:
        for name, act in acts.items():
            Institution.objects.filter(code="MLYH").update(state=start)
            sources, target = MOVES[name]
            if start in sources:
                act(code="MLYH", at=TUESDAY)
                assert state() == target
            else:
                with pytest.raises(TooLate):
                    act(code="MLYH", at=TUESDAY)
                assert state() == start


def test_an_institution_that_is_not_there_is_not_found(db, operator):
    with pytest.raises(NotFound):
        actions.submit(code="NOBODY", by=operator.actor, at=MONDAY)


def test_personal_data_of_the_contact_is_not_in_the_table(db, operator):
    submitted(operator)
    with connection.cursor() as cursor:
        cursor.execute("SELECT institution::text FROM institution")
        text = cursor.fetchone()[0]
    assert "13805910001" not in text
    assert "林知远" not in text


def test_a_hundred_approvals_at_once_have_one_effect(committed_db, operator, second_operator):
    digest = submitted(operator)

    def approve(number: int) -> bool:
        try:
            actions.admit(
                code="MLYH", on_screen=digest, by=second_operator.actor, at=TUESDAY + timedelta(seconds=number)
            )
        except TooLate:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(approve, range(100))) == 1
    assert Line.objects.filter(action="institution.admit").count() == 1
