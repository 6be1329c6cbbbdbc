"""Lines, loans and their books, in memory: every entry is judged and added up by the loan book's own rules."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from jinfuyun.applications.models import Application
from jinfuyun.kit.actor import Actor, platform
from jinfuyun.kit.calendar import SHANGHAI, local_day
from jinfuyun.kit.lending import Drawdown as DrawdownKind
from jinfuyun.kit.period import months_after
from jinfuyun.loans.actions.institution import Agreed, line_of, loan_of
from jinfuyun.loans.actions.keeping import event_of
from jinfuyun.loans.content import Entry, Position, as_of, due_by, entered, next_due, opened, why_not_enter
from jinfuyun.loans.models import CreditLine, Loan, LoanEvent
from jinfuyun.loans.rules import (
    LIVING,
    OWING,
    RENEWAL_DAYS,
    Act,
    Drawdown,
    Grade,
    LineState,
    Renewal,
    State,
    reminder,
)

AFTERNOON, NIGHT = time(16, 30), time(2)
DAY = timedelta(days=1)
AGAIN_SHARE = 0.75  # of revolving lines that are drawn once more
FIRST_LOAN_SHARE = 0.4  # of the first loans of an enterprise: only the bank knows
CONFIRMED_SHARE, DISPUTED_SHARE = 0.75, 0.02
RENEWED_SHARE = 0.1  # of second drawdowns
WRONG_DRAW_SHARE, WRONG_ENTRY_SHARE = 0.005, 0.004
LATE_SHARE, LATE_DAYS = 0.5, (2, 25)  # of the instalments of a slow payer
# How a loan is paid back, and how often.
STORIES = (("in time", 0.83), ("slow", 0.09), ("early", 0.04), ("never again", 0.04))
WATCHED_DAYS, BAD_DAYS, PAID_OUT_DAYS, WRITTEN_OFF_DAYS = 30, 90, 120, 360
NIGHTLY = platform("tend_loans")


@dataclass(slots=True)
class Ledger:
    """The lines, loans and entries of all that was lent, and the numbers they take."""

    lines: list[CreditLine] = field(default_factory=list)
    loans: list[Loan] = field(default_factory=list)
    events: list[LoanEvent] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    event_numbers: "count[int]" = field(default_factory=lambda: count(1))


@dataclass(slots=True)
class Book:
    """One loan's, kept by its bank."""

    ledger: Ledger
    loan: Loan
    position: Position
    by: Actor
    today: date

    def add(self, entry: Entry, position: Position, *, at: time = AFTERNOON, **more: Any) -> LoanEvent:
        """An entry as it is written down on its day."""
        moment = datetime.combine(entry.on, at, SHANGHAI)
        by = NIGHTLY if entry.act is Act.FALL_OVERDUE else self.by
        event = event_of(self.loan, entry, position, by=by, at=moment, **more)
        event.pk = next(self.ledger.event_numbers)
        self.ledger.events.append(event)
        self.position, self.loan.state = position, position.state
        return event

    def enter(self, act: Act, on: date, principal: int = 0, interest: int = 0, **more: Any) -> LoanEvent:
        why, entry = more.pop("why", ""), Entry(act, on, principal, interest, **more)
        against = why_not_enter(self.position, entry, self.loan.terms, today=self.today)
        assert not against, against
        return self.add(entry, entered(self.position, entry, self.loan.terms), why=why)

    def falls_overdue(self, since: date) -> None:
        """As the night after finds it."""
        on = max(since, self.position.last_on) + DAY
        position = as_of(self.position, on)
        if self.position.state is State.REPAYING and position.state is State.OVERDUE and on <= self.today:
            self.add(Entry(Act.FALL_OVERDUE, on), position, at=NIGHT)


def lend(
    application: Application, *, by: Actor, first: bool, until: datetime, ledger: Ledger, dice: random.Random
) -> datetime | None:
    """What came of a funded application by `until`: its line, one loan or two, and their books.

    Since when nothing is owed and nothing can be drawn any more; None while it is otherwise.
    """
    today, at, begun = local_day(until), application.state_at, len(ledger.loans)
    line = line_of(application, Agreed(), at=at)
    line.number = f"SX{local_day(at):%Y%m%d}{next(ledger.numbers):08d}"
    again = line.kind == DrawdownKind.REVOLVING and dice.random() < AGAIN_SHARE
    amount = line.amount_fen * 6 // 10 if again else line.amount_fen
    if dice.random() < WRONG_DRAW_SHARE and at + DAY < until:
        at = _drawn_wrongly(line, at, by, today, ledger)
    book = _drawn(line, amount, at, first and dice.random() < FIRST_LOAN_SHARE, by, today, ledger)
    application.funded_fen, application.is_first_loan = amount, book.loan.is_first_loan
    _answered(book.loan, until, dice)
    loan = book.loan
    application.drawdown_answer, application.drawdown_text = loan.answer, loan.answer_text
    application.drawdown_answered_at = loan.answered_at
    _paid(book, dice)
    second = at + timedelta(days=dice.randint(5, 150))
    if again and second < until and local_day(second) <= line.until_on:
        further = _drawn(line, line.amount_fen - amount, second, False, by, today, ledger)
        further.loan.renewal = Renewal.NEW_FOR_OLD if dice.random() < RENEWED_SHARE else Renewal.NONE
        _answered(further.loan, until, dice)
        _paid(further, dice)
    if line.kind == DrawdownKind.ONE_OFF:
        line.state, line.state_at = LineState.USED, at
    elif line.until_on < today:
        line.state, line.state_at = LineState.EXPIRED, datetime.combine(line.until_on + DAY, NIGHT, SHANGHAI)
    ledger.lines.append(line)
    loans = [one for one in ledger.loans[begun:] if one.state != State.REVERSED]
    if line.state == LineState.IN_FORCE or any(one.state in OWING for one in loans):
        return None
    return max(
        [line.state_at, *(datetime.combine(one.settled_on, AFTERNOON, SHANGHAI) for one in loans if one.settled_on)]
    )


