"""What the enterprises did, month by month: invoices written to each other and to others, and power used.

One story in every department: an invoice that stands in the seller's sales stands with the same number in the buyer's
purchases, and the power follows the sales. All in arrays: two years of 2,000 enterprises are a second's work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from jinfuyun.sandbox.population import SIZES, STORIES, TRADES, Enterprise

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

CUSTOMERS = 12  # of one enterprise; the first take most
OUTSIDERS = 5_000  # trade partners beyond the province, numbered after its enterprises
OUTSIDE_SHARE = 0.45  # of customers
VOID_SHARE, RED_SHARE = 0.012, 0.01
_SIZE = {size.name: size for size in SIZES}
_TRADE = {trade.division: trade for trade in TRADES}
_STORY = {story.name: story for story in STORIES}
# Cooling: what the months add to the power bill of everybody, January to December.
_CLIMATE = np.array((1.0, 0.95, 0.95, 0.95, 1.0, 1.1, 1.3, 1.3, 1.15, 1.0, 0.95, 1.0))


@dataclass(frozen=True, slots=True)
class Invoices:
    """One line each. `seller` and `buyer` number the enterprises; a buyer ≥ their count is an outsider."""

    seller: Ints
    buyer: Ints
    month: Ints  # of the run, from 0
    day: Ints
    number: Ints
    net_fen: Ints
    tax_fen: Ints
    void: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Business:
    months: tuple[date, ...]  # their first days
    sales_yuan: Floats  # enterprise × month
    sales: Invoices
    outside_purchases: Invoices  # from outsiders: `seller` is the outsider, `buyer` the enterprise
    kwh: Floats  # enterprise × month


def business_of(random: np.random.Generator, enterprises: Sequence[Enterprise], months: tuple[date, ...]) -> Business:
    sales_yuan = _sales(random, enterprises, months)
    sales = _sales_invoices(random, enterprises, sales_yuan)
    return Business(
        months=months,
        sales_yuan=sales_yuan,
        sales=sales,
        outside_purchases=_outside_purchases(random, enterprises, sales_yuan),
        kwh=_power(random, enterprises, sales_yuan, months),
    )


def _sales(random: np.random.Generator, enterprises: Sequence[Enterprise], months: tuple[date, ...]) -> Floats:
    """Yuan of each month: size × season × growth × chance; nothing before the founding or after the end."""
    count, length = len(enterprises), len(months)
    median = np.array([_SIZE[e.size].sales_yuan for e in enterprises], dtype=float)
    level = median * random.lognormal(0.0, 0.7, count)
    growth = np.array([random.normal(*_STORY[e.story].growth) for e in enterprises])
    seasons = np.array([[_TRADE[e.industry].season[m.month - 1] for m in months] for e in enterprises])
    years = (np.arange(length) - length + 1) / 12
    sales = level[:, None] * seasons * np.power(np.clip(1 + growth, 0.2, 3.0)[:, None], years[None, :])
    sales *= random.lognormal(0.0, 0.18, (count, length))
    founded = np.array([[m >= e.registered_on for m in months] for e in enterprises])
    stops = np.array([_stop(random, e) for e in enterprises])
    at_work = np.arange(length)[None, :] < length - stops[:, None]
    return np.where(founded & at_work, sales, 0.0)


def _stop(random: np.random.Generator, enterprise: Enterprise) -> int:
    first, last = _STORY[enterprise.story].stops_before_end
    return int(random.integers(first, last + 1))


def _split(random: np.random.Generator, sales_yuan: Floats, per_month: Floats) -> tuple[Ints, Ints, Floats]:
    """Cut each enterprise's months into invoices: (enterprise, month, yuan) of each, in that order."""
    length = sales_yuan.shape[1]
    counts = random.poisson(per_month[:, None], sales_yuan.shape)
    counts = np.where(sales_yuan > 0, counts, 0).ravel()
    cell = np.repeat(np.arange(counts.size), counts)
    weight = random.gamma(1.2, 1.0, cell.size) + 0.05
    total = np.bincount(cell, weights=weight, minlength=counts.size)
    return cell // length, cell % length, sales_yuan.ravel()[cell] * weight / total[cell]


