"""Ways into the review: the public form, taken up by an operator, and a directory as a sheet.

Both end in a draft that this operator proposes and another one admits.
"""

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jinfuyun.accounts.actions import reserve
from jinfuyun.accounts.rules import Limit, network_of
from jinfuyun.audit import actions as audit
from jinfuyun.institutions import queries
from jinfuyun.institutions.actions.admission import _in_order, propose, submit
from jinfuyun.institutions.checks import understood
from jinfuyun.institutions.models import AdmissionRequest
from jinfuyun.institutions.rules import DIRECTORY, DIRECTORY_ROWS_MAX, Draft, Kind, RequestState
from jinfuyun.kit.actor import Actor, platform
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.identity import normalise_phone
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.kit.refusals import Desk, in_words, why_refused
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.storage import sheets

ANY_CODE = "A0"  # stands for the code that the operator gives later


def ask(*, asked: Draft, ip: str, at: datetime) -> str:
    """入驻申请 by somebody who is nobody yet; returns its number. Raises NotInOrder or TooMany."""
    _in_order(replace(asked, code=ANY_CODE))
    reserve(limit=Limit.ADMISSION, key=network_of(ip), at=at)
    return _written(asked, at)


@transaction.atomic
def _written(asked: Draft, at: datetime) -> str:
    content = {name: value for name, value in asdict(asked).items() if name != "code"}
    number = f"RZSQ{local_day(at):%Y%m%d}{secrets.randbelow(10**8):08d}"
    AdmissionRequest.objects.create(number=number, made_at=at, state=RequestState.WAITING, **content)
    audit.record("institution.asked", subject=f"admission:{number}", by=platform("public_form"), at=at)
    return number


@transaction.atomic
def take_up(*, request_id: UUID, code: str, by: Actor, at: datetime) -> str:
    """The request becomes this operator's draft under that code. Raises NotInOrder, TooLate, NotFound."""
    require(Permission.INSTITUTION_PROPOSE, by=by, over=None)
    found = queries.request(request_id)
    fields = ("name", "licence_number", "region_code", "hotline", "contact_name", "contact_phone")
    draft = Draft(code=code, kind=Kind(found.kind), **{name: getattr(found, name) for name in fields})
    _in_order(draft)
    _decide(found, RequestState.TAKEN, by=by, at=at, institution_code=code)
    return propose(draft=draft, by=by, at=at).code


@transaction.atomic
def decline(*, request_id: UUID, ground: str, why: str, by: Actor, at: datetime) -> None:
    """The contact is told why, where the number takes messages. Raises NotInOrder, TooLate, NotFound."""
    require(Permission.INSTITUTION_PROPOSE, by=by, over=None)
    found, refused = queries.request(request_id), why_refused(Desk.ADMISSION, ground, why)
    _decide(found, RequestState.DECLINED, by=by, at=at, **refused)
    told = in_words(ground, refused["remark"])
    phone = normalise_phone(found.contact_phone)
    if phone:
        notify(phone=phone, template=Template.ADMISSION_DECLINED, context={"name": found.name, "why": told}, at=at)


def _decide(found: AdmissionRequest, state: RequestState, *, by: Actor, at: datetime, **changes: str) -> None:
    waiting = AdmissionRequest.objects.filter(pk=found.pk, state=RequestState.WAITING)
    if not waiting.update(state=state, decided_at=at, decided_by_label=by.label, **changes):
        raise TooLate
    audit.record(f"institution.request_{state}", subject=f"admission:{found.number}", by=by, at=at)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a directory: how many wait for the second operator, and row, name and reasons of the others."""

    proposed: int
    wrong: list[tuple[int, str, str]]


@transaction.atomic
def take_in_directory(*, content: bytes, by: Actor, at: datetime) -> TakenIn:
    """Each good row is proposed and handed to a second operator. Raises SheetRefused."""
    require(Permission.INSTITUTION_PROPOSE, by=by, over=None)
    rows = sheets.read(content, heading=DIRECTORY, needed=DIRECTORY, rows_max=DIRECTORY_ROWS_MAX)
    wrong: list[tuple[int, str, str]] = []
    for row in rows:
        draft, reasons = understood(row)
        if draft is not None:
            try:
                with transaction.atomic():
                    propose(draft=draft, by=by, at=at)
                    submit(code=draft.code, by=by, at=at)
            except NotInOrder as refusal:
                reasons = [one.text for one in refusal.reasons]
        if reasons:
            wrong.append((row.number, row.cells[1], "".join(reasons)))
    taken = TakenIn(len(rows) - len(wrong), wrong)
    audit.record(
        "institution.directory_taken_in", subject="institutions", by=by, at=at, rows=len(rows), wrong=len(wrong)
    )
    return taken
