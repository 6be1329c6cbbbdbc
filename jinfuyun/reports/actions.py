"""Opening a credit report. Reading is a write: booked before anything is shown, told to the enterprise at once."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.consents import letter
from jinfuyun.consents import queries as consents
from jinfuyun.consents.models import Consent
from jinfuyun.consents.rules import day
from jinfuyun.data import door
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor, House, enterprise_house, institution_house
from jinfuyun.kit.errors import NotGranted, Unreachable
from jinfuyun.kit.grant import UTILITIES, Category, Grant, Purpose, Reader, ReaderKind
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.reports import queries
from jinfuyun.reports.chapters.shown import Marks
from jinfuyun.reports.content import (
    Chapter,
    ConsentLines,
    Look,
    Missing,
    ReportData,
    ScoreLines,
    Statement,
    Why,
    chapter,
)
from jinfuyun.reports.exports import EXPORTS
from jinfuyun.reports.models import Printed, Report
from jinfuyun.reports.models import Statement as Written
from jinfuyun.reports.paper import render_report
from jinfuyun.reports.rules import why_not_state
from jinfuyun.reports.scoring import score_lines
from jinfuyun.storage import files, signing
from jinfuyun.storage.typesetting import typesetter

LOOKS_MAX = 50  # the newest; the enterprise's own page has all of them
OTHERS = "其他金融机构"
NOTED_MAX = 5_000  # a few milliseconds each: half a minute


def open_report(
    *, uscc: str, reader: Reader, reader_name: str, purpose: Purpose, because: str, by: Actor, at: datetime
) -> str:
    """Make a report and return its number. `because` is the application's number, empty for one's own look.

    Not atomic itself: the database books the reading (or its refusal) on its own before a document leaves it, and
    what was read is frozen in one atomic step that looks once more whether the consent still stands.
    Raises NotGranted, booked whoever refused.
    """
    permission, house = _right(reader)
    require(permission, by=by, over=house)
    asked = _Asked(uscc, reader, purpose, because)
    with _refusal_booked(asked, by=by, at=at):
        grant = consents.grant_for(uscc=uscc, reader=reader, purpose=purpose, because=because, at=at)
    facts = door.read_facts(grant, actor=by.id, actor_label=by.label, at=at)  # a refusal of its own is booked there
    with _refusal_booked(asked, by=by, at=at):
        data = _compose(grant, facts, reader_name=reader_name, by=by, at=at)
        return freeze(data=data, grant=grant, because=because, by=by, at=at)


def _right(reader: Reader) -> tuple[Permission, House]:
    """What somebody needs who reads as `reader`, and in whose house."""
    if reader.kind is ReaderKind.ENTERPRISE:
        return Permission.REPORT_OWN, enterprise_house(reader.code)
    return Permission.REPORT_READ, institution_house(reader.code)


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
        chapters=_chapters(facts), score=_score(facts, own_copy=own), looks=_looks(grant),
        statement=_statement(grant.uscc),
        missing=_missing(consent, facts) if own else (),
        operator=letter.Operator(**settings.OPERATOR), verify_url=f"{settings.PUBLIC_URL}/verify/{number}",
    )  # fmt: skip


def _chapters(facts: door.Facts) -> tuple[Chapter, ...]:
    """Every document that came, with what the check of its deliveries had come to by now."""
    numbers = {one["number"] for body in facts.chapters.values() for one in body.get("deliveries") or ()}
    checked = {one.number: _result(one) for one in door.outcomes(sorted(numbers))}
    return tuple(chapter(facts.chapters[c], checked) for c in Category if c in facts.chapters)


def _result(one: door.Outcome) -> dict[str, Any]:
    return {
        "feed_label": door.FEED_LABELS.get(one.feed, ""), "state": one.state,
        "department": door.FEED_DEPARTMENT_LABELS.get(one.feed, ""),
        "covers_until": str(one.covers_until or ""), "delivered": one.delivered, "accepted": one.accepted,
        "superseded": one.superseded, "quarantined": one.quarantined, "unauthorised": one.unauthorised,
    }  # fmt: skip


def _score(facts: door.Facts, *, own_copy: bool) -> ScoreLines | None:
    score = door.score(facts)
    units = {fact["name"]: fact["unit"] for body in facts.chapters.values() for fact in body.get("facts") or ()}
    return score_lines(score, units, own_copy=own_copy) if score else None


def _looks(grant: Grant) -> tuple[Look, ...]:
    """Who opened a report before. The enterprise reads all of it; an institution its own, of others only that."""
    own = grant.reader.kind is ReaderKind.ENTERPRISE
    newest = queries.queries_by_institutions(grant.uscc)[:LOOKS_MAX]
    return tuple(
        Look(each.made_at, each.reader_name, Purpose(each.purpose), each.consent_number, each.because)
        if own or each.reader_code == grant.reader.code
        else Look(each.made_at, OTHERS, Purpose(each.purpose), "", "")
        for each in newest
    )


def _statement(uscc: str) -> Statement | None:
    said = queries.statement(uscc)
    return Statement(said.text, said.written_at) if said else None


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
    permission, house = _right(reader)
    require(permission, by=by, over=house)
    consents.still_granted(grant, at=at)
    content = data.to_json()
    report = Report.objects.create(
        number=data.number, enterprise_id=grant.uscc, consent_number=grant.consent_number, reader_kind=reader.kind,
        reader_code=reader.code, reader_name=data.reader, opened_by=by.label, purpose=grant.purpose, because=because,
        made_at=at, content_file=files.put(content), content_sha256=hashlib.sha256(content).hexdigest(),
        feeds=sorted({one.feed for part in data.chapters for one in part.deliveries}),
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


@transaction.atomic
def note_feeds(*, by: Actor, at: datetime) -> int:
    """Reports that were frozen before that was kept learn on whose deliveries they rest, so many a night; how many."""
    require(Permission.DELIVERY_TEND, by=by, over=None)
    found = list(Report.objects.filter(feeds=None).order_by("made_at")[:NOTED_MAX])
    for report in found:
        Report.objects.filter(pk=report.pk).update(feeds=queries.feeds_of(report))
    if found:
        audit.record("report.feeds_noted", subject="reports", by=by, at=at, reports=len(found))
    return len(found)


def view_report(*, report: Report, how: str, by: Actor, at: datetime) -> ReportData:
    """Show a frozen report again (`how`: page, pdf, or what it is exported as). Booked each time; refused once the
    consent has ended or a new letter leaves out what it holds.

    Call it outside any transaction: its refusal is booked on its own.
    """
    reader = Reader(ReaderKind(report.reader_kind), report.reader_code)
    permission, house = _right(reader)
    require(permission, by=by, over=house)
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


class PrintedLater(Unreachable):
    """The signature cannot be had now; the paper is made as soon as it can, and its reader is told."""

    message = "电子签章服务暂不可用，未签章的报告不能下载。已为您排队，签好后会在站内消息中通知您。"


def print_report(*, report: Report, by: Actor, at: datetime, marks: Marks | None = None) -> bytes:
    """The frozen report as a signed PDF, made once and then handed out as it is. Booked each time by view_report.

    `marks`: what is to be said today beside a figure, as a dispute that is open; such a paper is made anew each time.
    Paper and signature are made outside any transaction. Raises PrintedLater.
    """
    data = view_report(report=report, how="pdf", by=by, at=at)
    if not marks and (paper := queries.printed(report)):
        return paper
    try:
        signed = _signed_paper(data, marks, at=at)
    except signing.CannotSign as trouble:
        with transaction.atomic():
            defer(Job.PRINT_REPORT, once=f"print:{report.number}:{by.id}", number=report.number, user_id=by.id)
        raise PrintedLater from trouble
    return keep_printed(report=report, signed=signed, marked=bool(marks), by=by, at=at)


def _signed_paper(data: ReportData, marks: Marks | None = None, *, at: datetime) -> bytes:
    plain = render_report(data, setter=typesetter(settings.DOCUMENT_FONTS), marks=marks)
    return signing.sign(
        plain, keys=settings.DOCUMENT_KEYS, stamps=settings.STAMPS, reason="企业信用报告", at=at
    )  # fmt: skip


@transaction.atomic
def keep_printed(*, report: Report, signed: bytes, marked: bool = False, by: Actor, at: datetime) -> bytes:
    """The paper that stays: of two who print at once the first one's. One with marks of the day is booked, not kept."""
    sha256 = hashlib.sha256(signed).hexdigest()
    if not marked:
        defaults = {"file": files.put(signed), "sha256": sha256, "made_at": at}
        kept, first = Printed.objects.get_or_create(report=report, defaults=defaults)
        if not first:
            return files.get(kept.file)
    audit.record(
        "report.printed", subject=f"report:{report.number}", by=by, at=at, uscc=report.enterprise_id, sha256=sha256,
        marked=marked,
    )  # fmt: skip
    return signed


