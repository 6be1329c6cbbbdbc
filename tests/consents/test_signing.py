"""Preparing, signing, ending: what each act needs, and what it sets going.

Seen red, each with its guard taken out: code, text, state, person and house at the signature; the link's token, end
and state; institutions carried on; the older letter superseded; a revocation's authorised rows, named institutions,
states it may come from and person; a pause's and a resumption's authorised rows; the day before the last; the PDF
unsigned, made twice, its hash not told; erasing what is covered, and nothing. That a clerk never signs is said twice
(role and acts): either alone still refuses.
"""

import hashlib
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from jinfuyun.accounts import actions as accounts
from jinfuyun.accounts.rules import CodePurpose
from jinfuyun.audit.models import Line
from jinfuyun.consents import actions, queries, tasks
from jinfuyun.consents.models import Authorised, Consent, SignLink
from jinfuyun.consents.rules import State, TermKind, Terms
from jinfuyun.enterprises import actions as enterprises
from jinfuyun.enterprises import queries as enterprise_queries
from jinfuyun.kit.errors import NotAllowed, NotFound, NotGranted, TooLate
from jinfuyun.kit.grant import Category
from jinfuyun.notifications.models import Message
from jinfuyun.storage import files, signing
from tests.cast import FRIDAY, MONDAY, RIVER_BANK, TUESDAY, Firm, Person, given

pytestmark = pytest.mark.django_db

TERMS = Terms(TermKind.UNTIL_SETTLEMENT, MONDAY.date(), None, (), (), False, False, True)
SIGNING = {"session": "s", "ip": "127.0.0.1", "user_agent": "test"}


def prepared(firm: Firm, by: object = None) -> Consent:
    return actions.prepare(uscc=firm.uscc, terms=TERMS, utilities=[], by=by or firm.owner, at=MONDAY)


def sms(firm: Firm, *, session: str = "s") -> str:
    purpose = CodePurpose.SIGN_CONSENT
    accounts.send_code(
        phone=firm.legal_phone, purpose=purpose, session=session, ip="127.0.0.1", at=MONDAY, subject=firm.uscc,
        text_context={"enterprise": firm.name},
    )  # fmt: skip
    return Message.objects.latest("made_at").text.partition("验证码 ")[2][:6]


def test_signing_takes_the_code_sent_to_the_legal_representative(red_star: Firm) -> None:
    consent = prepared(red_star)
    with pytest.raises(accounts.WrongCode):
        actions.sign(
            consent=consent, code="000000", text_sha256=consent.text_sha256, by=red_star.owner, at=MONDAY, **SIGNING
        )
    code = sms(red_star)
    actions.sign(consent=consent, code=code, text_sha256=consent.text_sha256, by=red_star.owner, at=MONDAY, **SIGNING)
    assert queries.in_force(red_star.uscc, MONDAY) == consent
    assert set(Authorised.objects.values_list("category", flat=True)) == set(consent.categories)


def test_another_text_than_the_one_read_is_not_signed(red_star: Firm) -> None:
    consent = prepared(red_star)
    code = sms(red_star)
    with pytest.raises(TooLate):
        actions.sign(consent=consent, code=code, text_sha256="0" * 64, by=red_star.owner, at=MONDAY, **SIGNING)
    assert queries.in_force(red_star.uscc, MONDAY) is None


def test_a_letter_is_signed_once(red_star: Firm) -> None:
    consent = given(red_star)
    with pytest.raises(TooLate):
        actions.put_in_force(consent=consent, evidence={}, by=red_star.owner, at=TUESDAY)


