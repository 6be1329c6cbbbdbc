"""Accounts, enterprises and signed consents of those who are on the platform already: written in bulk.

The same rows, letters and lines in the book as the wizard's own actions leave; without the short messages and the
pulls, because the departments' files are delivered whole afterwards.
"""

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from django.conf import settings
from django.db import transaction

from jinfuyun.accounts import actions as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.consents import letter
from jinfuyun.consents import queries as consents
from jinfuyun.consents.models import Authorised, Consent
from jinfuyun.consents.rules import BASIC_CATEGORIES, CHOSEN_CATEGORIES, INSTITUTION_PURPOSES, State, TermKind, day
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.enterprises.models import Enterprise, Holding
from jinfuyun.kit import industries
from jinfuyun.kit.actor import Actor, Role, enterprise_house
from jinfuyun.kit.grant import UTILITIES, Category
from jinfuyun.kit.identity import mask_phone
from jinfuyun.kit.uscc import Nature
from jinfuyun.sandbox.staff import BY
from jinfuyun.storage import files, signing
from jinfuyun.storage.typesetting import typesetter

SIGNED_DAYS_AGO = (30, 360)
FIXED_TERM_SHARE = 0.25
CHOSEN_SHARE = 0.5  # of each category that a letter need not cover
AT_ONCE = 24  # letters set and signed between two writes
REGISTERED = ("name", "region", "industry", "nature", "kind", "capital", "registered_on", "status")


@dataclass(frozen=True, slots=True)
class Holder:
    """One enterprise on the platform, the owner acting for it, and when he signed."""

    entry: dict[str, Any]
    owner: Actor
    signed_at: datetime


