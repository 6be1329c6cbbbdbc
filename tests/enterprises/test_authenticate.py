"""From five elements to an enterprise of one's own."""

from dataclasses import asdict, replace
from uuid import UUID

import pytest

from jinfuyun.accounts.models import User
from jinfuyun.audit.models import Line
from jinfuyun.data.door import Registration, Verdict
from jinfuyun.enterprises import actions, queries
from jinfuyun.enterprises.actions import authenticate
from jinfuyun.enterprises.models import Enterprise, Run
from jinfuyun.enterprises.rules import Elements, ProfileForm, RunState, read_elements, why_not_elements
from jinfuyun.kit.actor import Role
from jinfuyun.kit.errors import NotAllowed, NotFound, TooLate
from jinfuyun.kit.permissions import MAY, Permission, may
from tests.cast import FRIDAY, MONDAY, TUESDAY, Firm, Person, enterprise_of, id_number_of, uscc_of

pytestmark = pytest.mark.django_db

GOOD = Elements(uscc_of(1), "林红星", "resident", id_number_of(1), "13800000001")
PROFILE = ProfileForm(uscc_of(1), "红星示例机械厂", "350111", "C", "enterprise", "林红星", "林红星", "13800000001")


def begun(person: Person, elements: Elements = GOOD) -> Run:
    return actions.keep_draft(run=None, typed=asdict(elements), by=person.actor, at=MONDAY)


def answered(person: Person, verdict: Verdict, elements: Elements = GOOD) -> Run:
    return authenticate.write_verdict(
        run=begun(person, elements), elements=elements, verdict=verdict, registered=None, by=person.actor, at=MONDAY
    )


def test_what_is_typed_has_one_form() -> None:
    typed = read_elements(
        {"tax_number": " ９１350111ma9yy0001" + uscc_of(1)[-1], "legal_name": " 林 红星", "id_type": "resident",
         "id_number": id_number_of(1).lower(), "phone": "+86 138 0000 0001"}
    )  # fmt: skip
    assert typed == GOOD
    assert why_not_elements(typed) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tax_number", ""),
        ("tax_number", "123"),
        ("tax_number", "9" * 18),
        ("legal_name", "林\0红星"),
        ("legal_name", ""),
        ("legal_name", "长" * 51),
        ("id_type", "driving_licence"),
        ("id_number", ""),
        ("id_number", "350111198013010011"),
        ("phone", "0591-1234"),
        ("phone", "1380000000"),
    ],
)
def test_each_field_says_what_is_wrong_with_it(field: str, value: str) -> None:
    assert set(why_not_elements(replace(GOOD, **{field: value}))) == {field}


def test_a_match_leads_to_the_profile_and_the_profile_to_an_enterprise(red_star_owner: Person) -> None:
    run = answered(red_star_owner, Verdict.MATCHES)
    assert run.state == RunState.VERIFIED
    actions.submit_profile(run=run, profile=PROFILE, by=red_star_owner.actor, at=MONDAY)
    held = queries.of_user(User.objects.get().pk, phone=red_star_owner.phone, at=MONDAY)
    assert [(one.uscc, one.name) for one in held] == [(uscc_of(1), "红星示例机械厂")]


@pytest.mark.parametrize("verdict", [Verdict.DIFFERS, Verdict.UNKNOWN, Verdict.UNREACHABLE])
def test_without_a_match_there_is_no_enterprise(red_star_owner: Person, verdict: Verdict) -> None:
    run = answered(red_star_owner, verdict)
    with pytest.raises(TooLate):
        actions.submit_profile(run=run, profile=PROFILE, by=red_star_owner.actor, at=MONDAY)
    assert not Enterprise.objects.exists()


