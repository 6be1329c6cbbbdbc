"""Opening a credit report. Reading is a write: booked before anything is shown, told to the enterprise at once."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.consents import letter
from jinfuyun.consents import queries as consents
from jinfuyun.consents.models import Consent
from jinfuyun.consents.rules import day
from jinfuyun.data import door
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.actor import Actor, enterprise_house, institution_house
from jinfuyun.kit.errors import NotGranted
from jinfuyun.kit.grant import UTILITIES, Category, Grant, Purpose, Reader, ReaderKind
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.reports import queries
from jinfuyun.reports.content import ConsentLines, Missing, ReportData, Why, chapter
from jinfuyun.reports.models import Report
from jinfuyun.reports.paper import render_report
from jinfuyun.storage import files, signing
from jinfuyun.storage.typesetting import typesetter


def open_report(
    *, uscc: str, reader: Reader, reader_name: str, purpose: Purpose, because: str, by: Actor, at: datetime
) -> str:
    """Make a report and return its number. `because` is the application's number, empty for one's own look.

    Not atomic itself: the database books the reading (or its refusal) on its own before a document leaves it, and
    what was read is frozen in one atomic step that looks once more whether the consent still stands.
    Raises NotGranted, booked whoever refused.
    """
    if reader.kind is ReaderKind.ENTERPRISE:
        require(Permission.REPORT_OWN, by=by, over=enterprise_house(reader.code))
    else:
        require(Permission.REPORT_READ, by=by, over=institution_house(reader.code))
    asked = _Asked(uscc, reader, purpose, because)
    with _refusal_booked(asked, by=by, at=at):
        grant = consents.grant_for(uscc=uscc, reader=reader, purpose=purpose, because=because, at=at)
    facts = door.read_facts(grant, actor=by.id, actor_label=by.label, at=at)  # a refusal of its own is booked there
    with _refusal_booked(asked, by=by, at=at):
        data = _compose(grant, facts, reader_name=reader_name, by=by, at=at)
        return freeze(data=data, grant=grant, because=because, by=by, at=at)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose data, for whom, for what, because of which application."""

    uscc: str
    reader: Reader
    purpose: Purpose
    because: str


@contextmanager
def _refusal_booked(asked: _Asked, *, by: Actor, at: datetime) -> Iterator[None]:
    """What is refused here, before or after the database was asked, stands in the book as the database's refusals do.

    The line commits on its own: the transaction that the refusal ended is rolled back.
    """
    try:
        yield
    except NotGranted as refusal:
        consent = consents.living(asked.uscc)
        number = consent.number if consent else ""
        with transaction.atomic(durable=True):
            audit.record(
                "data.refused", subject=f"consent:{number}" if number else f"enterprise:{asked.uscc}", by=by, at=at,
                uscc=asked.uscc, consent_number=number, reader_kind=asked.reader.kind, reader=asked.reader.code,
                purpose=asked.purpose, because=asked.because, why=refusal.why,
            )  # fmt: skip
        raise


def _compose(grant: Grant, facts: door.Facts, *, reader_name: str, by: Actor, at: datetime) -> ReportData:
    consent = consents.living(grant.uscc)
    if consent is None or consent.number != grant.consent_number or consent.signed_at is None:
        raise NotGranted(why="changed")
    own = grant.reader.kind is ReaderKind.ENTERPRISE
    number = f"BG{day(at):%Y%m%d}{secrets.randbelow(10**8):08d}"
    return ReportData(
        number=number, made_at=at, enterprise=enterprises.profile(grant.uscc).name, uscc=grant.uscc,
        reader=reader_name, opened_by=by.label, own_copy=own, purpose=grant.purpose,
        consent=ConsentLines(
            number=consent.number, template_version=consent.letter_version, signed_at=consent.signed_at,
            term=_term(consent), categories=tuple(c for c in Category if c in grant.categories),
            pdf_sha256=consent.pdf_sha256,
        ),
        chapters=tuple(chapter(facts.chapters[c]) for c in Category if c in facts.chapters),
        missing=_missing(consent, facts) if own else (),
        operator=letter.Operator(**settings.OPERATOR), verify_url=f"{settings.PUBLIC_URL}/verify/{number}",
    )  # fmt: skip


