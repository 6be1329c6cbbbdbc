"""What the entries of a loan's book add up to, and what stands against one more. Pure: same entries, same sums.

`amount = balance + paid by the enterprise + paid by the guarantor` holds after every entry, and the principal of
the schedule adds up to the amount.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from jinfuyun.kit.lending import Repayment
from jinfuyun.kit.money import yuan
from jinfuyun.kit.period import months_after
from jinfuyun.kit.reasons import Reason
from jinfuyun.kit.schedule import Instalment, Plan, due_dates, plan, spread
from jinfuyun.loans.rules import LIVING, OWING, STATE_LABELS, TRANSITION, Act, Grade, State, Way

# An instalment that comes a little early is that instalment, not a prepayment.
AHEAD_DAYS = 10
# Banks differ from us by the day and by 360 or 365 days of a year: so little interest is no arrears.
INTEREST_SLACK_PERCENT = 2
INTEREST_SLACK_FEN_MIN = 100
# 展期累计 (贷款通则): a short loan by its own term, a middle one by half of it, a long one by three years.
SHORT_MONTHS, MIDDLE_MONTHS, LONG_PROLONGED_MONTHS_MAX = 12, 60, 36


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed at the drawdown."""

    amount_fen: int
    rate_bp: int
    drawn_on: date
    due_on: date
    repayment: Repayment
    is_guaranteed: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry that somebody made. `balance_fen`: what the bank says is left after it, where it says so."""

    act: Act
    on: date
    principal_fen: int = 0
    interest_fen: int = 0
    balance_fen: int | None = None
    due_on: date | None = None
    grade: Grade | None = None
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """How a loan stands after its entries. `claim_fen`: what the guarantor paid and has not got back."""

    state: State
    balance_fen: int
    due_on: date
    plan: Plan
    last_on: date
    grade: Grade = Grade.NORMAL
    principal_paid_fen: int = 0
    interest_paid_fen: int = 0
    compensated_fen: int = 0
    claim_fen: int = 0
    overdue_since: date | None = None
    settled_on: date | None = None
    way: Way | None = None


def opened(terms: Terms) -> Position:
    """Right after the drawdown."""
    rows = plan(
        amount_fen=terms.amount_fen, rate_bp=terms.rate_bp, start=terms.drawn_on, end=terms.due_on,
        repayment=terms.repayment,
    )  # fmt: skip
    return Position(State.REPAYING, terms.amount_fen, terms.due_on, rows, terms.drawn_on)


def as_of(position: Position, today: date) -> Position:
    """The same with the calendar looked at: repaying or overdue, and since when."""
    if position.state not in LIVING:
        return position
    since = _unpaid_since(position, today)
    return replace(position, state=State.OVERDUE if since else State.REPAYING, overdue_since=since)


def overdue_days(position: Position, today: date) -> int:
    """Counted from the day after the instalment was due."""
    return (today - position.overdue_since).days if position.overdue_since else 0


def next_due(position: Position) -> Instalment | None:
    """The first instalment that is not paid yet, with what is still missing of it."""
    if position.state not in LIVING:
        return None
    principal = interest = 0
    for row in position.plan:
        principal, interest = principal + row.principal_fen, interest + row.interest_fen
        missing = max(principal - position.principal_paid_fen, 0), max(interest - position.interest_paid_fen, 0)
        if missing[0] or missing[1] > _slack(interest):
            return Instalment(row.due_on, *missing)
    return None


def due_by(position: Position, day: date) -> tuple[int, int]:
    """应还: principal and interest that are due up to and with that day and not paid."""
    rows = [row for row in position.plan if row.due_on <= day]
    principal, interest = sum(row.principal_fen for row in rows), sum(row.interest_fen for row in rows)
    return max(principal - position.principal_paid_fen, 0), max(interest - position.interest_paid_fen, 0)


def _unpaid_since(position: Position, today: date) -> date | None:
    unpaid = next_due(replace(position, state=State.REPAYING))
    return unpaid.due_on if unpaid and unpaid.due_on < today else None


def _slack(interest_fen: int) -> int:
    return max(interest_fen * INTEREST_SLACK_PERCENT // 100, INTEREST_SLACK_FEN_MIN)


# -- what stands against an entry ------------------------------------------------------------------------------------


def why_not_enter(position: Position, entry: Entry, terms: Terms, *, today: date) -> list[Reason]:
    """Every reason against the entry, field by field."""
    position, reasons = as_of(position, entry.on), []
    if position.state not in TRANSITION[entry.act].sources:
        label = TRANSITION[entry.act].label
        reasons.append(Reason("", f"借据状态为“{STATE_LABELS[position.state]}”，不能登记{label}。"))
    if not position.last_on <= entry.on <= today:
        reasons.append(Reason("on", f"日期不能早于上一笔记录（{position.last_on}），也不能晚于今天。"))
    if entry.principal_fen < 0 or entry.interest_fen < 0:
        reasons.append(Reason("principal", "金额不能为负数；录错的用冲正更正。"))
    elif not reasons:
        reasons += _AMOUNTS[entry.act](position, entry, terms) if entry.act in _AMOUNTS else []
    return reasons


def _repay(position: Position, entry: Entry, terms: Terms) -> list[Reason]:
    reasons = []
    if entry.principal_fen + entry.interest_fen == 0:
        reasons.append(Reason("principal", "本金和利息不能都是零。"))
    if entry.principal_fen > position.balance_fen:
        reasons.append(Reason("principal", f"归还本金不能大于贷款余额 {yuan(position.balance_fen)} 元。"))
    elif entry.balance_fen is not None and entry.balance_fen != position.balance_fen - entry.principal_fen:
        left = yuan(position.balance_fen - entry.principal_fen)
        reasons.append(Reason("balance", f"还款后余额应为 {left} 元，与填写的不一致。"))
    return reasons


def _settle(position: Position, entry: Entry, terms: Terms) -> list[Reason]:
    owed = position.claim_fen if position.state is State.COMPENSATED else position.balance_fen
    if entry.principal_fen != owed:
        return [Reason("principal", f"结清须还清全部本金 {yuan(owed)} 元。")]
    return []


def _pay_out(position: Position, entry: Entry, terms: Terms) -> list[Reason]:
    reasons = []
    if not terms.is_guaranteed:
        reasons.append(Reason("", "该授信没有保证人，不能登记代偿。"))
    if entry.principal_fen != position.balance_fen:
        reasons.append(Reason("principal", f"代偿本金应等于贷款余额 {yuan(position.balance_fen)} 元。"))
    return reasons


def _recover(position: Position, entry: Entry, terms: Terms) -> list[Reason]:
    if not 0 < entry.principal_fen <= position.claim_fen:
        return [Reason("principal", f"追偿收回须大于零，不超过待追偿金额 {yuan(position.claim_fen)} 元。")]
    return []


def _prolong(position: Position, entry: Entry, terms: Terms) -> list[Reason]:
    reasons = []
    if entry.on > position.due_on:
        reasons.append(Reason("on", "展期须在到期日以前办理。"))
    latest = _prolonged_until(terms)
    if entry.due_on is None or not position.due_on < entry.due_on <= latest:
        reasons.append(Reason("due_on", f"展期后的到期日须晚于 {position.due_on}，累计展期不超过 {latest}。"))
    return reasons


def _prolonged_until(terms: Terms) -> date:
    months = (terms.due_on.year - terms.drawn_on.year) * 12 + terms.due_on.month - terms.drawn_on.month
    if months <= SHORT_MONTHS:
        return terms.due_on + (terms.due_on - terms.drawn_on)
    return months_after(terms.due_on, months // 2 if months <= MIDDLE_MONTHS else LONG_PROLONGED_MONTHS_MAX)


def _grade(position: Position, entry: Entry, terms: Terms) -> list[Reason]:
    if entry.grade is None or entry.grade is position.grade:
        return [Reason("grade", "请选择与现在不同的分类。")]
    return []


_AMOUNTS = {
    Act.REPAY: _repay,
    Act.SETTLE: _settle,
    Act.PAY_OUT: _pay_out,
    Act.RECOVER: _recover,
    Act.PROLONG: _prolong,
    Act.GRADE: _grade,
}


# -- what an entry changes -------------------------------------------------------------------------------------------


def entered(position: Position, entry: Entry, terms: Terms) -> Position:
    """The position after an entry that nothing stands against, seen on the entry's day."""
    position = as_of(position, entry.on)
    after = as_of(replace(_CHANGES[entry.act](position, entry, terms), last_on=entry.on), entry.on)
    return _closed(after, entry) if after.state in OWING and _is_paid(after) else after