def test_nobody_signs_for_a_stranger_and_a_clerk_never(red_star: Firm, blue_sea: Firm, bookkeeper: Person) -> None:
    consent = prepared(red_star)
    with pytest.raises(NotAllowed):
        actions.put_in_force(consent=consent, evidence={}, by=blue_sea.owner, at=MONDAY)
    enterprises.give_mandate(
        uscc=red_star.uscc, phone=bookkeeper.phone, acts=["prepare_consent"], ends_on=FRIDAY.date(),
        by=red_star.owner, at=MONDAY,
    )  # fmt: skip
    clerk = enterprise_queries.actor_for(
        user_id=bookkeeper.actor.id,
        phone=bookkeeper.phone,
        uscc=red_star.uscc,
        label="",
        at=MONDAY,
    )
    with pytest.raises(NotAllowed):
        actions.put_in_force(consent=consent, evidence={}, by=clerk, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.revoke(consent=consent, by=clerk, at=MONDAY)


def test_the_link_in_the_sms_finds_the_letter_until_it_is_signed_or_too_old(red_star: Firm) -> None:
    consent = prepared(red_star)
    actions.send_sign_link(consent=consent, url="https://example.org/sign/", by=red_star.owner, at=MONDAY)
    token = "unknown"
    with pytest.raises(NotFound):
        queries.by_link(token, MONDAY)
    SignLink.objects.update(token_sha256=hashlib.sha256(token.encode()).hexdigest())
    assert queries.by_link(token, MONDAY) == consent
    with pytest.raises(NotFound):
        queries.by_link(token, MONDAY + timedelta(hours=25))
    actions.put_in_force(consent=consent, evidence={}, by=red_star.owner, at=MONDAY)
    with pytest.raises(NotFound):
        queries.by_link(token, MONDAY)


def test_signing_anew_replaces_the_letter_and_keeps_the_institutions_of_running_applications(red_star: Firm) -> None:
    first = given(red_star)
    bank = {"institution_code": RIVER_BANK, "institution_name": "江岸示例银行", "because": "A1"}
    actions.name_institution(uscc=red_star.uscc, by=red_star.owner, at=MONDAY, **bank)
    second = given(red_star, at=TUESDAY)
    first.refresh_from_db()
    assert first.state == State.SUPERSEDED
    assert [row.because for row in queries.named(second.pk)] == ["A1"]
    assert "江岸示例银行" in queries.letter_of(second).institutions


def test_revoking_stops_collection_and_names_nobody_any_more(red_star: Firm) -> None:
    consent = given(red_star)
    bank = {"institution_code": RIVER_BANK, "institution_name": "江", "because": "A1"}
    actions.name_institution(uscc=red_star.uscc, by=red_star.owner, at=MONDAY, **bank)
    actions.revoke(consent=consent, by=red_star.owner, at=TUESDAY)
    assert not Authorised.objects.exists()
    assert not queries.named(consent.pk).exists()
    with pytest.raises(TooLate):
        actions.revoke(consent=consent, by=red_star.owner, at=TUESDAY)
    with pytest.raises(TooLate):
        actions.resume(consent=consent, by=red_star.owner, at=TUESDAY)


def test_a_paused_consent_collects_nothing_until_it_is_resumed(red_star: Firm) -> None:
    consent = given(red_star)
    actions.pause(consent=consent, by=red_star.owner, at=TUESDAY)
    assert not Authorised.objects.exists()
    actions.resume(consent=consent, by=red_star.owner, at=TUESDAY)
    assert Authorised.objects.count() == len(consent.categories)


def test_terms_that_are_over_are_ended_by_night(red_star: Firm) -> None:
    consent = given(red_star, end=MONDAY.date())
    tasks.end_old_consents(at=MONDAY)
    consent.refresh_from_db()
    assert consent.state == State.ACTIVE
    tasks.end_old_consents(at=TUESDAY)
    consent.refresh_from_db()
    assert consent.state == State.EXPIRED
    assert not Authorised.objects.exists()


def test_the_letter_is_signed_kept_once_and_its_hash_told(red_star: Firm, settings) -> None:
    consent = given(red_star)
    tasks.render_letter(consent_id=str(consent.pk), at=TUESDAY)
    tasks.render_letter(consent_id=str(consent.pk), at=TUESDAY)
    consent.refresh_from_db()
    content = files.get(consent.pdf_file)
    assert signing.check(content, keys=settings.DOCUMENT_KEYS).valid
    assert consent.pdf_sha256 == hashlib.sha256(content).hexdigest()
    assert set(Authorised.objects.values_list("pdf_sha256", flat=True)) == {consent.pdf_sha256}
    assert Line.objects.filter(action="consent.letter_kept").count() == 1


def erased_after(first: Consent, firm: Firm, monkeypatch: pytest.MonkeyPatch) -> set[Category]:
    """What the job forgets that ended consent `first` set off."""
    asked: set[Category] = set()
    monkeypatch.setattr(tasks.door, "forget", lambda uscc, categories, *, at: asked.update(categories) or {})
    tasks.erase_facts(consent_number=first.number, uscc=firm.uscc, at=TUESDAY)
    return asked


def test_data_are_not_erased_that_the_enterprise_signed_for_anew(
    red_star: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = given(red_star, utilities=("electricity",))
    actions.revoke(consent=first, by=red_star.owner, at=MONDAY)
    anew = given(red_star, at=TUESDAY, utilities=("electricity",))
    assert not erased_after(first, red_star, monkeypatch) & set(anew.categories)


def test_a_narrower_letter_sets_off_erasing_what_it_leaves_out(red_star: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    first = given(red_star, utilities=("electricity",))
    waiting = ProcrastinateJob.objects.filter(task_name__contains="erase")
    assert not waiting.exists()
    given(red_star, at=TUESDAY)
    assert waiting.count() == 1
    assert Category.ELECTRICITY in erased_after(first, red_star, monkeypatch)
    assert Category.INVOICES not in erased_after(first, red_star, monkeypatch)


def test_an_institution_is_named_only_under_a_consent_in_force(red_star: Firm) -> None:
    bank = {"institution_code": RIVER_BANK, "institution_name": "江", "because": "A1"}
    with pytest.raises(NotGranted):
        actions.name_institution(uscc=red_star.uscc, by=red_star.owner, at=MONDAY, **bank)