def _term(consent: Consent) -> str:
    end = f"{consent.end_on}" if consent.end_on else "贷款业务办理完毕并结清之日"
    return f"{consent.start_on} 至 {end}"


def _missing(consent: Consent, facts: door.Facts) -> tuple[Missing, ...]:
    """Why each absent chapter is absent: not authorised, not verified, or no data."""
    tried = {entry["category"] for entry in consent.utilities}
    gaps = []
    for category in Category:
        if category in facts.chapters:
            continue
        if category in consent.categories:
            gaps.append(Missing(category, Why.NO_DATA))
        elif category in UTILITIES and category in tried:
            gaps.append(Missing(category, Why.NOT_VERIFIED))
        else:
            gaps.append(Missing(category, Why.NOT_AUTHORISED))
    return tuple(gaps)


@transaction.atomic
def freeze(*, data: ReportData, grant: Grant, because: str, by: Actor, at: datetime) -> str:
    """Keep the report and tell the enterprise; a consent that ended meanwhile stops it here."""
    reader = grant.reader
    own = reader.kind is ReaderKind.ENTERPRISE
    require(Permission.REPORT_OWN if own else Permission.REPORT_READ, by=by, over=by.house)
    consents.still_granted(grant, at=at)
    content = data.to_json()
    report = Report.objects.create(
        number=data.number, enterprise_id=grant.uscc, consent_number=grant.consent_number, reader_kind=reader.kind,
        reader_code=reader.code, reader_name=data.reader, opened_by=by.label, purpose=grant.purpose, because=because,
        made_at=at, content_file=files.put(content), content_sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    if not own and (holder := enterprises.holder_id(grant.uscc)) is not None:
        context = {"institution": data.reader, "enterprise": data.enterprise, "number": because}
        notify(user_id=holder, template=Template.REPORT_OPENED, context=context, at=at)
    audit.record(
        "report.opened", subject=f"report:{report.number}", by=by, at=at, uscc=grant.uscc,
        consent_number=grant.consent_number, reader=reader.code, purpose=grant.purpose, because=because,
        sha256=report.content_sha256,
    )  # fmt: skip
    return report.number


def view_report(*, report: Report, how: str, by: Actor, at: datetime) -> ReportData:
    """Show a frozen report again (`how`: page or pdf). Booked each time; refused once the consent has ended or a new
    letter leaves out what it holds.

    Call it outside any transaction: its refusal is booked on its own.
    """
    reader = Reader(ReaderKind(report.reader_kind), report.reader_code)
    own = reader.kind is ReaderKind.ENTERPRISE
    require(Permission.REPORT_OWN if own else Permission.REPORT_READ, by=by, over=by.house)
    asked = _Asked(report.enterprise_id, reader, Purpose(report.purpose), report.because)
    with _refusal_booked(asked, by=by, at=at), transaction.atomic():
        grant = consents.grant_for(uscc=asked.uscc, reader=reader, purpose=asked.purpose, because=asked.because, at=at)
        consents.still_granted(grant, at=at)
        data = queries.content_under(grant, report)
        audit.record(
            "report.viewed", subject=f"report:{report.number}", by=by, at=at, uscc=report.enterprise_id,
            consent_number=grant.consent_number, reader=reader.code, purpose=asked.purpose, because=asked.because,
            how=how,
        )  # fmt: skip
        return data


def print_report(
    *, report: Report, by: Actor, at: datetime, marks: Mapping[tuple[str, str], str] | None = None
) -> bytes:  # fmt: skip
    """The frozen report as a signed PDF. Booked by view_report; the paper is made outside any transaction.

    `marks`: what is to be said beside a figure (category and key), as a dispute that is open.
    """
    data = view_report(report=report, how="pdf", by=by, at=at)
    plain = render_report(data, setter=typesetter(settings.DOCUMENT_FONTS), marks=marks)
    return signing.sign(plain, keys=settings.DOCUMENT_KEYS, reason="企业信用报告", at=at)