def _is_paid(position: Position) -> bool:
    if position.state is State.COMPENSATED:
        return position.claim_fen == 0
    interest = sum(row.interest_fen for row in position.plan)
    return position.balance_fen == 0 and interest - position.interest_paid_fen <= _slack(interest)


def _closed(position: Position, entry: Entry) -> Position:
    way = entry.way
    if position.state is State.COMPENSATED:
        way = Way.COMPENSATED
    elif way is None:
        way = Way.EARLY if entry.on < position.due_on else Way.ON_TIME if entry.on == position.due_on else Way.LATE
    return replace(position, state=State.SETTLED, settled_on=entry.on, way=way, overdue_since=None)


def _repaid(position: Position, entry: Entry, terms: Terms) -> Position:
    after = replace(
        position,
        balance_fen=position.balance_fen - entry.principal_fen,
        principal_paid_fen=position.principal_paid_fen + entry.principal_fen,
        interest_paid_fen=position.interest_paid_fen + entry.interest_fen,
    )
    counted = entry.on + timedelta(days=0 if after.balance_fen == 0 else AHEAD_DAYS)
    past = [row for row in position.plan if row.due_on <= counted]
    early = after.principal_paid_fen - sum(row.principal_fen for row in past)
    return after if early <= 0 else replace(after, plan=_planned_anew(after, past, early, entry.on, terms))


