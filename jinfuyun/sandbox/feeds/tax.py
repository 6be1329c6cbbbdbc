"""The tax bureau's file: who declared what, paid what, and still owes what."""

from dataclasses import dataclass

import numpy as np

from jinfuyun.kit.uscc import Nature
from jinfuyun.sandbox import accounts
from jinfuyun.sandbox.block import Block
from jinfuyun.sandbox.feeds.rows import DAY, numbered, of_the_year, on_a_day, some, taxpayer
from jinfuyun.sandbox.names import Ints, Texts
from jinfuyun.sandbox.population import STORIES, Days
from jinfuyun.sandbox.sheet import Rows, known, only
from jinfuyun.sandbox.trade import Flags, of_trade

KINDS = ("vat", "construction", "income", "personal_income")
EXEMPT_QUARTER_FEN = 30_000_000  # small taxpayers pay nothing on less
LATE_FEE_PER_10000 = 5  # of what is owed, a day


def taxpayers(block: Block) -> Rows:
    people = block.people
    return {"tax_number": people.tax_number, "uscc": people.uscc, "registered_on": people.registered_on}


@dataclass(frozen=True, slots=True)
class Declarations:
    """One row a tax and period that was due before today."""

    who: Ints
    kind: Ints  # of KINDS
    first: Days
    last: Days
    due_on: Days
    declared_on: Days  # NaT: nothing came
    sales_fen: Ints
    tax_fen: Ints
    relief_fen: Ints
    unpaid: Flags  # still owed today

    @property
    def late_days(self) -> Ints:
        """0 for those declared in time or never."""
        late = np.where(np.isnat(self.declared_on), self.due_on, self.declared_on) - self.due_on
        return np.maximum(late.astype(np.int64), 0)


def declarations(block: Block) -> Declarations:
    parts = _monthly(block) + _quarterly(block)
    who, kind, start, end, sales, tax, relief = (np.concatenate(column) for column in zip(*parts, strict=True))
    first, last = block.months[start], block.month_ends[end]
    due_on = last + 15 * DAY
    there = due_on < block.until
    random = block.dice("declarations")
    troubled = np.array([story.arrears_months > 0 for story in STORIES])[block.people.story[who]]
    late = troubled & (random.random(who.size) < 0.3)
    declared = due_on - random.integers(0, 12, who.size) + np.where(late, random.integers(12, 50, who.size), 0)
    came = declared < block.until
    unpaid = (tax > 0) & (end > _paid_until(block)[who])
    order = np.lexsort((kind, end, who))
    order = order[there[order]]
    columns = (who, kind, first, last, due_on, only(declared, came), sales, tax, relief, unpaid | (~came & (tax > 0)))
    return Declarations(*(column[order] for column in columns))


Part = tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints]  # who, kind, first and last month, sales, tax, relief


