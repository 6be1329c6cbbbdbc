"""Reading consents, and the one place where a Grant is made."""

import hashlib
import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

import msgspec
from django.conf import settings
from django.db.models import Q, QuerySet

from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.rules import CodePurpose
from jinfuyun.consents import letter
from jinfuyun.consents.letter import LetterData
from jinfuyun.consents.models import Consent, NamedInstitution, SignLink
from jinfuyun.consents.rules import (
    INSTITUTION_PURPOSES,
    LIVING,
    OWN_PURPOSES,
    SIGN_CODE_MINUTES,
    State,
    TermKind,
    Terms,
    categories_of,
    day,
)
from jinfuyun.data.door import REFUSALS, Verdict
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.errors import NotFound, NotGranted
from jinfuyun.kit.grant import Category, Grant, Purpose, Reader, ReaderKind
from jinfuyun.kit.identity import IdType
from jinfuyun.kit.period import months_after


def covering(today: date) -> Q:
    """Consents whose days include `today`."""
    return Q(start_on__lte=today) & (Q(end_on=None) | Q(end_on__gte=today))


def in_force(uscc: str, at: datetime) -> Consent | None:
    """The consent under which data may be collected and queried now."""
    return Consent.objects.filter(covering(day(at)), enterprise_id=uscc, state=State.ACTIVE).first()


def recommendable(at: datetime) -> QuerySet[Consent]:
    """In force, with a letter that agrees to 对接推荐: only these may be named to an institution unasked."""
    return Consent.objects.filter(covering(day(at)), state=State.ACTIVE, recommend=True)


def may_be_recommended_again() -> QuerySet[Consent]:
    """As `recommendable`, also while paused or before its first day: what was begun waits, and does not end."""
    return Consent.objects.filter(state__in=LIVING, recommend=True)


def living(uscc: str) -> Consent | None:
    """The consent that is active or paused, whatever its days."""
    return Consent.objects.filter(enterprise_id=uscc, state__in=LIVING).first()


def of_enterprise(uscc: str) -> QuerySet[Consent]:
    """All that were ever signed, and the one that waits for a signature; newest first."""
    return Consent.objects.filter(enterprise_id=uscc).order_by("-prepared_at")


def consent(number: str, *, uscc: str) -> Consent:
    """One of the enterprise's own; raises NotFound."""
    found = Consent.objects.filter(number=number, enterprise_id=uscc).first()
    if found is None:
        raise NotFound
    return found


def by_number(number: str) -> Consent | None:
    """For /verify, which tells anyone whether a letter is genuine and in force, and nothing of what stands in it."""
    return Consent.objects.filter(number=number).exclude(signed_at=None).first()


def by_link(token: str, at: datetime) -> Consent:
    """The consent that the SMS link names; raises NotFound when it is used up or too old."""
    link = _link(token, at)
    if link is None or link.consent.state != State.PENDING:
        raise NotFound
    return link.consent


def signed_by_link(token: str, at: datetime) -> Consent | None:
    """The consent that the link names, if it was signed: who clicks twice learns that it was."""
    link = _link(token, at)
    return link.consent if link and link.consent.signed_at else None


def _link(token: str, at: datetime) -> SignLink | None:
    mark = hashlib.sha256(token.encode()).hexdigest()
    return SignLink.objects.filter(token_sha256=mark, ends_at__gt=at).select_related("consent").first()