def _planned_anew(position: Position, past: list[Instalment], early: int, on: date, terms: Terms) -> Plan:
    """After a prepayment: what was due stays, what came early stands where it came, the rest is spread anew."""
    interest = max(position.interest_paid_fen - sum(row.interest_fen for row in past), 0)
    start = past[-1].due_on if past else terms.drawn_on
    days = [row.due_on for row in position.plan if row.due_on > max(on, start)]
    rest = _spread(position.balance_fen, start, days, terms) if position.balance_fen else ()
    return tuple(sorted([*past, Instalment(on, early, interest), *rest], key=lambda row: row.due_on))


def _spread(amount_fen: int, start: date, days: Sequence[date], terms: Terms) -> Plan:
    return spread(amount_fen=amount_fen, rate_bp=terms.rate_bp, start=start, days=days, repayment=terms.repayment)


def _settled(position: Position, entry: Entry, terms: Terms) -> Position:
    """Whatever interest the bank still saw is in the entry: with it nothing is owed."""
    pay = _recovered if position.state is State.COMPENSATED else _repaid
    return _closed(pay(position, entry, terms), entry)


def _paid_out(position: Position, entry: Entry, terms: Terms) -> Position:
    return replace(
        position, state=State.COMPENSATED, balance_fen=0, compensated_fen=entry.principal_fen,
        claim_fen=entry.principal_fen + entry.interest_fen, overdue_since=None,
    )  # fmt: skip


def _recovered(position: Position, entry: Entry, terms: Terms) -> Position:
    return replace(position, claim_fen=position.claim_fen - entry.principal_fen)


def _prolonged(position: Position, entry: Entry, terms: Terms) -> Position:
    assert entry.due_on is not None
    past = [row for row in position.plan if row.due_on <= entry.on and row.due_on < position.due_on]
    owed = terms.amount_fen - sum(row.principal_fen for row in past)
    days = due_dates(terms.drawn_on, entry.due_on, terms.repayment)
    start = max((row.due_on for row in past if row.due_on in days), default=terms.drawn_on)
    days = tuple(day for day in days if day > max(start, entry.on))
    return replace(position, due_on=entry.due_on, plan=(*past, *_spread(owed, start, days, terms)))


def _written_off(position: Position, entry: Entry, terms: Terms) -> Position:
    return replace(position, state=State.WRITTEN_OFF, grade=Grade.LOSS)


def _graded(position: Position, entry: Entry, terms: Terms) -> Position:
    assert entry.grade is not None
    return replace(position, grade=entry.grade)


_CHANGES = {
    Act.REPAY: _repaid,
    Act.SETTLE: _settled,
    Act.PAY_OUT: _paid_out,
    Act.RECOVER: _recovered,
    Act.PROLONG: _prolonged,
    Act.WRITE_OFF: _written_off,
    Act.GRADE: _graded,
}


def added_up(terms: Terms, entries: Iterable[Entry], *, today: date) -> tuple[Position, list[Reason]]:
    """All entries since the drawdown, each judged again; the reasons are those of the first that cannot stand."""
    position = opened(terms)
    for entry in entries:
        reasons = why_not_enter(position, entry, terms, today=today)
        if reasons:
            return position, reasons
        position = entered(position, entry, terms)
    return as_of(position, today), []


# -- what the platform tells of its own business ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Together:
    """The loans drawn under one line, reversed ones left out, as one."""

    word: str
    drawn_on: date
    drawn_fen: int
    balance_fen: int
    due_on: date
    overdue_days: int
    grade: Grade
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class Financing:
    """An application and what came of it. `word`: its state, in the words of the feed's contract."""

    uscc: str
    application: str
    institution: str
    product: str
    applied_on: date
    asked_fen: int
    word: str
    line_fen: int | None
    security: str
    loans: Together | None
    updated_at: datetime


# The worst of several loans names them all.
_WORST = (State.WRITTEN_OFF, State.COMPENSATED, State.OVERDUE, State.REPAYING, State.SETTLED)
_WORDS = {
    State.WRITTEN_OFF: "已核销", State.COMPENSATED: "已代偿", State.OVERDUE: "逾期", State.REPAYING: "还款中",
    State.SETTLED: "已结清",
}  # fmt: skip


def together(drawn: Sequence[tuple[Terms, Position]], today: date) -> Together | None:
    """None where nothing is drawn, or all of it was reversed."""
    standing = [(terms, as_of(position, today)) for terms, position in drawn if position.state is not State.REVERSED]
    if not standing:
        return None
    positions = [position for _, position in standing]
    worst = next(state for state in _WORST if any(one.state is state for one in positions))
    return Together(
        word=_WORDS[worst],
        drawn_on=min(terms.drawn_on for terms, _ in standing),
        drawn_fen=sum(terms.amount_fen for terms, _ in standing),
        balance_fen=sum(one.balance_fen for one in positions),
        due_on=max(one.due_on for one in positions),
        overdue_days=max(overdue_days(one, today) for one in positions),
        grade=max((one.grade for one in positions), key=list(Grade).index),
        settled_on=max(one.settled_on or date.min for one in positions) if worst is State.SETTLED else None,
    )