def _monthly(block: Block) -> list[Part]:
    """General taxpayers: output less input tax, and what hangs on it."""
    business = block.business
    who, month = np.nonzero(accounts.is_general(block)[:, None] & business.at_work)
    sales = business.declared_fen[who, month]
    output = sales * of_trade(block.people, "vat_percent")[who] // 100
    # Nobody lives on input tax for ever: at least eight per cent of the output is left.
    vat = np.maximum(output - business.bought_fen[who, month] * 12 // 100, output * 8 // 100)
    return [_part(who, "vat", month, month, sales, vat), _part(who, "construction", month, month, vat, vat * 7 // 100)]


def _quarterly(block: Block) -> list[Part]:
    """Small taxpayers' turnover tax, and everybody's income tax."""
    parts = []
    company = ~block.people.is_nature(Nature.INDIVIDUAL)
    pays = np.array([story.arrears_months > 0 for story in STORIES])[block.people.story]
    for end in quarter_ends(block.months):
        if end < 2:
            continue
        alive = block.business.at_work[:, end - 2 : end + 1].any(axis=1)
        sales = block.business.declared_fen[:, end - 2 : end + 1].sum(axis=1)
        small = np.flatnonzero(alive & ~accounts.is_general(block))
        tax = sales[small] // 100
        # Those who get into arrears are above the limit, or they would owe nothing.
        exempt = (sales[small] <= EXEMPT_QUARTER_FEN) & ~pays[small]
        due, relief = np.where(exempt, 0, tax), np.where(exempt, tax, 0)
        parts.append(_part(small, "vat", end - 2, end, sales[small], due, relief))
        income = _income_tax(block, end)
        firms, others = np.flatnonzero(alive & company), np.flatnonzero(alive & ~company)
        parts.append(_part(firms, "income", end - 2, end, sales[firms], income[firms]))
        parts.append(_part(others, "personal_income", end - 2, end, sales[others], sales[others] * 6 // 1000))
    return parts


def _part(
    who: Ints, kind: str, first: int | Ints, last: int | Ints, sales: Ints, tax: Ints, relief: int | Ints = 0
) -> Part:
    filled = [np.broadcast_to(np.asarray(each), who.shape) for each in (KINDS.index(kind), first, last, relief)]
    return who, filled[0], filled[1], filled[2], sales, tax, filled[3]


def quarter_ends(months: Days) -> list[int]:
    """The places of the months that end a quarter."""
    number = months.astype("datetime64[M]").astype(np.int64) % 12
    return np.flatnonzero(number % 3 == 2).tolist()


def _income_tax(block: Block, end: int) -> Ints:
    """What the year's tax grew by in the quarter."""
    month = block.months[end].astype("datetime64[M]")
    until = accounts.profit(block, month).tax
    if int(month.astype(int)) % 12 == 2:
        return until
    return np.maximum(until - accounts.profit(block, month - 3).tax, 0)


def _paid_until(block: Block) -> Ints:
    """The last month whose taxes were paid; all of them but for those in arrears."""
    length = len(block.months)
    last = length - 1 - np.argmax(block.business.at_work[:, ::-1], axis=1)
    owed = np.array([story.arrears_months for story in STORIES])[block.people.story].astype(np.int64)
    # What the last month owes is not due yet, and quarters are three months.
    return np.where(owed > 0, last - np.maximum(owed + 1, 3), length)


def tax_declarations(block: Block) -> Rows:
    found = declarations(block)
    return {
        "taxpayer": taxpayer(block, found.who),
        "tax_kind": known(KINDS, found.kind),
        "period_from": found.first,
        "period_until": found.last,
        "declared_on": found.declared_on,
        "due_on": found.due_on,
        "sales_fen": only(found.sales_fen, ~np.isnat(found.declared_on)),
        "tax_due_fen": found.tax_fen,
        "tax_relief_fen": only(found.relief_fen, found.relief_fen > 0),
    }


def tax_payments(block: Block) -> Rows:
    """The tax on the day it was declared; with it, of the late ones, the late fee."""
    found = declarations(block)
    paid = np.flatnonzero((found.tax_fen > 0) & ~found.unpaid)
    fee = found.tax_fen * found.late_days * LATE_FEE_PER_10000 // 10_000
    fined = paid[fee[paid] > 0]
    row = np.concatenate((paid, fined))
    is_fee = np.arange(row.size) >= paid.size
    order = np.lexsort((is_fee, row))
    row, is_fee = row[order], is_fee[order]
    return {
        "taxpayer": taxpayer(block, found.who[row]),
        "voucher": numbered(block, found.who[row], "3{number:08d}{nth:05d}"),
        "tax_kind": known(KINDS, found.kind[row]),
        "payment_kind": known(("tax", "late_fee"), is_fee.astype(np.int8)),
        "period_from": found.first[row],
        "period_until": found.last[row],
        "paid_on": found.declared_on[row],
        "paid_fen": np.where(is_fee, fee[row], found.tax_fen[row]),
    }


def owed(block: Block) -> tuple[Declarations, Ints]:
    """The declarations, and which of them are owed today."""
    found = declarations(block)
    return found, np.flatnonzero(found.unpaid)


def tax_arrears(block: Block) -> Rows:
    """What is owed, and what once was and has been cleared."""
    found, today = owed(block)
    cleared = np.flatnonzero(~found.unpaid & (found.late_days > 0) & (found.tax_fen > 0))
    row = np.concatenate((today, cleared))
    done = np.arange(row.size) >= today.size
    order = np.argsort(row, kind="stable")
    row, done = row[order], done[order]
    days = (block.until - found.due_on[row]).astype(np.int64)
    return {
        "taxpayer": taxpayer(block, found.who[row]),
        "tax_kind": known(KINDS, found.kind[row]),
        "period_from": found.first[row],
        "period_until": found.last[row],
        "due_on": found.due_on[row],
        "owed_fen": np.where(done, 0, found.tax_fen[row]),
        "late_fee_fen": np.where(done, 0, found.tax_fen[row] * days * LATE_FEE_PER_10000 // 10_000),
        "cleared_on": only(found.declared_on[row], done),
    }


def grade_year(until: np.datetime64) -> int:
    """The last year whose grades were given: every April, of the year before."""
    year = int(until.astype("datetime64[Y]").astype(int)) + 1970
    return year - 1 if until > np.datetime64(f"{year}-04-25") else year - 2


def tax_grades(block: Block) -> Rows:
    """The last year's grade of everybody, and what it was in the two years before."""
    random, people = block.dice("grades"), block.people
    last = grade_year(block.until)
    who, years, grades = [], [], []
    for year in range(last - 2, last + 1):
        there = people.registered_on <= np.datetime64(f"{year}-12-31")
        chosen = block.numbers() if year == last else np.flatnonzero(there)
        kept = (random.random(block.count) < 0.7) | (year == last)
        grade = np.where(kept, people.grade, "B").astype(object)
        who.append(chosen)
        years.append(np.full(chosen.size, year))
        grades.append(grade[chosen])
    everyone, year_of = np.concatenate(who), np.concatenate(years)
    grade_of: Texts = np.concatenate(grades)
    floor = {"A": 90, "B": 70, "M": 70, "C": 40, "D": 0}
    width = {"A": 10, "B": 20, "M": 20, "C": 30, "D": 40}
    low, wide = (np.array([table[grade] for grade in grade_of.tolist()], dtype=np.int64) for table in (floor, width))
    graded = np.array([f"{year + 1}-04-20" for year in year_of.tolist()], dtype="datetime64[D]")
    letters = sorted(floor)
    return {
        "taxpayer": taxpayer(block, everyone),
        "of_year": year_of,
        "grade": known(letters, np.array([letters.index(grade) for grade in grade_of.tolist()], dtype=np.int64)),
        "graded_on": graded,
        "points": low + random.integers(0, 1000, everyone.size) * wide / 1000,
    }


_VIOLATIONS = ("late_filing", "not_found", "invoice_rules")
_OFFENDS = {"steady": 0.01, "growing": 0.01, "shrinking": 0.02, "in arrears": 0.7, "penalised": 0.3, "stopped": 0.5}
_OFFENCE = {"in arrears": "late_filing", "stopped": "not_found"}


def tax_violations(block: Block) -> Rows:
    random, people = block.dice("violations"), block.people
    who = some(random, np.array([_OFFENDS[story.name] for story in STORIES])[people.story])
    offence = [_VIOLATIONS.index(_OFFENCE.get(story.name, "invoice_rules")) for story in STORIES]
    day = on_a_day(random, np.maximum(people.registered_on[who], block.until - 600 * DAY), block.until - 20 * DAY)
    still = np.array([story.name in _OFFENCE for story in STORIES])[people.story[who]]
    closed = np.minimum(day + 30 * DAY, block.until - DAY)
    return {
        "taxpayer": taxpayer(block, who),
        "record_number": of_the_year(day, "闽税违", numbered(block, who, "{number:08d}{nth}")),
        "violation": known(_VIOLATIONS, np.array(offence)[people.story[who]]),
        "recorded_on": day,
        "fine_fen": random.integers(2, 40, who.size) * 10_000,
        "state": known(("open", "closed"), (~still).astype(np.int8)),
        "closed_on": only(closed, ~still),
        "severity": known(("minor", "ordinary"), still.astype(np.int8)),
        "repaired_on": only(closed, ~still),
    }