def test_the_profile_must_be_of_the_enterprise_that_was_verified(red_star_owner: Person) -> None:
    run = answered(red_star_owner, Verdict.MATCHES)
    for change in ({"uscc": uscc_of(2)}, {"legal_name": "别人"}, {"region": "350527"}, {"industry": "ZZ"}):
        with pytest.raises(actions.Incomplete) as refusal:
            actions.submit_profile(run=run, profile=replace(PROFILE, **change), by=red_star_owner.actor, at=MONDAY)
        assert set(refusal.value.wrong) == set(change)


OLD_NUMBER = "350111" + "7" * 9  # fifteen digits: the tax file does not hold the code itself


@pytest.mark.parametrize(
    ("on_file", "typed", "stands"),
    [(None, 1, False), (None, 2, False), (1, 2, False), (1, 1, True)],
    ids=["nobody confirmed it", "nor another's", "another's than the registry holds", "the one the registry holds"],
)
def test_an_old_tax_number_leads_only_to_the_code_that_the_registry_holds_for_it(
    red_star_owner: Person, on_file: int | None, typed: int, stands: bool
) -> None:
    elements = replace(GOOD, tax_number=OLD_NUMBER)
    registered = None if on_file is None else Registration(
        uscc=uscc_of(on_file), tax_number=OLD_NUMBER, name="红星示例机械厂", legal_name="林红星", region="350111",
        industry="34", nature="enterprise", kind="", capital="", registered_on=None, address="", scope="", status="",
        as_of=MONDAY.date(),
    )  # fmt: skip
    run = authenticate.write_verdict(
        run=begun(red_star_owner, elements), elements=elements, verdict=Verdict.MATCHES, registered=registered,
        by=red_star_owner.actor, at=MONDAY,
    )  # fmt: skip
    profile = replace(PROFILE, uscc=uscc_of(typed))
    if stands:
        actions.submit_profile(run=run, profile=profile, by=red_star_owner.actor, at=MONDAY)
        assert Enterprise.objects.get().uscc == uscc_of(typed)
        return
    with pytest.raises(actions.Incomplete) as refusal:
        actions.submit_profile(run=run, profile=profile, by=red_star_owner.actor, at=MONDAY)
    assert set(refusal.value.wrong) == {"uscc"}
    assert not Enterprise.objects.exists()


def test_changing_an_early_answer_forgets_the_later_ones(red_star_owner: Person) -> None:
    run = answered(red_star_owner, Verdict.MATCHES)
    actions.keep_draft(run=run, typed=asdict(replace(GOOD, tax_number=uscc_of(2))), by=red_star_owner.actor, at=TUESDAY)
    run.refresh_from_db()
    assert (run.state, run.verified_at) == (RunState.DRAFT, None)
    with pytest.raises(TooLate):
        actions.submit_profile(run=run, profile=PROFILE, by=red_star_owner.actor, at=TUESDAY)


def test_what_was_typed_is_sealed_and_forgotten_with_the_run(red_star_owner: Person) -> None:
    run = begun(red_star_owner)
    stored = bytes(Run.objects.values_list("draft", flat=True)[0].data)
    assert "林红星".encode() not in stored and id_number_of(1).encode() not in stored
    actions.drop_run(run=run, by=red_star_owner.actor, at=MONDAY)
    assert Run.objects.get().draft == "{}"


def test_an_enterprise_held_by_another_account_is_not_taken(red_star: Firm, bookkeeper: Person) -> None:
    elements = replace(GOOD, phone=bookkeeper.phone)
    run = answered(bookkeeper, Verdict.MATCHES, elements)
    with pytest.raises(actions.HeldByAnother):
        actions.submit_profile(run=run, profile=PROFILE, by=bookkeeper.actor, at=MONDAY)
    assert str(queries.holder_id(red_star.uscc)) == red_star.owner.id


