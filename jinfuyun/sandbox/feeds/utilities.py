"""Electricity, water and gas, month by month and by account."""

import numpy as np
import numpy.typing as npt

from jinfuyun.sandbox.block import Block
from jinfuyun.sandbox.feeds.rows import code
from jinfuyun.sandbox.names import Ints, Texts
from jinfuyun.sandbox.sheet import Coded, Rows, only
from jinfuyun.sandbox.trade import Flags, of_trade

FEN_PER_KWH = 68
WATER_FEN, GAS_FEN = 385, 412  # a cubic metre
MONTHS_OWED = 2


def electricity(block: Block) -> Rows:
    who, month = np.nonzero(block.business.kwh)
    kwh = block.business.kwh[who, month].astype(np.int64)
    charge = kwh * FEN_PER_KWH
    return {
        "customer": code(block, who),
        "account": Coded(who, block.people.electricity_account),
        "used_on": block.months[month],
        "kwh": kwh,
        "charge_fen": charge,
        "owed_fen": only(charge, _is_owed(block, who, month)),
    }


def water(block: Block) -> Rows:
    """A cubic metre for so many yuan of sales, most of all where people eat."""
    thirst = np.where(of_trade(block.people, "division") == "62", 60.0, 4.0)
    return _by_the_cubic_metre(block, "water", thirst, WATER_FEN)


def gas(block: Block) -> Rows:
    hunger = np.where(np.isin(of_trade(block.people, "division"), ("30", "62", "13")), 45.0, 3.0)
    return _by_the_cubic_metre(block, "gas", hunger, GAS_FEN)


def _by_the_cubic_metre(block: Block, kind: str, per_10k_yuan: npt.NDArray[np.float64], price_fen: int) -> Rows:
    random, business = block.dice(kind), block.business
    suppliers, accounts = getattr(block.people, f"{kind}_supplier"), getattr(block.people, f"{kind}_account")
    has = np.array([account is not None for account in accounts.tolist()], dtype=np.bool_)
    used = business.sales_yuan / 10_000 * per_10k_yuan[:, None] * random.lognormal(0.0, 0.2, business.sales_yuan.shape)
    who, month = np.nonzero(business.founded & has[:, None])
    cubic_metres = np.round(used[who, month]).astype(np.int64) + 2
    charge = cubic_metres * price_fen
    return {
        "customer": code(block, who),
        "supplier": Coded(who, _words(suppliers)),
        "account": Coded(who, _words(accounts)),
        "used_on": block.months[month],
        "cubic_metres": cubic_metres,
        "charge_fen": charge,
        "owed_fen": only(charge, _is_owed(block, who, month)),
    }


def _words(texts: Texts) -> list[str]:
    return [text or "" for text in texts.tolist()]


def _is_owed(block: Block, who: Ints, month: Ints) -> Flags:
    return block.people.is_story("in arrears")[who] & (month >= len(block.months) - MONTHS_OWED)
