"""What enterprises have: rights, titles, mortgaged houses; what the treasury paid them; what customers pay by code."""

import numpy as np

from jinfuyun.kit.uscc import Nature
from jinfuyun.sandbox.block import Block
from jinfuyun.sandbox.feeds.market import BANKS
from jinfuyun.sandbox.feeds.rows import (
    DAY,
    city_names,
    code,
    in_the_last_years,
    numbered,
    of_the_year,
    some,
    where,
    years_later,
)
from jinfuyun.sandbox.names import drawn, joined
from jinfuyun.sandbox.sheet import Coded, Rows, known, only
from jinfuyun.sandbox.trade import Flags, of_trade

_MAKERS = ("18", "19", "26", "30", "33", "35", "39")
_RIGHTS = ("trade_mark", "utility_model", "invention", "design", "software")
_TITLES = {"trade_mark": "图形商标", "utility_model": "一种加工装置", "invention": "一种制备方法", "design": "外观",
           "software": "管理系统软件V1.0"}  # fmt: skip


def _division(block: Block, *divisions: str) -> Flags:
    return np.isin(of_trade(block.people, "division"), divisions)


def intellectual_property(block: Block) -> Rows:
    """Software houses have software, makers patents, and everybody now and then a mark."""
    random = block.dice("rights")
    software, makes, larger = _division(block, "65"), _division(block, *_MAKERS), block.people.size > 0
    chance = np.where(software, 0.6, np.where(makes & larger, 0.5, 0.06))
    who = some(random, chance, random.integers(1, 7, block.count))
    odds = np.where(software[who], 4, np.where(makes[who], random.integers(0, 4, who.size), 0))
    applied = in_the_last_years(block, random, who)
    granted = applied + random.integers(90, 700, who.size)
    pending = granted >= block.until
    lapsed = ~pending & (random.random(who.size) < 0.08)
    lapsed_on = np.minimum(granted + 300 * DAY, block.until - DAY)
    return {
        "uscc": code(block, who),
        "right_number": numbered(block, who, "XF{number:08d}{nth:03d}"),
        "right_kind": known(_RIGHTS, odds),
        "title": Coded(odds, [_TITLES[right] for right in _RIGHTS]),
        "applied_on": applied,
        "granted_on": only(granted, ~pending),
        "state": known(("in_force", "pending", "lapsed"), np.where(pending, 1, np.where(lapsed, 2, 0))),
        "lapsed_on": only(lapsed_on, lapsed),
        "pledged": known(("no", "yes"), (random.random(who.size) < 0.03).astype(np.int8)),
    }


_QUALIFICATIONS = ("technology_sme", "innovative", "high_tech", "specialised", "little_giant")


def qualifications(block: Block) -> Rows:
    random, people = block.dice("titles"), block.people
    fit = _division(block, "65", *_MAKERS) & people.is_nature(Nature.ENTERPRISE)
    who = some(random, np.where(fit, where(people.size > 0, 0.4, 0.08), 0.0))
    title = np.minimum(random.integers(0, 3, who.size) + people.size[who] - (people.size[who] > 0), 4)
    day = in_the_last_years(block, random, who)
    return {
        "uscc": code(block, who),
        "title": known(_QUALIFICATIONS, title),
        "certificate": numbered(block, who, "XF35{number:08d}{nth:02d}"),
        "granted_on": day,
        "valid_until": years_later(day, 3),
    }


_BUYERS = ("市级机关事务管理局", "区教育局", "市第一医院", "市公路局")
_METHODS = ("open_tender", "negotiation", "consultation", "quotation", "single_source")


def procurement_awards(block: Block) -> Rows:
    random, people = block.dice("awards"), block.people
    fit = _division(block, "47", "50", "51", "65", "39", "72")
    who = some(random, np.where(fit, where(people.size > 0, 0.15, 0.02), 0.01), random.integers(1, 5, block.count))
    day = in_the_last_years(block, random, who)
    done = (day + 300 * DAY < block.until) & ~people.is_story("stopped")[who]
    monthly = block.business.level_yuan[who]
    return {
        "uscc": code(block, who),
        "contract_number": numbered(block, who, "XFCG-{number:08d}-{nth:02d}"),
        "buyer": drawn(random, _BUYERS, who.size),
        "method": known(_METHODS, random.integers(0, len(_METHODS), who.size)),
        "awarded_on": day,
        "amount_fen": (monthly * random.uniform(0.2, 3, who.size)).astype(np.int64) * 100,
        "finished_on": only(day + 300 * DAY, done),
        "state": known(("running", "accepted"), done.astype(np.int8)),
    }


