"""Financial statements that companies filed with the tax bureau, by the quarter and by the year."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from jinfuyun.kit.uscc import Nature
from jinfuyun.sandbox import accounts
from jinfuyun.sandbox.block import Block, last_days
from jinfuyun.sandbox.feeds.rows import DAY, on_a_day, taxpayer
from jinfuyun.sandbox.feeds.tax import quarter_ends
from jinfuyun.sandbox.names import Ints
from jinfuyun.sandbox.population import Days
from jinfuyun.sandbox.sheet import Rows, known

_BALANCE = (
    "cash", "receivables", "inventory", "current_assets", "fixed_assets", "assets", "short_loans", "payables",
    "current_liabilities", "long_loans", "liabilities", "capital", "retained", "equity",
)  # fmt: skip


def balance_sheets(block: Block) -> Rows:
    parts = []
    for who, month, frequency, filed in _filings(block):
        found = accounts.balance(block, month)
        parts.append(
            _filing(who, month, frequency, filed) | {f"{name}_fen": getattr(found, name)[who] for name in _BALANCE}
        )
    return _rows(block, parts)


def profit_statements(block: Block) -> Rows:
    parts = []
    for who, month, frequency, filed in _filings(block):
        found = accounts.profit(block, month)
        amounts = {
            "revenue_fen": found.revenue, "cost_fen": found.cost, "sales_expense_fen": found.sales_expense,
            "administration_fen": found.administration, "research_fen": found.research, "interest_fen": found.interest,
            "operating_profit_fen": found.total, "total_profit_fen": found.total, "income_tax_fen": found.tax,
            "net_profit_fen": found.net,
        }  # fmt: skip
        parts.append(_filing(who, month, frequency, filed) | {name: amount[who] for name, amount in amounts.items()})
    return _rows(block, parts)


Part = dict[str, npt.NDArray[Any]]


def _filings(block: Block) -> Iterator[tuple[Ints, np.datetime64, int, Days]]:
    """(who, end, 0 quarter or 1 year, filed on) of every period that was filed before today, while business ran."""
    random = block.dice("filings")
    company = block.people.is_nature(Nature.ENTERPRISE)
    for end in quarter_ends(block.months):
        alive = company & block.business.at_work[:, max(end - 2, 0) : end + 1].any(axis=1)
        month = block.months[end].astype("datetime64[M]")
        closes: Days = np.full(block.count, block.month_ends[end])
        for frequency, wait in ((0, 15), (1, 150)):
            if frequency == 1 and int(month.astype(int)) % 12 != 11:
                continue
            filed = on_a_day(random, closes + 5 * DAY, closes + wait * DAY)
            who = np.flatnonzero(alive & (filed < block.until))
            yield who, month, frequency, filed[who]


def _filing(who: Ints, month: np.datetime64, frequency: int, filed: Days) -> Part:
    january = month.astype("datetime64[Y]").astype("datetime64[D]")
    return {
        "who": who,
        "frequency": np.full(who.size, frequency),
        "period_from": np.full(who.size, january),
        "period_until": np.full(who.size, last_days(month.astype("datetime64[D]"))),
        "filed_on": filed,
    }


def _rows(block: Block, parts: list[Part]) -> Rows:
    """One table, by enterprise. Larger ones follow the general accounting standard."""
    if not parts:  # a run too short for a quarter's end
        parts = [_filing(np.zeros(0, dtype=np.int64), block.months[-1].astype("datetime64[M]"), 0, block.months[:0])]
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.argsort(joined["who"], kind="stable")
    joined = {name: column[order] for name, column in joined.items()}
    who = joined.pop("who")
    frequency = joined.pop("frequency")
    form = known(("small", "enterprise"), (block.people.size[who] == 2).astype(np.int8))
    start = {"taxpayer": taxpayer(block, who), "form": form, "frequency": known(("quarter", "year"), frequency)}
    return {**start, **joined}
