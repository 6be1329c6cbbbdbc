"""Reading consents, and the one place where a Grant is made."""

import hashlib
import uuid
from dataclasses import replace
from datetime import date, datetime

import msgspec
from django.conf import settings
from django.db.models import Q, QuerySet

from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.rules import CodePurpose
from jinfuyun.consents import letter
from jinfuyun.consents.letter import LetterData
from jinfuyun.consents.models import Consent, NamedInstitution, SignLink
from jinfuyun.consents.rules import BASIC_CATEGORIES, LIVING, OWN_PURPOSES, SIGN_CODE_MINUTES, State, TermKind, day
from jinfuyun.data.door import Verdict
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.errors import NotFound, NotGranted
from jinfuyun.kit.grant import Category, Grant, Purpose, Reader, ReaderKind
from jinfuyun.kit.identity import IdType


def covering(today: date) -> Q:
    """Consents whose days include `today`."""
    return Q(start_on__lte=today) & (Q(end_on=None) | Q(end_on__gte=today))


def in_force(uscc: str, at: datetime) -> Consent | None:
    """The consent under which data may be collected and queried now."""
    return Consent.objects.filter(covering(day(at)), enterprise_id=uscc, state=State.ACTIVE).first()


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
    return Consent.objects.filter(number=number).exclude(state=State.PENDING).first()


def by_link(token: str, at: datetime) -> Consent:
    """The consent that the SMS link names; raises NotFound when it is used up or too old."""
    mark = hashlib.sha256(token.encode()).hexdigest()
    links = SignLink.objects.filter(token_sha256=mark, ends_at__gt=at, consent__state=State.PENDING)
    link = links.select_related("consent").first()
    if link is None:
        raise NotFound
    return link.consent


def write_letter(consent: Consent, enterprise: enterprises.Profile, *, named: list[NamedInstitution]) -> LetterData:
    """What this letter says; kept with the consent, so that page, PDF and hash are always of one text."""
    return LetterData(
        enterprise=enterprise.name, uscc=enterprise.uscc, legal_representative=enterprise.legal_name,
        id_type=IdType(enterprise.legal_id_type), id_number=enterprise.legal_id_number,
        contact=enterprise.contact_name, contact_phone=enterprise.contact_phone,
        term_kind=letter.TermKind(consent.term_kind), start=consent.start_on, end=consent.end_on,
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
        verify_url=f"{settings.PUBLIC_URL}/verify/{consent.number}",
    )  # fmt: skip


def preview(uscc: str, *, at: datetime) -> LetterData:
    """The letter as it is read before anything is chosen."""
    before = living(uscc)
    blank = Consent(
        number="", enterprise_id=uscc, term_kind=TermKind.UNTIL_SETTLEMENT, start_on=day(at),
        categories=list(BASIC_CATEGORIES), utilities=[], personal_notice=False, recommend=False,
    )  # fmt: skip
    return write_letter(blank, enterprises.profile(uscc), named=list(named(before.pk)) if before else [])


def letter_of(consent: Consent) -> LetterData:
    """What the letter says, as it was when it was prepared, with the signature if there is one."""
    data = msgspec.json.decode(consent.letter, type=LetterData)
    return replace(data, signed_at=consent.signed_at)


def needs_code(*, uscc: str, session: str, at: datetime) -> bool:
    """No new code if the legal representative's phone was verified in this session within the last minutes."""
    phone = enterprises.profile(uscc).legal_phone
    purposes = (CodePurpose.TAX_ELEMENTS, CodePurpose.SIGN_CONSENT)
    return not accounts.verified_within(
        phone=phone, session=session, purposes=purposes, minutes=SIGN_CODE_MINUTES, at=at
    )


def states_of(usccs: list[str]) -> dict[str, str]:
    """The state of each enterprise's newest signed consent."""
    newest = Consent.objects.filter(enterprise_id__in=usccs).exclude(state=State.PENDING)
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


def grant_for(*, uscc: str, reader: Reader, purpose: Purpose, at: datetime) -> Grant:
    """The permission to read, or NotGranted. The database checks the same again before a document leaves it."""
    found = living(uscc)
    if found is None or not found.start_on <= day(at) or (found.end_on is not None and found.end_on < day(at)):
        raise NotGranted
    if not _may(found, reader=reader, purpose=purpose):
        raise NotGranted
    categories = frozenset(Category(category) for category in found.categories)
    return Grant(
        consent_number=found.number, uscc=uscc, reader=reader, purpose=purpose, categories=categories,
        ends_on=found.end_on,
    )  # fmt: skip


def still_granted(grant: Grant, *, at: datetime) -> None:
    """Raise NotGranted if the consent ended since; a revocation in the same moment waits until this one is done."""
    held = Consent.objects.select_for_update().filter(number=grant.consent_number).first()
    if held is None or held.state not in LIVING:
        raise NotGranted
    grant_for(uscc=grant.uscc, reader=grant.reader, purpose=grant.purpose, at=at)


def _may(found: Consent, *, reader: Reader, purpose: Purpose) -> bool:
    if reader.kind is ReaderKind.ENTERPRISE:
        return reader.code == found.enterprise_id and purpose in OWN_PURPOSES
    if found.state != State.ACTIVE:
        return False
    if reader.kind is ReaderKind.PLATFORM:
        return purpose is Purpose.MATCHING
    return purpose in found.purposes and named(found.pk).filter(institution_code=reader.code).exists()


def over_but_living(at: datetime) -> QuerySet[Consent]:
    """Active or paused consents whose last day has passed; the platform ends them."""
    return Consent.objects.filter(state__in=LIVING, end_on__lt=day(at))
