"""Entries by file: a whole sheet in one transaction, row by row by the same rules, what is wrong given back."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor, institution_house
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import Refused
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.lending import Drawdown as DrawdownKind
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import Reason
from jinfuyun.loans import queries
from jinfuyun.loans.actions.institution import loan_of
from jinfuyun.loans.actions.keeping import event_of, move_line, tell_enterprise
from jinfuyun.loans.actions.settling import settle_up
from jinfuyun.loans.checks import HEADING, REASON, Line, read, said, understood
from jinfuyun.loans.content import Entry, Position, entered, opened, why_not_enter
from jinfuyun.loans.models import STANDING, Loan, LoanEvent, LoanUpload
from jinfuyun.loans.rules import (
    UPLOAD_BYTES_MAX,
    WRONG_SHOWN_MAX,
    Act,
    LineAct,
    Room,
    State,
    UploadState,
    why_not_draw,
)
from jinfuyun.notifications.rules import Template
from jinfuyun.storage import files
from jinfuyun.storage.sheets import Row, SheetRefused, sheet

AT_ONCE = 1_000
FILE_NAME_LENGTH_MAX = 120
ZIP = b"PK\x03\x04"  # how every xlsx begins, whatever its name


@transaction.atomic
def upload(*, file_name: str, content: bytes, by: Actor, at: datetime) -> LoanUpload:
    """Keep the sheet sealed and have it entered by a job. Raises SheetRefused."""
    assert by.house is not None, "people of institutions have one"
    require(Permission.LOAN_KEEP, by=by, over=by.house)
    if len(content) > UPLOAD_BYTES_MAX:
        raise SheetRefused(f"文件超过 {UPLOAD_BYTES_MAX >> 20} MB，请拆成几个文件。")
    if not content.startswith(ZIP):
        raise SheetRefused("不是 Excel（xlsx）文件。请下载模板填写。")
    made = LoanUpload.objects.create(
        institution=queries.institution_of(by), file_name=file_name[-FILE_NAME_LENGTH_MAX:], file=files.put(content),
        state=UploadState.WAITING, made_by=by.id, made_by_label=by.label, made_at=at, state_at=at,
    )  # fmt: skip
    audit.record("loans.sheet_received", subject=f"sheet:{made.pk}", by=by, at=at, bytes=len(content))
    defer(Job.TAKE_IN_LOANS, upload_id=str(made.pk))
    return made


@transaction.atomic
def take_in(*, upload_id: UUID | str, at: datetime) -> None:
    """Enter what can be entered, in the name of who sent it; the rest is kept as a sheet with its reasons.

    All or nothing of what is right: a worker that dies leaves nothing half entered, and the job is tried again.
    """
    sent = LoanUpload.objects.select_for_update(of=("self",)).select_related("institution").get(pk=upload_id)
    if sent.state != UploadState.WAITING:
        return
    by = accounts.actor(accounts.user(sent.made_by))
    reference = sent.file
    try:
        require(Permission.LOAN_KEEP, by=by, over=institution_house(sent.institution.code))
        rows = read(files.get(reference))
    except Refused as refusal:
        sent.state, sent.reason = UploadState.REFUSED, str(refusal)[:200]
    else:
        _enter_all(sent, rows, by=by, at=at)
    sent.file, sent.state_at = "", at
    sent.save()
    audit.record(
        "loans.sheet_taken_in", subject=f"sheet:{sent.pk}", by=by, at=at, rows=sent.row_count,
        loaded=sent.loaded_count, repeated=sent.repeated_count, wrong=sent.wrong_count,
    )  # fmt: skip
    transaction.on_commit(lambda: files.destroy(reference))


def _enter_all(sent: LoanUpload, rows: list[Row], *, by: Actor, at: datetime) -> None:
    work = _Work(sent, rows, by=by, at=at)
    wrong: list[tuple[Row, str]] = []
    for row in rows:
        line, reasons = understood(row)
        if line is not None:
            reasons = work.enter(line)
        if reasons:
            wrong.append((row, said(reasons)))
    work.write()
    sent.state, sent.row_count, sent.wrong_count = UploadState.DONE, len(rows), len(wrong)
    sent.loaded_count, sent.repeated_count, sent.share_bp = len(work.events), work.repeated, 10_000
    sent.wrong = [[row.number, row.reference, why] for row, why in wrong[:WRONG_SHOWN_MAX]]
    if wrong:
        sent.wrong_file = files.put(sheet((*HEADING, REASON), [(*row.cells, why) for row, why in wrong]))


class _Work:
    """The loans and lines that a sheet names, locked and in hand; its entries change them here, then all at once."""

    def __init__(self, sent: LoanUpload, rows: list[Row], *, by: Actor, at: datetime) -> None:
        self.sent, self.by, self.at, self.today = sent, by, at, local_day(at)
        subjects = {row.cells[2] for row in rows}
        self.lines = {line.number: line for line in queries.locked_lines(sent.institution_id, subjects)}
        self.loans = {loan.number: loan for loan in queries.locked_loans(sent.institution_id, subjects)}
        self.seen = queries.entered_before(sent.institution_id, {row.reference for row in rows})
        self.positions: dict[str, Position] = {}
        self.rooms: dict[UUID, Room] = {}
        self.back: dict[UUID, int] = {}  # repaid in this sheet, by revolving line
        self.events: list[LoanEvent] = []
        self.changed: dict[str, Loan] = {}
        self.repeated = 0

    def enter(self, line: Line) -> list[Reason]:
        """The reasons against it; none if it was entered, or had been before."""
        amounts = (line.entry.act.value, line.subject, line.entry.on, line.entry.principal_fen, line.entry.interest_fen)
        if before := self.seen.get(line.reference):
            if before == amounts:
                self.repeated += 1
                return []
            return [Reason("", "该流水号已登记过另一笔记录。")]
        reasons = self._draw(line) if line.entry.act is Act.DRAW else self._pay(line)
        if not reasons:
            self.seen[line.reference] = amounts
        return reasons

    def _pay(self, line: Line) -> list[Reason]:
        loan = self.loans.get(line.subject)
        if loan is None:
            return [Reason("", "本机构没有这个借据号。")]
        position = self.positions.get(loan.number) or loan.position
        reasons = why_not_enter(position, line.entry, loan.terms, today=self.today)
        if reasons:
            return reasons
        after = entered(position, line.entry, loan.terms)
        self._keep(loan, line.entry, after, line.reference)
        if loan.line.kind == DrawdownKind.REVOLVING:
            self.back[loan.line_id] = self.back.get(loan.line_id, 0) + line.entry.principal_fen
        return []

    def _draw(self, line: Line) -> list[Reason]:
        credit = self.lines.get(line.subject)
        if credit is None or line.drawdown is None:
            return [Reason("", "本机构没有这个授信编号。")]
        room = self.rooms.setdefault(credit.pk, queries.room(credit))
        room = replace(room, left_fen=room.left_fen + self.back.pop(credit.pk, 0))
        self.rooms[credit.pk] = room
        reasons = why_not_draw(line.drawdown, room, today=self.today)
        if reasons:
            return reasons
        loan = loan_of(credit, line.drawdown, renews=None, at=self.at)
        position = opened(loan.terms)
        loan.state = ""
        self._keep(loan, Entry(Act.DRAW, line.entry.on, line.entry.principal_fen), position, line.reference)
        self.rooms[credit.pk] = replace(room, left_fen=room.left_fen - line.drawdown.amount_fen)
        return []

    def _keep(self, loan: Loan, entry: Entry, position: Position, reference: str) -> None:
        event = event_of(loan, entry, position, reference=reference, by=self.by, at=self.at)
        event.upload = self.sent
        self.events.append(event)
        self.positions[loan.number], loan.state = position, position.state
        self.changed[loan.number] = loan

    def write(self) -> None:
        """Loans before their entries; then what follows from them, one by one."""
        for number, loan in self.changed.items():
            loan.stand(self.positions[number])
        Loan.objects.bulk_create(
            self.changed.values(), AT_ONCE, update_conflicts=True, update_fields=STANDING, unique_fields=["id"]
        )
        LoanEvent.objects.bulk_create(self.events, AT_ONCE)
        audit.record_many(lines=[_booked(event) for event in self.events], by=self.by, at=self.at)
        for event in self.events:
            if event.act == Act.DRAW:
                tell_enterprise(loan=event.loan, template=Template.LOAN_DRAWN, at=self.at)
        for credit in self.lines.values():
            if credit.kind == DrawdownKind.ONE_OFF and credit.pk in self.rooms and not self.rooms[credit.pk].left_fen:
                move_line(line=credit, act=LineAct.USE_UP, by=self.by, at=self.at)
        for loan in self.changed.values():
            if loan.state == State.SETTLED:
                settle_up(loan=loan, by=self.by, at=self.at)


Booked = tuple[str, str, str, str, dict[str, object]]


def _booked(event: LoanEvent) -> Booked:
    loan = event.loan
    detail: dict[str, object] = {
        "on": event.on.isoformat(), "principal_fen": event.principal_fen,
        "interest_fen": event.interest_fen, "source": event.source, "target": event.target,
    }  # fmt: skip
    return f"loan.{event.act}", f"loan:{loan.number}", loan.uscc, loan.line.consent_number, detail
