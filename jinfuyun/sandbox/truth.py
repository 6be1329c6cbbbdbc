"""What the platform must come to, computed from the arrays and not by its SQL: `truth.json` and `truth.parquet`.

Twelve months up to the last whole one. Of an enterprise nobody delivered anything about, sums are 0.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jinfuyun.sandbox import accounts
from jinfuyun.sandbox.block import Block
from jinfuyun.sandbox.dirt import Expected
from jinfuyun.sandbox.feeds import tax
from jinfuyun.sandbox.names import Ints
from jinfuyun.sandbox.sheet import Coded, Rows

COUNTS, VALUES = "truth.json", "truth.parquet"
YEAR = 12


class Truth:
    """Gathered block by block, written at the end."""

    def __init__(self, feeds: Sequence[str]) -> None:
        self.counts = {feed: Expected() for feed in feeds}
        self._values: list[pa.Table] = []

    def add(self, block: Block, found: dict[str, Expected]) -> None:
        for feed, expected in found.items():
            self.counts[feed].add(expected)
        self._values.append(values(block))

    def write(self, folder: Path) -> None:
        told = {feed: asdict(expected) for feed, expected in self.counts.items()}
        (folder / COUNTS).write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
        pq.write_table(pa.concat_tables(self._values), folder / VALUES)


def values(block: Block) -> pa.Table:
    """One row an enterprise. Money in fen; of insurance the heads of all months together, and how many months."""
    business, heads = block.business, accounts.monthly_heads(block)[:, -YEAR:]
    return pa.table(
        {
            "uscc": pa.array(block.people.uscc, pa.string()),
            "sales_r12_fen": business.sold_fen[:, -YEAR:].sum(axis=1),
            "purchases_r12_fen": business.bought_fen[:, -YEAR:].sum(axis=1),
            "declared_sales_r12_fen": business.declared_fen[:, -YEAR:].sum(axis=1),
            "kwh_r12": business.kwh[:, -YEAR:].sum(axis=1).astype(np.int64),
            "tax_paid_r12_fen": _tax_paid(block),
            "tax_owed_fen": tax_owed_fen(block),
            "pension_heads_r12": heads.sum(axis=1),
            "pension_months_r12": (heads > 0).sum(axis=1),
        }
    )


def _tax_paid(block: Block) -> Ints:
    """Taxes without fees, by the day they were paid."""
    rows: Rows = tax.tax_payments(block)
    who, kind, paid_on, paid = (rows[name] for name in ("taxpayer", "payment_kind", "paid_on", "paid_fen"))
    assert isinstance(who, Coded) and isinstance(kind, Coded)
    assert not isinstance(paid_on, Coded) and not isinstance(paid, Coded)
    first, last = block.months[-YEAR:][0], block.month_ends[-1]
    counts = (kind.index == list(kind.words).index("tax")) & (paid_on >= first) & (paid_on <= last)
    return _summed(block, who.index[counts], paid[counts])


def tax_owed_fen(block: Block) -> Ints:
    """What stands in arrears today, without late fees."""
    found, row = tax.owed(block)
    return _summed(block, found.who[row], found.tax_fen[row])


def _summed(block: Block, who: Ints, fen: Ints) -> Ints:
    total = np.zeros(block.count, dtype=np.int64)
    np.add.at(total, who, fen)
    return total
