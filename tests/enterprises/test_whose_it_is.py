"""Whose an enterprise is when its legal representative changes, and whose it cannot become."""

from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

import pytest

from jinfuyun.accounts import actions as accounts
from jinfuyun.consents import actions as consents
from jinfuyun.consents import queries as letters
from jinfuyun.consents.models import Consent, SignLink
from jinfuyun.consents.rules import State, TermKind, Terms
from jinfuyun.data.door import Verdict
from jinfuyun.enterprises import actions, queries
from jinfuyun.enterprises.actions import authenticate
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.enterprises.rules import Elements, ProfileForm
from jinfuyun.kit.jobs import Job
from tests.cast import (
    FRIDAY,
    MONDAY,
    PASSWORD,
    TUESDAY,
    WEDNESDAY,
    Firm,
    Person,
    enterprise_of,
    enterprise_person,
    given,
    id_number_of,
    uscc_of,
)
from tests.enterprises.working import work

pytestmark = pytest.mark.django_db

SUCCESSOR = Elements(uscc_of(1), "周接任", "resident", id_number_of(77), "13800000077")
PROFILE = ProfileForm(uscc_of(1), "红星示例机械厂", "350111", "C", "enterprise", "周接任", "周接任", "13800000077")


def authenticated(person: Person, elements: Elements, profile: ProfileForm, *, at: datetime) -> Enterprise:
    """Step 1 with the tax department's yes, then step 2."""
    run = actions.keep_draft(run=None, typed=asdict(elements), by=person.actor, at=at)
    run = authenticate.write_verdict(
        run=run, elements=elements, verdict=Verdict.MATCHES, registered=None, by=person.actor, at=at
    )
    return actions.submit_profile(run=run, profile=profile, by=person.actor, at=at)


def waiting_letter(firm: Firm, at: datetime) -> Consent:
    terms = Terms(TermKind.UNTIL_SETTLEMENT, at.date(), None, (), (), False, False, True)
    return consents.prepare(uscc=firm.uscc, terms=terms, utilities=[], by=firm.owner, at=at)


# -- the legal representative changed, the account stayed -----------------------------------------------------------


def test_what_the_former_legal_representative_signed_ends_when_another_is_authenticated(
    red_star: Firm, red_star_owner: Person, bookkeeper: Person
) -> None:
    """Seen red before `legal_id_mark` was compared: the former one's letter and mandates lived on."""
    signed = given(red_star)
    actions.give_mandate(
        uscc=red_star.uscc, phone=bookkeeper.phone, acts=["apply"], ends_on=FRIDAY.date(), by=red_star.owner, at=MONDAY
    )
    link = consents.send_sign_link
    link(consent=waiting_letter(red_star, MONDAY), url="http://testserver/sign/", by=red_star.owner, at=MONDAY)
    authenticated(red_star_owner, SUCCESSOR, PROFILE, at=TUESDAY)
    assert not queries.mandates_in_force(TUESDAY).exists()
    assert work(Job.END_CONSENT, TUESDAY) == 1
    assert letters.living(red_star.uscc) is None
    assert Consent.objects.get(pk=signed.pk).state == State.SUPERSEDED
    assert not Consent.objects.filter(state=State.PENDING).exists()
    assert not SignLink.objects.exists()
    assert str(queries.holder_id(red_star.uscc)) == red_star_owner.user_id


def test_what_the_new_one_signs_before_the_worker_comes_stands(red_star: Firm, red_star_owner: Person) -> None:
    given(red_star)
    authenticated(red_star_owner, SUCCESSOR, PROFILE, at=TUESDAY)
    anew = given(red_star, at=WEDNESDAY)
    waiting = waiting_letter(red_star, WEDNESDAY)
    assert work(Job.END_CONSENT, WEDNESDAY) == 1
    assert letters.living(red_star.uscc) == anew
    assert Consent.objects.get(pk=waiting.pk).state == State.PENDING


def test_the_same_person_authenticated_again_ends_nothing(red_star: Firm, red_star_owner: Person) -> None:
    signed = given(red_star)
    same = Elements(uscc_of(1), "林红星", "resident", id_number_of(1), red_star_owner.phone)
    profile = replace(PROFILE, legal_name="林红星", name="红星示例机械二厂")
    authenticated(red_star_owner, same, profile, at=TUESDAY)
    assert work(Job.END_CONSENT, TUESDAY) == 0
    assert letters.living(red_star.uscc) == signed