def write_letter(consent: Consent, enterprise: enterprises.Profile, *, named: list[NamedInstitution]) -> LetterData:
    """What this letter says; kept with the consent, so that page, PDF and hash are always of one text."""
    return LetterData(
        enterprise=enterprise.name, uscc=enterprise.uscc, legal_representative=enterprise.legal_name,
        id_type=IdType(enterprise.legal_id_type), id_number=enterprise.legal_id_number,
        contact=enterprise.contact_name, contact_phone=enterprise.contact_phone,
        term_kind=letter.TermKind(consent.term_kind), start=consent.start_on,
        end=consent.end_on if consent.term_kind == TermKind.FIXED else None,
        cap=consent.end_on if consent.term_kind == TermKind.UNTIL_SETTLEMENT else None,
        categories=frozenset(Category(category) for category in consent.categories),
        operator=letter.Operator(**settings.OPERATOR),
        utilities=tuple(
            letter.Utility(
                Category(entry["category"]), entry["supplier"], entry["account"],
                verified=entry["verdict"] == Verdict.MATCHES,
            )
            for entry in consent.utilities
        ),
        institutions=tuple(dict.fromkeys(row.institution_name for row in named)),
        recommend=consent.recommend, personal_notice=consent.personal_notice, number=consent.number,
        verify_url=f"{settings.PUBLIC_URL}/verify/{consent.number}" if consent.number else "",
    )  # fmt: skip


def unsigned(uscc: str, terms: Terms, utilities: list[dict[str, str]]) -> Consent:
    """The consent that these terms would be, neither numbered nor kept. `utilities`: what check_utilities answered."""
    assert terms.start is not None  # why_not_terms refused it otherwise
    end = terms.end
    if terms.term_kind == TermKind.UNTIL_SETTLEMENT:
        months = settings.CONSENT_MONTHS_MAX
        end = months_after(terms.start, months) if months else None
    confirmed = [entry["category"] for entry in utilities if entry["verdict"] == Verdict.MATCHES]
    return Consent(
        number="", enterprise_id=uscc, state=State.PENDING, term_kind=terms.term_kind, start_on=terms.start, end_on=end,
        categories=categories_of(terms, enterprises.profile(uscc).nature, confirmed), utilities=utilities,
        purposes=list(INSTITUTION_PURPOSES), personal_notice=terms.personal_notice, recommend=terms.recommend,
        letter_version=letter.template()["version"],
    )  # fmt: skip


def draft(uscc: str, terms: Terms, utilities: list[dict[str, str]]) -> LetterData:
    """The letter as it is read before it is signed: with these terms, without a number yet."""
    return write_letter(unsigned(uscc, terms, utilities), enterprises.profile(uscc), named=carried(uscc))


def carried(uscc: str) -> list[NamedInstitution]:
    """Institutions with a running application stay named when the letter is signed anew."""
    before = living(uscc)
    return list(named(before.pk)) if before else []


def given_on(form_token: uuid.UUID, *, uscc: str) -> Consent | None:
    """What was signed on this very page."""
    return Consent.objects.filter(form_token=form_token, enterprise_id=uscc).exclude(signed_at=None).first()


def letter_of(consent: Consent) -> LetterData:
    """What the letter says, as it was when it was prepared, with the signature if there is one."""
    data = msgspec.json.decode(consent.letter, type=LetterData)
    return replace(data, signed_at=consent.signed_at)


def needs_code(*, uscc: str, session: str, at: datetime) -> bool:
    """No new code if this enterprise passed step 1 within the last minutes, by a code given in this session."""
    profile = enterprises.profile(uscc)
    if profile.authenticated_at <= at - timedelta(minutes=SIGN_CODE_MINUTES):
        return True
    return not accounts.verified_within(
        phone=profile.legal_phone, session=session, purposes=(CodePurpose.TAX_ELEMENTS,), minutes=SIGN_CODE_MINUTES,
        at=at,
    )  # fmt: skip


def states_of(usccs: list[str]) -> dict[str, str]:
    """The state of each enterprise's newest signed consent."""
    newest = Consent.objects.filter(enterprise_id__in=usccs).exclude(signed_at=None)
    newest = newest.order_by("enterprise_id", "-signed_at").distinct("enterprise_id")
    return dict(newest.values_list("enterprise_id", "state"))


def with_living(usccs: list[str]) -> set[str]:
    """Those of these enterprises that have a consent which is active or paused."""
    living_ones = Consent.objects.filter(enterprise_id__in=usccs, state__in=LIVING)
    return set(living_ones.values_list("enterprise_id", flat=True))