_SUBSIDIES = (("equipment", "技术改造奖补", "工业和信息化局"), ("research", "研发投入补助", "科学技术局"),
              ("jobs", "稳岗返还", "人力资源和社会保障局"))  # fmt: skip


def subsidies(block: Block) -> Rows:
    random, people = block.dice("subsidies"), block.people
    who = some(random, where(people.size > 0, 0.2, 0.03), random.integers(1, 3, block.count))
    kind = random.integers(0, len(_SUBSIDIES), who.size)
    day = in_the_last_years(block, random, who)
    return {
        "uscc": code(block, who),
        "document_number": of_the_year(day, "闽财企", numbered(block, who, "{number:08d}{nth}")),
        "project": Coded(kind, [project for _, project, _ in _SUBSIDIES]),
        "subsidy_kind": known([name for name, *_ in _SUBSIDIES], kind),
        "granted_on": day,
        "amount_fen": random.integers(5, 300, who.size) * 100_000,
        "authority": Coded(kind, [office for *_, office in _SUBSIDIES]),
    }


_USES = ("industry", "commerce", "office", "storage")


def mortgages(block: Block) -> Rows:
    random, people = block.dice("mortgages"), block.people
    who = some(random, where(people.size > 0, 0.18, 0.03), random.integers(1, 3, block.count))
    day = in_the_last_years(block, random, who)
    ended = (random.random(who.size) < 0.3) & (day + 500 * DAY < block.until)
    value = (block.business.level_yuan[who] * random.uniform(2, 10, who.size)).astype(np.int64) * 100
    return {
        "customer": code(block, who),
        "certificate": numbered(block, who, "闽（2020）不动产证明第{number:08d}{nth:02d}号"),
        "unit_number": numbered(block, who, "350102001001GB{number:08d}F{nth:05d}"),
        "location": joined(city_names(block, who), people.address[who]),
        "use": known(_USES, random.integers(0, len(_USES), who.size)),
        "area_m2": random.integers(60_000, 5_000_000, who.size) / 1000,
        "mortgagee": drawn(random, BANKS, who.size),
        "mortgage_kind": known(("ordinary", "maximum"), random.integers(0, 2, who.size)),
        "secured_fen": value * 6 // 10,
        "valued_fen": value,
        "debt_from": day,
        "debt_until": years_later(day, random.integers(1, 6, who.size)),
        "registered_on": day,
        "ended_on": only(day + 500 * DAY, ended),
    }


# Of what is paid by code: most through the two large ones; some shops take cards or digital yuan too.
_CHANNELS = (("wechat", 0.55), ("alipay", 0.35), ("card", 0.07), ("digital_yuan", 0.03))


def collections(block: Block) -> Rows:
    """A shop's takings day by day: four to nine tenths of its sales, closed on one day of the week."""
    random, business = block.dice("collections"), block.business
    takes = random.random(block.count) < of_trade(block.people, "takes_codes_share")
    shops = np.flatnonzero(takes & (block.people.size < 2))
    days = np.arange(block.months[0], block.month_ends[-1] + DAY)
    month = (days.astype("datetime64[M]") - block.months[0].astype("datetime64[M]")).astype(np.int64)
    shut = random.integers(0, 7, shops.size)
    open_days = (days.astype(np.int64)[None, :] % 7 != shut[:, None]) & business.at_work[shops][:, month]
    takes_channel = np.stack([np.full(shops.size, 1.0), np.full(shops.size, 1.0), random.random(shops.size) < 0.2,
                              random.random(shops.size) < 0.15], axis=1) > 0  # fmt: skip
    shop, day, channel = np.nonzero(open_days[:, :, None] & takes_channel[:, None, :])
    who = shops[shop]
    share = random.uniform(0.4, 0.9, shops.size)[shop] * np.array([part for _, part in _CHANNELS])[channel]
    daily = business.sales_yuan[who, month[day]] / 26 * share * random.lognormal(0.0, 0.3, who.size)
    paid = np.maximum((daily * 100).astype(np.int64), 100)
    payments = paid // random.integers(2_000, 12_000, shops.size)[shop] + 1
    refunds = (random.random(who.size) < 0.03).astype(np.int64)
    return {
        "customer": code(block, who),
        "merchant": Coded(who, _merchants(block)),
        "day": days[day],
        "channel": known([name for name, _ in _CHANNELS], channel),
        "payments": payments,
        "paid_fen": paid,
        "refunds": refunds,
        "refunded_fen": refunds * (paid // payments),
        "payers": payments - payments // 8,
    }


def _merchants(block: Block) -> list[str]:
    return [f"8983{number:08d}" for number in block.people.number.tolist()]