def test_two_operators_pass_it_on_to_the_new_holder(
    red_star: Firm, bookkeeper: Person, operator: Person, second_operator: Person
) -> None:
    run = answered(bookkeeper, Verdict.MATCHES, replace(GOOD, phone=bookkeeper.phone))
    case = actions.open_case(
        run=run, reason="legal_changed", note="", licence=b"%PDF-1.7 x", by=bookkeeper.actor, at=MONDAY
    )
    actions.pass_case_on(case=case, on_screen=queries.seen_of(case), by=operator.actor, at=MONDAY)
    case = queries.case(case.pk)
    actions.approve_case(case=case, on_screen=queries.seen_of(case), by=second_operator.actor, at=MONDAY)
    run.refresh_from_db()
    actions.submit_profile(run=run, profile=PROFILE, by=bookkeeper.actor, at=TUESDAY)
    assert str(queries.holder_id(red_star.uscc)) == bookkeeper.user_id
    with pytest.raises(NotFound):
        queries.actor_for(
            user_id=red_star.owner.id, phone=red_star.legal_phone, uscc=red_star.uscc, label="", at=TUESDAY
        )


def test_one_operator_cannot_do_both_looks(bookkeeper: Person, operator: Person) -> None:
    run = answered(bookkeeper, Verdict.DIFFERS)
    case = actions.open_case(run=run, reason="differs", note="", licence=b"%PDF-", by=bookkeeper.actor, at=MONDAY)
    actions.pass_case_on(case=case, on_screen=queries.seen_of(case), by=operator.actor, at=MONDAY)
    case = queries.case(case.pk)
    with pytest.raises(NotAllowed):
        actions.approve_case(case=case, on_screen=queries.seen_of(case), by=operator.actor, at=MONDAY)


def test_what_changed_after_the_first_look_is_not_approved(
    bookkeeper: Person, operator: Person, second_operator: Person
) -> None:
    run = answered(bookkeeper, Verdict.DIFFERS)
    case = actions.open_case(run=run, reason="differs", note="", licence=b"%PDF-", by=bookkeeper.actor, at=MONDAY)
    actions.pass_case_on(case=case, on_screen=queries.seen_of(case), by=operator.actor, at=MONDAY)
    case = queries.case(case.pk)
    case.note = "改过"
    case.save()
    with pytest.raises(NotAllowed):
        actions.approve_case(case=case, on_screen=queries.seen_of(case), by=second_operator.actor, at=MONDAY)


@pytest.mark.parametrize("field", ["name", "contact_name"])
def test_no_control_character_comes_into_a_name(red_star_owner: Person, field: str) -> None:
    run = answered(red_star_owner, Verdict.MATCHES)
    with pytest.raises(actions.Incomplete) as refusal:
        actions.submit_profile(
            run=run, profile=replace(PROFILE, **{field: "红\0星"}), by=red_star_owner.actor, at=MONDAY
        )
    assert "不能使用的字符" in refusal.value.wrong[field]


def test_nor_into_what_is_written_at_the_manual_desk(red_star_owner: Person, operator: Person) -> None:
    run = answered(red_star_owner, Verdict.DIFFERS)
    papers = {"run": run, "reason": "differs", "licence": b"%PDF-1", "by": red_star_owner.actor, "at": MONDAY}
    with pytest.raises(actions.Incomplete):
        actions.open_case(note="红\0星", **papers)
    case = actions.open_case(note="第一行\r\n第二行", **papers)
    with pytest.raises(actions.Incomplete):
        actions.reject_case(case=case, answer="不\x1b清楚", by=operator.actor, at=MONDAY)
    actions.reject_case(case=case, answer="照片不清楚", by=operator.actor, at=MONDAY)


@pytest.mark.parametrize("content", [b"", b"<html>", b"MZ\x90", b"%PDF-" + b"x" * 5 * 1024 * 1024])
def test_a_licence_is_judged_by_what_it_holds(bookkeeper: Person, content: bytes) -> None:
    run = answered(bookkeeper, Verdict.DIFFERS)
    with pytest.raises(actions.Incomplete) as refusal:
        actions.open_case(run=run, reason="differs", note="", licence=content, by=bookkeeper.actor, at=MONDAY)
    assert set(refusal.value.wrong) == {"licence"}