def waiting(usccs: list[str]) -> QuerySet[Consent]:
    """Letters of these enterprises that wait for a signature."""
    return Consent.objects.filter(enterprise_id__in=usccs, state=State.PENDING)


def ending(usccs: list[str], *, until: date) -> QuerySet[Consent]:
    """Consents of these enterprises whose last day comes by then."""
    return Consent.objects.filter(enterprise_id__in=usccs, state__in=LIVING, end_on__lte=until)


def named(consent_id: uuid.UUID) -> QuerySet[NamedInstitution]:
    """Institutions that may query under it now."""
    return NamedInstitution.objects.filter(consent_id=consent_id, until=None).order_by("since")


def grant_for(*, uscc: str, reader: Reader, purpose: Purpose, at: datetime, because: str = "") -> Grant:
    """The permission to read, or NotGranted. The database checks the same again before a document leaves it.

    An institution reads because of an application, by whose number it was named; nobody else needs one.
    """
    found = living(uscc)
    if found is None:
        raise NotGranted
    if why := _why_not(found, reader=reader, purpose=purpose, because=because, today=day(at)):
        raise NotGranted(REFUSALS[why], why=why)
    categories = frozenset(Category(category) for category in found.categories)
    return Grant(
        consent_number=found.number, uscc=uscc, reader=reader, purpose=purpose, categories=categories,
        ends_on=found.end_on, because=because,
    )  # fmt: skip


def still_granted(grant: Grant, *, at: datetime) -> None:
    """Raise NotGranted if the consent ended since; a revocation in the same moment waits until this one is done."""
    held = Consent.objects.select_for_update().filter(number=grant.consent_number).first()
    if held is None or held.state not in LIVING:
        raise NotGranted(why=held.state if held else "no_consent")
    grant_for(uscc=grant.uscc, reader=grant.reader, purpose=grant.purpose, because=grant.because, at=at)


def _why_not(found: Consent, *, reader: Reader, purpose: Purpose, because: str, today: date) -> str | None:
    """The first of door.REFUSALS that stands against it, in the order in which the database looks."""
    own = reader.kind is ReaderKind.ENTERPRISE
    if found.state == State.PAUSED and not own:
        return "paused"
    if today < found.start_on:
        return "not_yet"
    if found.end_on is not None and today > found.end_on:
        return "expired"
    if own:
        fits = reader.code == found.enterprise_id and purpose in OWN_PURPOSES
    elif reader.kind is ReaderKind.PLATFORM:
        fits = purpose is Purpose.MATCHING
    else:
        here = named(found.pk).filter(institution_code=reader.code, because=because)
        fits = purpose in found.purposes and here.exists()
    return None if fits else "reader"


def over_but_living(at: datetime) -> QuerySet[Consent]:
    """Active or paused consents whose last day has passed; the platform ends them."""
    return Consent.objects.filter(state__in=LIVING, end_on__lt=day(at))


def without_letter(*, signed_before: datetime) -> QuerySet[Consent]:
    """Living consents whose signed PDF has not been made."""
    return Consent.objects.filter(state__in=LIVING, pdf_file="", signed_at__lt=signed_before)


def not_collected(at: datetime, *, signed_before: datetime) -> QuerySet[Consent]:
    """Consents in force for which some department has never answered; without the letter none would."""
    lack = Consent.objects.filter(covering(day(at)), state=State.ACTIVE, collected_at=None)
    return lack.filter(signed_at__lt=signed_before).exclude(pdf_file="")


def not_erased(*, ended_before: datetime) -> QuerySet[Consent]:
    """Signed consents that ended, and whose data may still be there."""
    ended = Consent.objects.exclude(state__in=(State.PENDING, *LIVING)).exclude(signed_at=None)
    return ended.filter(erased_at=None, ended_at__lt=ended_before)
