"""立即授权 on the page: what was shown is signed, once, after a right code for this enterprise.

Seen red, each with its guard taken out: the comparison of hashes in `give`, the look for `form_token`, the code before
`prepare`, `signed_at` in `states_of` and `by_number`, `authenticated_at` in `needs_code`, the verdict in `unsigned`.
"""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jinfuyun.accounts.actions import WrongCode, send_code
from jinfuyun.accounts.rules import CodePurpose
from jinfuyun.consents import actions, letter, queries
from jinfuyun.consents.models import Authorised, Consent, SignLink
from jinfuyun.consents.rules import State, TermKind, Terms, default_terms
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.kit.errors import NotGranted
from jinfuyun.kit.grant import Category, Purpose, Reader, ReaderKind
from jinfuyun.notifications.models import Message
from tests.at_once import all_at_once
from tests.cast import MONDAY, TUESDAY, Firm, given

TERMS = default_terms(MONDAY.date())
LATER = MONDAY + timedelta(hours=1)  # step 1 was too long ago to sign without a code


def code_for(firm: Firm) -> str:
    send_code(
        phone=firm.legal_phone, purpose=CodePurpose.SIGN_CONSENT, session="s", ip="127.0.0.1", at=LATER,
        subject=firm.uscc, text_context={"enterprise": firm.name},
    )  # fmt: skip
    return Message.objects.latest("made_at").text.partition("验证码 ")[2][:6]


def press(firm: Firm, code: str, **changes: Any) -> Consent:
    terms, utilities = changes.pop("terms", TERMS), changes.pop("utilities", [])
    shown = changes.pop("shown", None) or letter.text_hash(queries.draft(firm.uscc, terms, utilities))
    given_with: dict[str, Any] = {
        "uscc": firm.uscc, "terms": terms, "utilities": utilities, "shown_sha256": shown, "form_token": uuid.uuid4(),
        "code": code, "session": "s", "ip": "127.0.0.1", "user_agent": "test", "by": firm.owner, "at": LATER,
    }  # fmt: skip
    return actions.give(**given_with | changes)


@pytest.mark.django_db
def test_wrong_codes_leave_no_letter_and_let_nobody_in(red_star: Firm) -> None:
    for _ in range(3):
        with pytest.raises(WrongCode):
            press(red_star, "000000")
    assert not Consent.objects.exists()
    assert queries.states_of([red_star.uscc]) == {}


@pytest.mark.django_db
def test_a_wrong_code_ends_neither_the_living_letter_nor_a_clerks_link(red_star: Firm) -> None:
    living = given(red_star)
    waiting = actions.prepare(uscc=red_star.uscc, terms=TERMS, utilities=[], by=red_star.owner, at=LATER)
    actions.send_sign_link(consent=waiting, url="https://example.org/sign/", by=red_star.owner, at=LATER)
    with pytest.raises(WrongCode):
        press(red_star, "000000")
    assert SignLink.objects.filter(consent=waiting).exists()
    assert queries.states_of([red_star.uscc]) == {red_star.uscc: State.ACTIVE}
    assert queries.living(red_star.uscc) == living
    assert queries.by_number(waiting.number) is None, "/verify knows only what was signed"


@pytest.mark.django_db
def test_an_unsigned_letter_goes_when_another_is_prepared(red_star: Firm) -> None:
    first = actions.prepare(uscc=red_star.uscc, terms=TERMS, utilities=[], by=red_star.owner, at=LATER)
    actions.send_sign_link(consent=first, url="https://example.org/sign/", by=red_star.owner, at=LATER)
    second = actions.prepare(uscc=red_star.uscc, terms=TERMS, utilities=[], by=red_star.owner, at=LATER)
    assert list(Consent.objects.all()) == [second]


@pytest.mark.django_db
def test_the_page_sent_twice_is_signed_once(red_star: Firm) -> None:
    code, token = code_for(red_star), uuid.uuid4()
    first = press(red_star, code, form_token=token)
    assert press(red_star, code, form_token=token) == first
    assert Consent.objects.count() == 1