def print_waiting(*, report: Report, user_id: str, by: Actor, at: datetime) -> None:
    """What could not be signed before, for whoever asked. Raises CannotSign, and is tried again.

    Nothing is read for anybody: the frozen content becomes the paper that its reader may ask for, under his consent.
    """
    if not queries.printed(report):
        signed = _signed_paper(queries.content(report), at=at)
        keep_printed(report=report, signed=signed, by=by, at=at)
    notify(user_id=user_id, template=Template.REPORT_PRINTED, context={"number": report.number}, at=at)


def export_report(
    *, report: Report, form: str, by: Actor, at: datetime, marks: Marks | None = None
) -> bytes:  # fmt: skip
    """The frozen report as a file to work with (`form`: one of EXPORTS). Booked by view_report, before it is made."""
    data = view_report(report=report, how=form, by=by, at=at)
    return EXPORTS[form](data, by.label, at, marks)


@transaction.atomic
def write_statement(*, uscc: str, text: str, by: Actor, at: datetime) -> None:
    """What the enterprise says of itself in every report made from now on; "" takes it back. Raises NotInOrder."""
    require(Permission.STATEMENT_WRITE, by=by, over=enterprise_house(uscc))
    text = text.strip()
    reasons = why_not_state(text)
    if reasons:
        raise NotInOrder(reasons)
    Written.objects.create(enterprise_id=uscc, text=text, written_at=at, written_by=by.label)
    audit.record(
        "report.statement" if text else "report.statement_taken_back", subject=f"enterprise:{uscc}", by=by, at=at,
        uscc=uscc,
    )  # fmt: skip