# -- one account is one person's -------------------------------------------------------------------------------------

OTHERS = Elements(uscc_of(5), "周接任", "resident", id_number_of(77), "13800000077")
OTHERS_PROFILE = replace(PROFILE, uscc=uscc_of(5), name="接任示例茶厂")


def test_an_enterprise_of_another_person_needs_a_mandate_instead(red_star: Firm, red_star_owner: Person) -> None:
    """Seen red before the account's other enterprises were looked at."""
    with pytest.raises(actions.OthersEnterprise):
        authenticated(red_star_owner, OTHERS, OTHERS_PROFILE, at=TUESDAY)
    assert not Enterprise.objects.filter(uscc=uscc_of(5)).exists()
    assert [one.uscc for one in queries.of_user(UUID(red_star_owner.user_id), phone="", at=TUESDAY)] == [red_star.uscc]


def test_a_successor_in_one_enterprise_is_refused_while_the_account_holds_another_of_his_predecessor(
    red_star: Firm, red_star_owner: Person
) -> None:
    enterprise_of(red_star_owner, number=7, name="红星示例二厂", legal_name="林红星")
    signed = given(red_star)
    with pytest.raises(actions.OthersEnterprise):
        authenticated(red_star_owner, SUCCESSOR, PROFILE, at=TUESDAY)
    assert letters.living(red_star.uscc) == signed


def test_whoever_serves_by_mandate_may_authenticate_his_own(red_star: Firm, bookkeeper: Person) -> None:
    actions.give_mandate(
        uscc=red_star.uscc, phone=bookkeeper.phone, acts=["apply"], ends_on=FRIDAY.date(), by=red_star.owner, at=MONDAY
    )
    enterprise_of(bookkeeper, number=7, name="算盘示例事务所", legal_name="陈算盘")
    assert len(queries.of_user(UUID(bookkeeper.user_id), phone=bookkeeper.phone, at=TUESDAY)) == 2


# -- the account is closed -------------------------------------------------------------------------------------------


def close(person: Person, at: datetime) -> None:
    accounts.close_account(password=PASSWORD, by=person.actor, at=at)


def test_a_closed_account_leaves_its_enterprise_and_its_consent_behind_for_nobody(
    red_star: Firm, red_star_owner: Person, bookkeeper: Person
) -> None:
    """Seen red before closing put anything off: the holding stayed with a closed account, the consent lived."""
    signed = given(red_star)
    actions.give_mandate(
        uscc=red_star.uscc, phone=bookkeeper.phone, acts=["apply"], ends_on=FRIDAY.date(), by=red_star.owner, at=MONDAY
    )
    close(red_star_owner, TUESDAY)
    assert work(Job.END_HOLDINGS, TUESDAY) == 1
    assert work(Job.END_CONSENT, TUESDAY) == 1
    assert queries.holder_id(red_star.uscc) is None
    assert not queries.mandates_in_force(TUESDAY).exists()
    assert Consent.objects.get(pk=signed.pk).state == State.SUPERSEDED


def test_who_registers_the_same_phone_anew_may_authenticate_the_enterprise_anew(
    red_star: Firm, red_star_owner: Person
) -> None:
    close(red_star_owner, TUESDAY)
    again = enterprise_person(red_star_owner.phone)
    same = Elements(uscc_of(1), "林红星", "resident", id_number_of(1), red_star_owner.phone)
    authenticated(again, same, replace(PROFILE, legal_name="林红星"), at=WEDNESDAY)  # before the worker comes
    assert str(queries.holder_id(red_star.uscc)) == again.user_id
    assert work(Job.END_HOLDINGS, WEDNESDAY) == 1
    assert str(queries.holder_id(red_star.uscc)) == again.user_id


def test_what_a_closed_account_had_typed_is_forgotten(red_star_owner: Person) -> None:
    run = actions.keep_draft(run=None, typed=asdict(SUCCESSOR), by=red_star_owner.actor, at=MONDAY)
    close(red_star_owner, TUESDAY)
    work(Job.END_HOLDINGS, TUESDAY)
    run.refresh_from_db()
    assert (run.state, run.draft) == ("dropped", "{}")