def test_the_page_sent_a_hundred_times_at_once_is_signed_once(committed_db: None, red_star: Firm) -> None:
    code, token = code_for(red_star), uuid.uuid4()
    all_at_once(lambda _: press(red_star, code, form_token=token), WrongCode)
    assert list(Consent.objects.values_list("state", flat=True)) == [State.ACTIVE]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "terms",
    [
        replace(TERMS, term_kind=TermKind.FIXED, end=TUESDAY.date()),
        replace(TERMS, chosen=(Category.CUSTOMS,)),
        replace(TERMS, recommend=True),
    ],
)
def test_other_terms_than_those_shown_are_shown_first(red_star: Firm, terms: Terms) -> None:
    shown = letter.text_hash(queries.draft(red_star.uscc, TERMS, []))
    with pytest.raises(actions.ReadAgain):
        press(red_star, code_for(red_star), terms=terms, shown=shown)
    assert not Consent.objects.exists()


@pytest.mark.django_db
def test_a_name_changed_in_another_tab_is_shown_first(red_star: Firm) -> None:
    shown = letter.text_hash(queries.draft(red_star.uscc, TERMS, []))
    Enterprise.objects.filter(uscc=red_star.uscc).update(name="另一个名称")
    with pytest.raises(actions.ReadAgain):
        press(red_star, code_for(red_star), shown=shown)


@pytest.mark.django_db
def test_a_code_is_needed_where_step_one_was_another_enterprises(red_star: Firm) -> None:
    send_code(phone=red_star.legal_phone, purpose=CodePurpose.TAX_ELEMENTS, session="s", ip="127.0.0.1", at=LATER)
    code = Message.objects.latest("made_at").text.partition("验证码 ")[2][:6]
    from jinfuyun.accounts.actions import use_code

    use_code(phone=red_star.legal_phone, purpose=CodePurpose.TAX_ELEMENTS, session="s", code=code, at=LATER)
    assert queries.needs_code(uscc=red_star.uscc, session="s", at=LATER), "it was verified for something else"
    Enterprise.objects.filter(uscc=red_star.uscc).update(authenticated_at=LATER)
    assert not queries.needs_code(uscc=red_star.uscc, session="s", at=LATER)
    assert queries.needs_code(uscc=red_star.uscc, session="t", at=LATER)


@pytest.mark.django_db
@pytest.mark.parametrize("verdict", ["differs", "unknown", "unreachable"])
def test_an_account_not_confirmed_leaves_its_chapter_out_of_every_exit(red_star: Firm, verdict: str) -> None:
    account = {"category": "electricity", "supplier": "示例", "account": "10001", "verdict": verdict}
    consent = press(red_star, code_for(red_star), utilities=[account])
    assert Category.ELECTRICITY not in consent.categories
    assert not Authorised.objects.filter(category="electricity").exists()
    reader = Reader(ReaderKind.ENTERPRISE, red_star.uscc)
    grant = queries.grant_for(uscc=red_star.uscc, reader=reader, purpose=Purpose.OWN_VIEW, at=LATER)
    assert Category.ELECTRICITY not in grant.categories
    assert not any(each.verified for each in queries.letter_of(consent).utilities)


@pytest.mark.django_db
def test_of_one_persons_business_what_is_his_own_needs_a_separate_yes(red_star: Firm) -> None:
    Enterprise.objects.filter(uscc=red_star.uscc).update(nature="individual")
    chosen = replace(TERMS, chosen=(Category.PROPERTY, Category.STATEMENTS, Category.CUSTOMS))
    without = queries.unsigned(red_star.uscc, chosen, [])
    assert not {Category.TAX, Category.PROPERTY, Category.STATEMENTS} & set(without.categories)
    assert {Category.INVOICES, Category.CUSTOMS} <= set(without.categories)
    with_yes = queries.unsigned(red_star.uscc, replace(chosen, personal_notice=True), [])
    assert {Category.TAX, Category.PROPERTY, Category.STATEMENTS} <= set(with_yes.categories)


@pytest.mark.django_db
def test_an_operators_cap_is_printed_and_ends_the_consent(red_star: Firm, settings: Any) -> None:
    settings.CONSENT_MONTHS_MAX = 24
    consent = press(red_star, code_for(red_star))
    assert (consent.end_on.year, consent.end_on.month) == (MONDAY.year + 2, MONDAY.month)
    text = "".join(str(part) for part in letter.letter_text(queries.letter_of(consent)))
    assert "本平台设定的最长期限至" in text
    after = MONDAY + timedelta(days=24 * 31 + 1)
    with pytest.raises(NotGranted):
        reader = Reader(ReaderKind.ENTERPRISE, red_star.uscc)
        queries.grant_for(uscc=red_star.uscc, reader=reader, purpose=Purpose.OWN_VIEW, at=after)
