"""Social insurance and housing fund: the same heads at both counters."""

import numpy as np

from jinfuyun.sandbox import accounts
from jinfuyun.sandbox.block import Block
from jinfuyun.sandbox.feeds.rows import DAY, code, where
from jinfuyun.sandbox.names import Ints, digits
from jinfuyun.sandbox.population import Days
from jinfuyun.sandbox.sheet import Coded, Rows, known, only, same
from jinfuyun.sandbox.trade import Flags

# Of the wages, by both sides together, in hundredths of a per cent.
RATES = (("pension", 2400), ("unemployment", 100), ("medical", 1000), ("injury", 50))
MONTHS_OWED = 3


def social_insurance(block: Block) -> Rows:
    heads = accounts.monthly_heads(block)
    who, month = np.nonzero(heads)
    base = heads[who, month] * accounts.wage_fen(block)[who]
    who, month, base = (np.repeat(each, len(RATES)) for each in (who, month, base))
    kind = np.tile(np.arange(len(RATES)), who.size // len(RATES))
    due = base * np.array([rate for _, rate in RATES])[kind] // 10_000
    paid = _is_paid(block)[who, month]
    return {
        "customer": code(block, who),
        "unit_number": Coded(who, digits(block.people.number, "S{:08d}")),
        "month_end": block.months[month],
        "insurance": known([name for name, _ in RATES], kind),
        "heads": heads[who, month],
        "base_fen": base,
        "due_fen": due,
        "paid_fen": np.where(paid, due, 0),
        "paid_on": only(_paid_on(block, who, month), paid),
    }


def housing_fund(block: Block) -> Rows:
    random = block.dice("housing")
    heads = accounts.monthly_heads(block)
    takes_part = random.random(block.count) < where(block.people.size > 0, 0.8, 0.3)
    percent = random.integers(5, 13, block.count)
    who, month = np.nonzero(heads * takes_part[:, None])
    due = heads[who, month] * accounts.wage_fen(block)[who] * percent[who] * 2 // 100
    paid = _is_paid(block)[who, month]
    return {
        "customer": code(block, who),
        "unit_account": Coded(who, digits(block.people.number, "GJ{:08d}")),
        "month_end": block.months[month],
        "heads": heads[who, month],
        "unit_percent": percent[who],
        "due_fen": due,
        "paid_fen": np.where(paid, due, 0),
        "paid_on": only(_paid_on(block, who, month), paid),
        "state": same("normal", who.size),
    }


def _is_paid(block: Block) -> Flags:
    """Who is in arrears with the tax bureau owes the last months here too; enterprise × month."""
    recent = np.arange(len(block.months)) >= len(block.months) - MONTHS_OWED
    return ~(block.people.is_story("in arrears")[:, None] & recent[None, :])


def _paid_on(block: Block, who: Ints, month: Ints) -> Days:
    """Each pays on a day of its own, in the second half of the month."""
    return block.months[month] + 14 * DAY + block.dice("pay day").integers(0, 12, block.count)[who]
