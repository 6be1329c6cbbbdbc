"""The books of a block's enterprises: what they declare, earn, own and owe, and whom they employ.

Every department that speaks of these figures gets them from here: declarations follow the invoices, statements follow
the declarations, the annual report says what the statements said, heads are the same at three counters. Fen throughout.
"""

from dataclasses import dataclass

import numpy as np

from jinfuyun.kit.uscc import Nature
from jinfuyun.sandbox.block import Block
from jinfuyun.sandbox.names import Ints
from jinfuyun.sandbox.population import STORIES
from jinfuyun.sandbox.trade import Flags, Floats, of_trade

# What is left of 100 yuan of sales before interest and tax, from … to.
MARGINS = {
    "steady": (3, 9), "growing": (5, 14), "shrinking": (-3, 4), "in arrears": (-12, 1), "penalised": (-2, 6),
    "stopped": (-10, 2),
}  # fmt: skip
# What is owed of 100 yuan owned, from … to.
DEBTS = {
    "steady": (30, 60), "growing": (35, 65), "shrinking": (50, 80), "in arrears": (75, 105), "penalised": (45, 75),
    "stopped": (70, 110),
}  # fmt: skip
SMALL_INCOME_TAX_PERCENT, INCOME_TAX_PERCENT = 5, 25
LOAN_RATE_PERCENT = 4


def is_general(block: Block) -> Flags:
    """一般纳税人: the others declare their turnover tax by the quarter, at one per cent."""
    return block.people.size > 0


@dataclass(frozen=True, slots=True)
class Profit:
    """From January to the end of some month; one place an enterprise."""

    revenue: Ints
    cost: Ints
    sales_expense: Ints
    administration: Ints
    research: Ints
    interest: Ints
    total: Ints
    tax: Ints

    @property
    def net(self) -> Ints:
        return self.total - self.tax


def profit(block: Block, month: np.datetime64) -> Profit:
    """The year up to the end of `month`. Months before the run are told by the trend."""
    random = block.dice("profit")
    count = block.count
    margin = _of_story(block, MARGINS, random)
    selling, managing = random.uniform(0.02, 0.06, count), random.uniform(0.04, 0.09, count)
    makes = np.isin(of_trade(block.people, "division"), ("26", "35", "39", "65"))
    researching = np.where(makes, random.uniform(0.02, 0.09, count), 0.0)
    months = np.arange(month.astype("datetime64[Y]").astype("datetime64[M]"), month.astype("datetime64[M]") + 1)
    revenue = sum((monthly_fen(block, each) for each in months), np.zeros(count, dtype=np.int64))
    sales_expense, administration, research = (
        (revenue * share).astype(np.int64) for share in (selling, managing, researching)
    )
    cost = (revenue * (1 - margin - selling - managing - researching)).astype(np.int64)
    interest = balance(block, month).short_loans * LOAN_RATE_PERCENT * len(months) // 1200
    total = revenue - cost - sales_expense - administration - research - interest
    percent = np.where(block.people.size == 2, INCOME_TAX_PERCENT, SMALL_INCOME_TAX_PERCENT)
    tax = np.maximum(total, 0) * percent // 100
    return Profit(revenue, cost, sales_expense, administration, research, interest, total, tax)


def monthly_fen(block: Block, month: np.datetime64) -> Ints:
    """Sales of a month: declared, or by the trend where the run does not reach."""
    place = int((month - block.months[0].astype("datetime64[M]")).astype(int))
    if 0 <= place < len(block.months):
        return block.business.declared_fen[:, place]
    before = block.people.registered_on <= month.astype("datetime64[D]")
    return np.where(before, block.business.trend_yuan(_offset(block, month)) * 100, 0).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Balance:
    """At the end of some month; assets = liabilities + equity to the fen."""

    cash: Ints
    receivables: Ints
    inventory: Ints
    current_assets: Ints
    fixed_assets: Ints
    assets: Ints
    short_loans: Ints
    payables: Ints
    current_liabilities: Ints
    long_loans: Ints
    liabilities: Ints
    capital: Ints
    retained: Ints
    equity: Ints


def balance(block: Block, month: np.datetime64) -> Balance:
    random = block.dice("balance")
    count = block.count
    yearly = block.business.trend_yuan(_offset(block, month)) * 12 * 100

    def share(low: float, high: float, of: Floats | Ints = yearly) -> Ints:
        return (of * random.uniform(low, high, count)).astype(np.int64)

    cash, receivables, inventory, other = share(0.03, 0.15), share(0.05, 0.3), share(0.04, 0.25), share(0.01, 0.05)
    makes = np.isin(of_trade(block.people, "vat_percent"), (13,)) & (of_trade(block.people, "kwh_per_10k_yuan") > 100)
    fixed = np.where(makes, share(0.15, 0.6), share(0.02, 0.15))
    current = cash + receivables + inventory + other
    assets = current + fixed
    liabilities = (assets * _of_story(block, DEBTS, random)).astype(np.int64)
    short, long = share(0.2, 0.45, liabilities), np.where(block.people.size == 2, share(0.05, 0.2, liabilities), 0)
    current_liabilities = liabilities - long
    payables = (current_liabilities - short) * 7 // 10
    equity = assets - liabilities
    capital = np.minimum(block.people.capital_10k * 1_000_000, np.maximum(assets // 3, 0))
    return Balance(
        cash, receivables, inventory, current, fixed, assets, short, payables, current_liabilities, long, liabilities,
        capital, equity - capital, equity,
    )  # fmt: skip


def is_employer(block: Block) -> Flags:
    """Who insures somebody: every company, and of the others some."""
    company = block.people.is_nature(Nature.ENTERPRISE)
    return company | (block.dice("employer").random(block.count) < 0.35)


def heads(block: Block, month: np.datetime64) -> Ints:
    """People at work at the end of a month, whatever its season; at least the owner."""
    yearly = block.business.trend_yuan(_offset(block, month)) * 12
    return np.maximum(np.round(yearly / of_trade(block.people, "sales_per_head_yuan")).astype(np.int64), 1)


def monthly_heads(block: Block) -> Ints:
    """Insured people, enterprise × month; none where nobody works or nobody is insured."""
    every = np.stack([heads(block, month) for month in block.months.astype("datetime64[M]")], axis=1)
    return np.where(block.business.at_work & is_employer(block)[:, None], every, 0)


def wage_fen(block: Block) -> Ints:
    """What the fees of one head are counted from, a month."""
    level = np.array((4_200, 5_200, 6_800))[block.people.size]
    return (level * block.dice("wage").lognormal(0.0, 0.15, block.count)).astype(np.int64) * 100


def _offset(block: Block, month: np.datetime64) -> int:
    """Months after the last of the run; negative before."""
    return int((month.astype("datetime64[M]") - block.months[-1].astype("datetime64[M]")).astype(int))


def _of_story(block: Block, table: dict[str, tuple[int, int]], random: np.random.Generator) -> Floats:
    low, high = np.array([table[story.name] for story in STORIES])[block.people.story].T / 100
    return random.uniform(low, high)
