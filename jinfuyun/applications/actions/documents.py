"""Papers that belong to an application: kept sealed, scanned, handed out to the two sides only, erased in the end."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.db import IntegrityError, transaction

from jinfuyun.applications import queries
from jinfuyun.applications.actions.moving import tell_enterprise
from jinfuyun.applications.checks import DOCUMENTS_MAX, FileKind, Scan, erase_on, is_clean, kind_of, why_not_keep
from jinfuyun.applications.models import Application, Document
from jinfuyun.applications.rules import OPEN
from jinfuyun.audit import actions as audit
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor, HouseKind
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound, Refused, TooLate
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.notifications.rules import Template
from jinfuyun.storage import files


class NotScanned(Refused):
    message = "文件还在查毒，通过后才能下载，请稍后再试。"


@dataclass(frozen=True, slots=True)
class File:
    """What is handed out."""

    name: str
    kind: FileKind
    content: bytes


@transaction.atomic
def add_document(
    *, application: Application, material: str, file_name: str, content: bytes, by: Actor, at: datetime
) -> Document:
    """Keep a file as the next version of this material. Raises NotInOrder, or TooLate once the application ended."""
    require(Permission.APPLICATION_SUPPLY, by=by, over=application.enterprise_house)
    material, file_name = material.strip(), file_name.strip()
    reasons = why_not_keep(material, file_name, len(content), kind_of(content))
    if reasons:
        raise NotInOrder(reasons)
    standing = Application.objects.select_for_update().filter(pk=application.pk, state__in=OPEN).first()
    if standing is None:
        raise TooLate
    if application.documents.exclude(state=Scan.ERASED).count() >= DOCUMENTS_MAX:
        raise NotInOrder([Reason("file", f"一笔申请最多保留 {DOCUMENTS_MAX} 份材料。")])
    new = Document(
        application=application, material=material, file_name=file_name, kind=cast(FileKind, kind_of(content)),
        version=application.documents.filter(material=material).count() + 1, size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(), state=Scan.WAITING if settings.VIRUS_SCANNER else Scan.UNSCANNED,
        added_at=at, added_by=by.id, added_by_label=by.label, reference=files.put(content),
    )  # fmt: skip
    try:
        new.save(force_insert=True)
    except IntegrityError as taken:
        files.destroy(new.reference)
        raise TooLate from taken
    _book("application.document_added", new, by=by, at=at)
    if settings.VIRUS_SCANNER:
        defer(Job.SCAN_DOCUMENT, document_id=str(new.pk))
    return new


def scan_document(*, document_id: str, by: Actor, at: datetime) -> None:
    """A job: ask the scanner outside of any transaction; one that fails raises, and the file goes on waiting."""
    require(Permission.APPLICATION_TEND, by=by, over=None)
    document = Document.objects.select_related("application__institution").filter(pk=document_id).first()
    if document is None or document.state != Scan.WAITING or not settings.VIRUS_SCANNER:
        return
    clean = is_clean(files.get(document.reference), scanner=settings.VIRUS_SCANNER)
    with transaction.atomic():
        state = Scan.CLEAN if clean else Scan.INFECTED
        if not Document.objects.filter(pk=document.pk, state=Scan.WAITING).update(state=state):
            return
        _book(f"application.document_{state}", document, by=by, at=at)
        if not clean:
            _destroy(document)
            tell_enterprise(
                application=document.application, template=Template.DOCUMENT_INFECTED, at=at,
                material=document.material,
            )  # fmt: skip


@transaction.atomic
def fetch_document(*, document: Document, by: Actor, at: datetime) -> File:
    """Hand it out to one of the two sides, booked; raises NotFound, NotScanned."""
    application = document.application
    if by.house is not None and by.house.kind is HouseKind.INSTITUTION:
        require(Permission.APPLICATION_HANDLE, by=by, over=application.institution_house)
        if not queries.may_still_look(application):
            raise NotFound("申请已办结，材料不再提供下载。")
    else:
        require(Permission.APPLICATION_SEE, by=by, over=application.enterprise_house)
    if document.state == Scan.WAITING:
        raise NotScanned
    if document.state not in (Scan.CLEAN, Scan.UNSCANNED):
        raise NotFound("该文件已删除。")
    _book("application.document_fetched", document, by=by, at=at)
    return File(document.file_name or "", FileKind(document.kind), files.get(document.reference))


@transaction.atomic
def tend_documents(*, by: Actor, at: datetime) -> int:
    """Once a day: what is kept no longer is erased, what still waits is scanned again; returns how many were erased."""
    require(Permission.APPLICATION_TEND, by=by, over=None)
    today, erased = local_day(at), 0
    for document in queries.documents_of_ended():
        last = erase_on(document.application.state, local_day(document.application.state_at))
        if last is None or today < last:
            continue
        Document.objects.filter(pk=document.pk).update(state=Scan.ERASED, file_name=None)
        _book("application.document_erased", document, by=by, at=at)
        _destroy(document)
        erased += 1
    for waiting in Document.objects.filter(state=Scan.WAITING):
        defer(Job.SCAN_DOCUMENT, once=f"scan-{waiting.pk}", document_id=str(waiting.pk))
    return erased


def _destroy(document: Document) -> None:
    reference = document.reference
    transaction.on_commit(lambda: files.destroy(reference))


def _book(action: str, document: Document, *, by: Actor, at: datetime) -> None:
    application = document.application
    audit.record(
        action, subject=f"application:{application.number}", by=by, at=at, uscc=application.uscc,
        consent_number=application.consent_number, institution=application.institution.code,
        document=str(document.pk), version=document.version, sha256=document.sha256,
    )  # fmt: skip
