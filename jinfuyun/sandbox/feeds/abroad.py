"""Customs: who sells abroad, and each entry."""

import numpy as np

from jinfuyun.sandbox.block import Block
from jinfuyun.sandbox.feeds.rows import DAY, code, numbered
from jinfuyun.sandbox.names import Ints
from jinfuyun.sandbox.population import TRADES
from jinfuyun.sandbox.sheet import Coded, Rows, known, only
from jinfuyun.sandbox.trade import Flags, of_trade

COUNTRIES = ("USA", "JPN", "DEU", "VNM", "PHL", "GBR", "AUS", "MYS", "ARE", "BRA")
ENTRIES_A_MONTH = 2.0
CNY_FEN_PER_100_USD = 71_000
_MODES = ("general", "processing_imported", "e_commerce")
# The first goods code of a division; the others trade in all kinds.
_GOODS = {"13": "1604199090", "15": "0902301090", "18": "6203429090", "19": "6402992900", "26": "3209100010",
          "30": "6802939000", "33": "8302410000", "35": "8479899990", "39": "8541410000"}  # fmt: skip


def _trades_abroad(block: Block) -> Flags:
    share = of_trade(block.people, "export_share")
    chance = np.where(block.people.size > 0, share, share / 8)
    traders: Flags = block.dice("abroad").random(block.count) < chance
    return traders


def customs_declarations(block: Block) -> Rows:
    """Exports are a part of the month's sales; now and then material comes in."""
    random, sold = block.dice("customs"), block.business.sold_fen
    counts = np.where(_trades_abroad(block)[:, None] & (sold > 0), random.poisson(ENTRIES_A_MONTH, sold.shape), 0)
    who = np.repeat(*_flat(counts)) // sold.shape[1]
    month = np.repeat(*_flat(counts)) % sold.shape[1]
    imports = random.random(who.size) < 0.12
    share = random.uniform(0.2, 0.6, block.count)[who] / counts[who, month]
    usd_cents = np.maximum((sold[who, month] * share).astype(np.int64) * 10_000 // CNY_FEN_PER_100_USD, 1)
    day = block.months[month] + random.integers(0, 26, who.size)
    goods = [_GOODS.get(trade.division, "9405990000") for trade in TRADES]
    cny = usd_cents * CNY_FEN_PER_100_USD // 10_000
    return {
        "customer": code(block, who),
        "entry_number": numbered(block, who, "35{number:08d}{nth:08d}"),
        "direction": known(("export", "import"), imports.astype(np.int8)),
        "declared_on": day,
        "released_on": day + DAY,
        "trade_mode": known(_MODES, random.choice(len(_MODES), who.size, p=(0.8, 0.12, 0.08))),
        "country": Coded(random.integers(0, len(COUNTRIES), who.size), COUNTRIES),
        "goods_code": Coded(block.people.trade[who], goods),
        "usd_cents": usd_cents,
        "cny_fen": cny,
        "duty_fen": only(cny * 13 // 100, imports),
    }


def _flat(counts: Ints) -> tuple[Ints, Ints]:
    return np.arange(counts.size), counts.ravel()


def customs_ratings(block: Block) -> Rows:
    random, people = block.dice("ratings"), block.people
    who = np.flatnonzero(_trades_abroad(block))
    rating = np.where(people.size[who] == 2, random.integers(0, 2, who.size), 1)
    rating = np.where(people.is_story("penalised")[who], 2, rating)
    day = np.maximum(people.registered_on[who], block.until - 900 * DAY) + random.integers(0, 80, who.size)
    return {
        "uscc": code(block, who),
        "customs_code": numbered(block, who, "3501{number:08d}"),
        "rating": known(("advanced", "registered", "dishonest"), rating),
        "rated_on": day,
    }