def test_a_clerk_acts_within_the_mandate_until_it_ends_or_is_taken_back(red_star: Firm, bookkeeper: Person) -> None:
    def entered(at: object) -> bool:
        held = queries.of_user(User.objects.get(pk=bookkeeper.user_id).pk, phone=bookkeeper.phone, at=at)
        return [one.uscc for one in held] == [red_star.uscc]

    give = {
        "uscc": red_star.uscc,
        "phone": "+86 " + bookkeeper.phone,
        "acts": ["apply"],
        "by": red_star.owner,
        "at": MONDAY,
    }
    mandate = actions.give_mandate(ends_on=TUESDAY.date(), **give)
    assert entered(MONDAY) and entered(TUESDAY) and not entered(FRIDAY)
    actions.take_mandate_back(mandate=mandate, by=red_star.owner, at=MONDAY)
    assert not entered(MONDAY)
    with pytest.raises(TooLate):
        actions.take_mandate_back(mandate=mandate, by=red_star.owner, at=MONDAY)


def test_a_mandate_over_a_strangers_enterprise_is_refused(red_star: Firm, blue_sea: Firm) -> None:
    with pytest.raises(NotAllowed):
        actions.give_mandate(
            uscc=red_star.uscc, phone="13700000009", acts=["apply"], ends_on=FRIDAY.date(), by=blue_sea.owner, at=MONDAY
        )


def test_several_enterprises_of_one_person(red_star: Firm, red_star_owner: Person) -> None:
    enterprise_of(red_star_owner, number=7, name="红星示例二厂", legal_name="林红星")
    held = queries.of_user(User.objects.get().pk, phone=red_star_owner.phone, at=MONDAY)
    assert len(held) == 2


def test_the_book_tells_of_the_check_without_saying_what_was_typed(red_star_owner: Person) -> None:
    answered(red_star_owner, Verdict.DIFFERS)
    line = Line.objects.get(action="enterprise.elements_checked")
    assert line.detail == {"verdict": "differs"}


@pytest.mark.parametrize(
    ("act", "covered"),
    [
        ("apply", {Permission.APPLICATION_SEE, Permission.APPLICATION_SUBMIT, Permission.APPLICATION_WITHDRAW,
                   Permission.APPLICATION_SUPPLY, Permission.APPLICATION_CLOSE, Permission.MATCH_OWN,
                   Permission.DEMAND_SEE, Permission.DEMAND_POST, Permission.COORDINATION_SEE,
                   Permission.COORDINATION_DECLARE, Permission.COMPLAINT_FILE}),
        ("prepare_consent", {Permission.CONSENT_PREPARE}),
        ("follow", {Permission.APPLICATION_SEE, Permission.ENTERPRISE_FOLLOW, Permission.REPORT_OWN,
                    Permission.DISPUTE_RAISE, Permission.QUESTION_ASK, Permission.MATCH_OWN,
                    Permission.DEMAND_SEE, Permission.COORDINATION_SEE, Permission.COMPLAINT_FILE}),
    ],
)  # fmt: skip
def test_a_clerk_may_do_what_the_mandate_names_and_nothing_else(
    red_star: Firm, bookkeeper: Person, act: str, covered: set[Permission]
) -> None:
    actions.give_mandate(
        uscc=red_star.uscc, phone=bookkeeper.phone, acts=[act], ends_on=FRIDAY.date(), by=red_star.owner, at=MONDAY
    )
    clerk = queries.actor_for(
        user_id=UUID(bookkeeper.user_id), phone=bookkeeper.phone, uscc=red_star.uscc, label="", at=MONDAY
    )
    over = red_star.owner.house
    everybodys = {permission for permission, roles in MAY.items() if Role.ENTERPRISE_USER in roles}
    assert {permission for permission in MAY if may(permission, by=clerk, over=over)} == covered | everybodys
