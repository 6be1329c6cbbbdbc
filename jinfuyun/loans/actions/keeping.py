"""The one place where a loan's book gets an entry and its columns change."""

import secrets
from datetime import datetime

from django.db import transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.actor import Actor, Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.loans.content import Entry, Position
from jinfuyun.loans.models import STANDING, CreditLine, Loan, LoanEvent
from jinfuyun.loans.rules import LINE_STEP, LineAct
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template

KEEPERS = frozenset({Role.OFFICER, Role.APPROVER})


def number(letters: str, at: datetime) -> str:
    return f"{letters}{local_day(at):%Y%m%d}{secrets.randbelow(10**8):08d}"


def event_of(
    loan: Loan, entry: Entry, position: Position, *, by: Actor, at: datetime, reference: str = "", why: str = "",
    reverses: LoanEvent | None = None,
) -> LoanEvent:  # fmt: skip
    """The entry as it is written down, not saved; `position`: after it. The loan's columns are those before it."""
    return LoanEvent(
        loan=loan, institution_id=loan.institution_id, act=entry.act, on=entry.on, principal_fen=entry.principal_fen,
        interest_fen=entry.interest_fen, balance_fen=position.balance_fen, due_on=entry.due_on,
        grade=entry.grade or "", way=(position.way or "") if position.settled_on else "", source=loan.state,
        target=position.state, reference=reference, why=why, reverses=reverses, at=at, by=by.id, by_label=by.label,
    )  # fmt: skip


@transaction.atomic
def write_down(*, event: LoanEvent, position: Position, by: Actor, at: datetime) -> None:
    """The entry into the loan's book, what it adds up to into its columns, and a line into the platform's book."""
    event.save(force_insert=True)
    event.loan.stand(position)
    event.loan.save(update_fields=STANDING)
    record(event=event, by=by, at=at)


@transaction.atomic
def record(*, event: LoanEvent, by: Actor, at: datetime) -> None:
    """What the platform's book, and with it the enterprise, learns of an entry."""
    loan = event.loan
    audit.record(
        f"loan.{event.act}", subject=f"loan:{loan.number}", by=by, at=at, uscc=loan.uscc,
        consent_number=loan.line.consent_number, on=event.on.isoformat(), principal_fen=event.principal_fen,
        interest_fen=event.interest_fen, source=event.source, target=event.target,
    )  # fmt: skip


@transaction.atomic
def move_line(*, line: CreditLine, act: LineAct, by: Actor, at: datetime) -> bool:
    """Take the step if the table allows it; whether it was taken. The right is the calling verb's."""
    step = LINE_STEP[act]
    standing = CreditLine.objects.filter(pk=line.pk, state__in=step.sources)
    if not standing.update(state=step.target, state_at=at):
        return False
    line.state, line.state_at = step.target, at
    audit.record(
        f"line.{act}", subject=f"line:{line.number}", by=by, at=at, uscc=line.uscc,
        consent_number=line.consent_number, target=step.target,
    )  # fmt: skip
    return True


@transaction.atomic
def tell_enterprise(*, loan: Loan, template: Template, at: datetime, **context: str) -> None:
    """By short message to the contact, and in the platform to the account that holds the enterprise."""
    notify(
        phone=enterprises.profile(loan.uscc).contact_phone, user_id=enterprises.holder_id(loan.uscc), template=template,
        at=at, context={"number": loan.number, "institution": loan.institution.name, **context},
    )  # fmt: skip


@transaction.atomic
def tell_institution(*, line: CreditLine, template: Template, at: datetime, **context: str) -> None:
    """Inside the platform, everybody at the line's institution who keeps loans and sees this one."""
    about = line.application
    for person in accounts.staff_of(line.institution_house):
        sees = str(person.pk) == about.caller_account or institutions.sees(person.unit_id, about.unit)
        if sees and accounts.is_open(person) and KEEPERS & set(person.roles):
            notify(user_id=person.pk, template=template, context=context, at=at)
