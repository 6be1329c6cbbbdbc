"""The same invoices, as the seller's and as the buyer's tax file has them."""

import numpy as np

from jinfuyun.sandbox import names
from jinfuyun.sandbox.block import Block
from jinfuyun.sandbox.feeds.rows import taxpayer
from jinfuyun.sandbox.names import Ints
from jinfuyun.sandbox.sheet import Coded, Rows, known
from jinfuyun.sandbox.trade import OUTSIDERS, Invoices


def sales_invoices(block: Block) -> Rows:
    return _rows(block, block.business.sales, mine="seller", other="buyer")


def purchase_invoices(block: Block) -> Rows:
    return _rows(block, block.business.purchases, mine="buyer", other="seller")


def _rows(block: Block, lines: Invoices, *, mine: str, other: str) -> Rows:
    day = block.months[lines.month] + (lines.day - 1)
    return {
        "taxpayer": taxpayer(block, getattr(lines, mine)),
        "invoice_code": _codes(block, lines),
        "invoice_number": lines.number,
        "issued_on": day,
        "counterparty": Coded(getattr(lines, other), _parties(block)),
        "net_fen": lines.net_fen,
        "tax_fen": lines.tax_fen,
        "gross_fen": lines.net_fen + lines.tax_fen,
        "state": known(("valid", "void"), lines.void.astype(np.int8)),
    }


def _codes(block: Block, lines: Invoices) -> Ints:
    """35, the seller, the year: so that code and number together are unique in the province."""
    sellers = np.concatenate((block.people.number, names.OUTSIDERS_FROM + np.arange(OUTSIDERS)))
    years = block.months[lines.month].astype("datetime64[Y]").astype(np.int64) + 1970
    return 35_00000000_00 + sellers[lines.seller] * 100 + years % 100


def _parties(block: Block) -> list[str]:
    """Tax numbers: the block's enterprises, then the outsiders."""
    numbers = names.OUTSIDERS_FROM + np.arange(OUTSIDERS)
    heads, regions = np.full(OUTSIDERS, "91", dtype=object), np.full(OUTSIDERS, "440300", dtype=object)
    return [*block.people.tax_number, *names.uscc_of(heads, regions, numbers)]