def _sales_invoices(random: np.random.Generator, enterprises: Sequence[Enterprise], sales_yuan: Floats) -> Invoices:
    count = len(enterprises)
    seller, month, yuan = _split(random, sales_yuan, np.array([_SIZE[e.size].invoices for e in enterprises]))
    outside = random.random((count, CUSTOMERS)) < OUTSIDE_SHARE
    neighbours = random.integers(0, count, (count, CUSTOMERS))
    strangers = count + random.integers(0, OUTSIDERS, (count, CUSTOMERS))
    customers = np.where(outside | (neighbours == np.arange(count)[:, None]), strangers, neighbours)
    rank = np.minimum(random.geometric(0.22, seller.size) - 1, CUSTOMERS - 1)
    vat = np.array([_TRADE[e.industry].vat_percent for e in enterprises])
    return _invoices(random, seller, customers[seller, rank], month, yuan, vat[seller], numbered_by=seller)


def _outside_purchases(random: np.random.Generator, enterprises: Sequence[Enterprise], sales_yuan: Floats) -> Invoices:
    """Materials from beyond the province: about a third of the sales, from a few suppliers."""
    count = len(enterprises)
    per_month = np.array([_SIZE[e.size].invoices * 0.4 for e in enterprises])
    buyer, month, yuan = _split(random, sales_yuan * random.uniform(0.2, 0.5, (count, 1)), per_month)
    suppliers = count + random.integers(0, OUTSIDERS, (count, 6))
    seller = suppliers[buyer, np.minimum(random.geometric(0.4, buyer.size) - 1, 5)]
    vat = np.full(buyer.size, 13)
    return _invoices(random, seller, buyer, month, yuan, vat, numbered_by=seller)


def _invoices(
    random: np.random.Generator,
    seller: Ints,
    buyer: Ints,
    month: Ints,
    yuan: Floats,
    vat_percent: Ints,
    *,
    numbered_by: Ints,
) -> Invoices:
    """Finish the lines: whole yuan of goods, day, running number of the seller, some taken back, some void."""
    net_fen = np.maximum(np.round(yuan).astype(np.int64), 1) * 100
    red = random.random(seller.size) < RED_SHARE
    net_fen = np.where(red, -net_fen // 10, net_fen)
    order = np.argsort(numbered_by, kind="stable")
    place = np.empty(seller.size, dtype=np.int64)
    place[order] = np.arange(seller.size) - np.searchsorted(numbered_by[order], numbered_by[order])
    return Invoices(
        seller=seller,
        buyer=buyer,
        month=month,
        day=random.integers(1, 29, seller.size),
        number=10_000_000 + place,
        net_fen=net_fen,
        tax_fen=np.round(net_fen * vat_percent / 100).astype(np.int64),
        void=~red & (random.random(seller.size) < VOID_SHARE),
    )


def _power(
    random: np.random.Generator, enterprises: Sequence[Enterprise], sales_yuan: Floats, months: tuple[date, ...]
) -> Floats:
    """kWh of each month: what the sales need, what the weather adds, and a little that always runs."""
    hunger = np.array([_TRADE[e.industry].kwh_per_10k_yuan for e in enterprises])[:, None]
    climate = _CLIMATE[[m.month - 1 for m in months]][None, :]
    kwh = sales_yuan / 10_000 * hunger * climate * random.lognormal(0.0, 0.12, sales_yuan.shape)
    idle = np.array([{"micro": 80, "small": 300, "medium": 1_500}[e.size] for e in enterprises])[:, None]
    founded = np.array([[m >= e.registered_on for m in months] for e in enterprises])
    return np.where(founded, np.round(kwh + idle), 0.0)