def _drawn(
    line: CreditLine, amount_fen: int, at: datetime, first: bool, by: Actor, today: date, ledger: Ledger
) -> Book:
    on, application = local_day(at), line.application
    drawdown = Drawdown(
        amount_fen, line.rate_bp, on, months_after(on, line.term_months), application.purpose, is_first_loan=first
    )
    loan = loan_of(line, drawdown, renews=None, at=at)
    loan.number, loan.state = f"JJ{on:%Y%m%d}{next(ledger.numbers):08d}", ""
    loan.reminded_days = reminder(on, today)
    ledger.loans.append(loan)
    book = Book(ledger, loan, opened(loan.terms), by, today)
    book.add(Entry(Act.DRAW, on, amount_fen), book.position, at=at.astimezone(SHANGHAI).time())
    return book


def _drawn_wrongly(line: CreditLine, at: datetime, by: Actor, today: date, ledger: Ledger) -> datetime:
    """Another enterprise's drawdown, reversed within the hour; when the right one is entered."""
    book = _drawn(line, line.amount_fen, at, False, by, today, ledger)
    [wrong] = ledger.events[-1:]
    gone = replace(book.position, state=State.REVERSED, balance_fen=0, plan=(), overdue_since=None)
    moment = (at + timedelta(minutes=30)).astimezone(SHANGHAI)
    entry = Entry(Act.REVERSE, moment.date(), wrong.principal_fen)
    book.add(entry, gone, at=moment.time(), why="户名有误，冲正重录", reverses=wrong)
    book.loan.stand(gone)
    return at + timedelta(minutes=40)


def _answered(loan: Loan, until: datetime, dice: random.Random) -> None:
    """What the enterprise says of amount and rate, if it has looked at them."""
    lot, at = dice.random(), loan.reported_at + timedelta(hours=dice.uniform(2, 90))
    if lot < CONFIRMED_SHARE + DISPUTED_SHARE and at <= until:
        loan.answer, loan.answered_at = "confirmed", at
        if lot < DISPUTED_SHARE:
            loan.answer, loan.answer_text = "disputed", "放款金额与合同不符。"


def _paid(book: Book, dice: random.Random) -> None:
    """The whole book up to today, and what the loan comes to."""
    [story] = dice.choices([name for name, _ in STORIES], [share for _, share in STORIES])
    turn = dice.randint(1, 12)  # the instalment at which the story turns
    paid = 0
    while (due := next_due(book.position)) and due.due_on < book.today:
        paid += 1
        on = max(due.due_on, book.position.last_on)
        if story == "never again" and paid >= min(turn, len(book.position.plan)):
            _gone_bad(book, due.due_on, dice)
            break
        if story == "early" and paid > turn and on < book.position.due_on:
            book.enter(Act.SETTLE, on, book.position.balance_fen, due_by(book.position, on)[1])
            break
        if story == "slow" and dice.random() < LATE_SHARE:
            book.falls_overdue(due.due_on)
            on += timedelta(days=dice.randint(*LATE_DAYS))
            if on >= book.today:
                break
        if dice.random() < WRONG_ENTRY_SHARE:
            on = _entered_wrongly(book, on, due.interest_fen)
        book.enter(Act.REPAY, on, due.principal_fen, due.interest_fen)
    if due and due.due_on < book.today:  # left unpaid: some night has marked it
        book.falls_overdue(due.due_on)
    position = as_of(book.position, book.today)
    if position.state in LIVING and position.due_on - book.today <= timedelta(days=RENEWAL_DAYS):
        book.loan.told_due_at = datetime.combine(
            max(position.due_on - RENEWAL_DAYS * DAY, book.loan.drawn_on), NIGHT, SHANGHAI
        )
    book.loan.stand(position)


def _entered_wrongly(book: Book, on: date, interest_fen: int) -> date:
    """A yuan too much, reversed the next morning; from when on the right entry may come."""
    before = book.position
    if on + DAY >= book.today:
        return on
    wrong = book.enter(Act.REPAY, on, 0, interest_fen + 100)
    position = as_of(before, on + DAY)
    reversal = Entry(Act.REVERSE, on + DAY, wrong.principal_fen, wrong.interest_fen)
    book.add(reversal, position, why="利息录入有误", reverses=wrong)
    return on + DAY


def _gone_bad(book: Book, since: date, dice: random.Random) -> None:
    """No instalment comes any more: marked, graded, paid out by the guarantor or at last written off."""
    book.falls_overdue(since)

    def reached(days: int) -> date | None:
        on = max(since + timedelta(days=days), book.position.last_on)
        return on if on <= book.today and book.position.state is State.OVERDUE else None

    if on := reached(WATCHED_DAYS):
        book.enter(Act.GRADE, on, grade=Grade.WATCHED, why="本息逾期三十日")
    if on := reached(BAD_DAYS):
        book.enter(Act.GRADE, on, grade=Grade.SUBSTANDARD, why="本息逾期九十日")
    if book.loan.line.is_guaranteed and (on := reached(PAID_OUT_DAYS)):
        book.enter(Act.PAY_OUT, on, book.position.balance_fen)
        back = on + timedelta(days=dice.randint(30, 200))
        if back <= book.today:
            book.enter(Act.RECOVER, back, book.position.claim_fen // 3)
    elif on := reached(WRITTEN_OFF_DAYS):
        book.enter(Act.WRITE_OFF, on, why="逾期满一年核销")