def first_with_their_siblings(people: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The first `count`, and every other enterprise of the same people: a phone is taken with all it holds."""
    phones = {one["phone"] for one in people[:count]}
    return [one for one in people if one["phone"] in phones]


@transaction.atomic
def settle(entries: Sequence[dict[str, Any]], *, password_hash: str, at: datetime) -> list[str]:
    """Accounts, enterprises, holdings and consents in force; the numbers of the consents, letters still to be set."""
    random = np.random.default_rng(len(entries))
    users: dict[str, UUID] = {}
    holders = []
    for one in entries:
        signed_at = at - timedelta(days=int(random.integers(*SIGNED_DAYS_AGO)), minutes=int(random.integers(1, 400)))
        phone = one["phone"]
        if phone not in users:
            users[phone] = accounts.open_account(
                phone=phone, name=one["legal_name"], password_hash=password_hash, by=BY, at=at - timedelta(days=365)
            )
        holders.append(Holder(one, _owner(users[phone], phone, one["uscc"]), signed_at))
    Enterprise.objects.bulk_create([enterprise_of(holder) for holder in holders])
    Holding.objects.bulk_create(
        Holding(enterprise_id=h.entry["uscc"], user_id=UUID(h.owner.id), since=h.signed_at) for h in holders
    )
    drafted = [
        consent_of(holder, number, random, fixed=random.random() < FIXED_TERM_SHARE)
        for number, holder in enumerate(holders)
    ]
    Consent.objects.bulk_create(drafted)
    Authorised.objects.bulk_create(row for consent in drafted for row in _authorised(consent))
    for holder, consent in zip(holders, drafted, strict=True):
        _book(holder, consent)
    return [consent.number for consent in drafted]


def _owner(user_id: UUID, phone: str, uscc: str) -> Actor:
    roles = frozenset({Role.ENTERPRISE_USER, Role.ENTERPRISE_OWNER})
    return Actor(id=str(user_id), label=mask_phone(phone), roles=roles, house=enterprise_house(uscc))


def enterprise_of(holder: Holder) -> Enterprise:
    one = holder.entry
    as_of = day(holder.signed_at)
    return Enterprise(
        uscc=one["uscc"],
        tax_number=one["tax_number"],
        name=one["name"],
        region_code=one["region"],
        industry_code=industries.section_of(one["industry"]) or "",
        nature=one["nature"],
        legal_name=one["legal_name"],
        legal_id_type=one["id_type"],
        legal_id_number=one["id_number"],
        legal_phone=one["phone"],
        contact_name=one["legal_name"],
        contact_phone=one["phone"],
        registered={field: one[field] for field in REGISTERED} | {"as_of": as_of.isoformat()},
        registered_as_of=as_of,
        authenticated_at=holder.signed_at,
    )


def consent_of(holder: Holder, number: int, random: np.random.Generator, *, fixed: bool) -> Consent:
    """Signed and in force, its letter written and not yet set; `fixed`: for three years, else until settlement."""
    start = day(holder.signed_at)
    chosen = [category for category in CHOSEN_CATEGORIES if random.random() < CHOSEN_SHARE]
    utilities = [
        {"category": kind.value, **holder.entry[kind], "verdict": "matches"} for kind in UTILITIES if holder.entry[kind]
    ]
    consent = Consent(
        number=f"SQ{start:%Y%m%d}{number:08d}",
        enterprise_id=holder.entry["uscc"],
        state=State.ACTIVE,
        term_kind=TermKind.FIXED if fixed else TermKind.UNTIL_SETTLEMENT,
        start_on=start,
        end_on=_years_later(start, 3) if fixed else None,
        categories=[*BASIC_CATEGORIES, *chosen, *(Category(entry["category"]) for entry in utilities)],
        purposes=list(INSTITUTION_PURPOSES),
        utilities=utilities,
        personal_notice=holder.entry["nature"] == Nature.INDIVIDUAL,
        recommend=True,
        letter_version=letter.template()["version"],
        prepared_by_id=UUID(holder.owner.id),
        prepared_at=holder.signed_at,
        signed_by_id=UUID(holder.owner.id),
        signed_at=holder.signed_at,
        evidence=json.dumps({"method": "sandbox", "at": holder.signed_at.isoformat()}),
        collected_at=holder.signed_at,  # the province's files are delivered as a whole
    )
    data = consents.write_letter(consent, _profile(holder), named=[])
    consent.letter = msgspec.json.encode(data).decode()
    consent.text_sha256 = letter.text_hash(data)
    return consent


def _authorised(consent: Consent) -> list[Authorised]:
    """What departments are told of it."""
    return [
        Authorised(
            uscc=consent.enterprise_id,
            category=category,
            consent_number=consent.number,
            pdf_sha256="",
            start_on=consent.start_on,
            end_on=consent.end_on,
        )
        for category in consent.categories
    ]


def _years_later(start: date, years: int) -> date:
    return date(start.year + years, start.month, min(start.day, 28))


def _profile(holder: Holder) -> enterprises.Profile:
    row = enterprise_of(holder)
    return enterprises.Profile(**{field: getattr(row, field) for field in enterprises.Profile.__dataclass_fields__})


def _book(holder: Holder, consent: Consent) -> None:
    uscc = consent.enterprise_id
    audit.record(
        "enterprise.profiled",
        subject=f"enterprise:{uscc}",
        by=holder.owner,
        at=holder.signed_at,
        uscc=uscc,
        differs=[],
    )
    audit.record(
        "consent.signed",
        subject=f"consent:{consent.number}",
        by=holder.owner,
        at=holder.signed_at,
        uscc=uscc,
        consent_number=consent.number,
        text_sha256=consent.text_sha256,
        categories=consent.categories,
    )


def write_letters(numbers: Sequence[str], *, at: datetime) -> int:
    """Set, sign and keep those of these letters that still wait, a few at a time; how many. May be broken off."""
    count = 0
    while waiting := list(Consent.objects.filter(number__in=numbers, pdf_file="").order_by("number")[:AT_ONCE]):
        with ThreadPoolExecutor(2) as pool:  # the typesetter works outside Python's lock
            signed = list(pool.map(_signed_letter, waiting))
        with transaction.atomic():
            for consent, pdf in zip(waiting, signed, strict=True):
                _keep(consent, pdf, at)
        count += len(waiting)
    return count


def _signed_letter(consent: Consent) -> bytes:
    assert consent.signed_at is not None, "only signed consents wait"
    data = consents.letter_of(consent)
    plain = letter.render_letter(data, setter=typesetter(settings.DOCUMENT_FONTS), at=consent.signed_at)
    return signing.sign(plain, keys=settings.DOCUMENT_KEYS, reason="采集查询授权委托书", at=consent.signed_at)


def _keep(consent: Consent, pdf: bytes, at: datetime) -> None:
    consent.pdf_file, consent.pdf_sha256 = files.put(pdf), hashlib.sha256(pdf).hexdigest()
    consent.save(update_fields=["pdf_file", "pdf_sha256"])
    Authorised.objects.filter(consent_number=consent.number).update(pdf_sha256=consent.pdf_sha256)
    audit.record(
        "consent.letter_kept",
        subject=f"consent:{consent.number}",
        by=BY,
        at=at,
        uscc=consent.enterprise_id,
        consent_number=consent.number,
        pdf_sha256=consent.pdf_sha256,
    )
