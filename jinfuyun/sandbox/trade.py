"""What the enterprises did, month by month: invoices written to each other and to others, and power used.

One story in every department: an invoice that stands in the seller's sales stands with the same number in the buyer's
purchases, and the power follows the sales. All in arrays: two years of 2,000 enterprises are a second's work.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from jinfuyun.sandbox.names import Ints
from jinfuyun.sandbox.population import SIZES, STORIES, TRADES, Days, People

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

CUSTOMERS = 12  # of one enterprise; the first take most
SUPPLIERS = 6
OUTSIDERS = 5_000  # trade partners beyond the province, numbered after the block's enterprises
OUTSIDE_SHARE = 0.45  # of customers
VOID_SHARE, RED_SHARE = 0.012, 0.01
FIRST_NUMBER = 10_000_000
NUMBERS_OF_A_BLOCK = 100_000  # an outsider sells to every block, and no two invoices of his share a number
# Cooling: what the months add to the power bill of everybody, January to December.
CLIMATE = np.array((1.0, 0.95, 0.95, 0.95, 1.0, 1.1, 1.3, 1.3, 1.15, 1.0, 0.95, 1.0))


@dataclass(frozen=True, slots=True)
class Invoices:
    """One line each. `seller` and `buyer` number the block's enterprises; one ≥ their count is an outsider."""

    seller: Ints
    buyer: Ints
    month: Ints  # of the run, from 0
    day: Ints
    number: Ints
    net_fen: Ints
    tax_fen: Ints
    void: Flags

    def ordered(self, order: Ints) -> "Invoices":
        return Invoices(*(getattr(self, name)[order] for name in self.__dataclass_fields__))

    def monthly_fen(self, by: Ints, count: int, months: int) -> Ints:
        """What the valid lines add up to, without tax: enterprise × month."""
        cell = by * months + self.month
        valid = np.where(self.void, 0, self.net_fen)
        # Fen below 2⁵³ are whole numbers in a float too.
        total = np.bincount(cell, weights=valid.astype(np.float64), minlength=count * months)
        return total.astype(np.int64).reshape(count, months)


@dataclass(frozen=True, slots=True)
class Business:
    """Enterprise × month, but for the invoices."""

    months: Days  # their first days
    level_yuan: Floats  # sales of the last month, but for season and chance; one an enterprise
    growth: Floats  # a year's factor
    founded: Flags
    at_work: Flags  # founded and not stopped
    sales_yuan: Floats
    sales: Invoices  # by seller, then by day
    purchases: Invoices  # by buyer
    sold_fen: Ints
    bought_fen: Ints
    declared_fen: Ints  # sales as declared: what was invoiced, and up to three per cent that nobody wanted invoiced
    kwh: Floats

    def trend_yuan(self, offset: int) -> Floats:
        """A month's sales without season and chance; `offset` months after the last one (before, if negative)."""
        return self.level_yuan * np.power(self.growth, offset / 12)


def business_of(random: np.random.Generator, people: People, months: Days, *, block: int) -> Business:
    """`block`: which block of the province these people are."""
    count, length = len(people), len(months)
    level, growth, sales_yuan, at_work = _sales(random, people, months)
    sales = _sales_invoices(random, people, months, sales_yuan)
    outside = _outside_purchases(random, people, months, sales_yuan, FIRST_NUMBER + block * NUMBERS_OF_A_BLOCK)
    purchases = _purchases(sales, outside, count)
    sold_fen = sales.monthly_fen(sales.seller, count, length)
    return Business(
        months=months,
        level_yuan=level,
        growth=growth,
        founded=_founded(people, months),
        at_work=at_work,
        sales_yuan=sales_yuan,
        sales=sales,
        purchases=purchases,
        sold_fen=sold_fen,
        bought_fen=purchases.monthly_fen(purchases.buyer, count, length),
        declared_fen=np.maximum(sold_fen, 0) * (1000 + random.integers(0, 31, sold_fen.shape)) // 1000,
        kwh=_power(random, people, sales_yuan, months),
    )


def of_size(people: People, name: str) -> npt.NDArray[Any]:
    return np.array([getattr(size, name) for size in SIZES])[people.size]


def of_trade(people: People, name: str) -> npt.NDArray[Any]:
    return np.array([getattr(trade, name) for trade in TRADES])[people.trade]


def month_numbers(months: Days) -> Ints:
    """0 for January."""
    return months.astype("datetime64[M]").astype(np.int64) % 12


def _founded(people: People, months: Days) -> Flags:
    """Whole months only: the one of the founding does not count."""
    return months[None, :] >= people.registered_on[:, None]


def _sales(random: np.random.Generator, people: People, months: Days) -> tuple[Floats, Floats, Floats, Flags]:
    """Yuan of each month: size × season × growth × chance; nothing before the founding or after the end."""
    count, length = len(people), len(months)
    level = of_size(people, "sales_yuan") * random.lognormal(0.0, 0.7, count)
    mean, spread = np.array([story.growth for story in STORIES])[people.story].T
    growth = np.clip(1 + random.normal(mean, spread), 0.2, 3.0)
    seasons = np.array([trade.season for trade in TRADES])[people.trade][:, month_numbers(months)]
    years = (np.arange(length) - length + 1) / 12
    sales = level[:, None] * seasons * np.power(growth[:, None], years[None, :])
    sales *= random.lognormal(0.0, 0.18, (count, length))
    first, last = np.array([story.stops_before_end for story in STORIES])[people.story].T
    stops = random.integers(first, last + 1)
    at_work = _founded(people, months) & (np.arange(length)[None, :] < length - stops[:, None])
    return level, growth, np.where(at_work, sales, 0.0), at_work


def _split(
    random: np.random.Generator, sales_yuan: Floats, per_month: Floats, days: Ints
) -> tuple[Ints, Ints, Ints, Floats]:
    """Cut each enterprise's months into invoices: (enterprise, month, day, yuan) of each, in that order.

    `days`: how many each month has.
    """
    length = sales_yuan.shape[1]
    counts = np.where(sales_yuan > 0, random.poisson(per_month[:, None], sales_yuan.shape), 0).ravel()
    cell = np.repeat(np.arange(counts.size), counts)
    weight = random.gamma(1.2, 1.0, cell.size) + 0.05
    total = np.bincount(cell, weights=weight, minlength=counts.size)
    yuan = sales_yuan.ravel()[cell] * weight / total[cell]
    # Amounts do not depend on the day, so the days alone are sorted within their month.
    month = cell % length
    day = np.sort(cell * 32 + 1 + (random.random(cell.size) * days[month]).astype(np.int64)) % 32
    return cell // length, month, day, yuan


def _days_of(months: Days) -> Ints:
    whole = months.astype("datetime64[M]")
    return ((whole + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)


def _sales_invoices(random: np.random.Generator, people: People, months: Days, sales_yuan: Floats) -> Invoices:
    count = len(people)
    per_month = of_size(people, "invoices").astype(np.float64)
    seller, month, day, yuan = _split(random, sales_yuan, per_month, _days_of(months))
    outside = random.random((count, CUSTOMERS)) < OUTSIDE_SHARE
    neighbours = _by_size(random, (count, CUSTOMERS), sales_yuan.sum(axis=1))
    strangers = count + random.integers(0, OUTSIDERS, (count, CUSTOMERS))
    customers = np.where(outside | (neighbours == np.arange(count)[:, None]), strangers, neighbours)
    rank = np.minimum(random.geometric(0.22, seller.size) - 1, CUSTOMERS - 1)
    vat = of_trade(people, "vat_percent")[seller]
    number = FIRST_NUMBER + np.arange(seller.size) - np.searchsorted(seller, np.arange(count))[seller]
    return _invoices(random, seller, customers[seller, rank], month, day, number, yuan, vat)


def _by_size(random: np.random.Generator, shape: tuple[int, int], sold_yuan: Floats) -> Ints:
    """Who sells much buys much, else the small would buy many times what they sell."""
    upto = np.cumsum(sold_yuan + 1)
    even = (random.integers(0, len(upto), shape) + random.spawn(1)[0].random(shape)) / len(upto)
    who: Ints = np.minimum(np.searchsorted(upto, even * upto[-1]), len(upto) - 1)
    return who


def _outside_purchases(
    random: np.random.Generator, people: People, months: Days, sales_yuan: Floats, first_number: int
) -> Invoices:
    """Materials from beyond the province: about a third of the sales, from a few suppliers."""
    count = len(people)
    per_month = of_size(people, "invoices") * 0.4
    costs = sales_yuan * random.uniform(0.2, 0.5, (count, 1))
    buyer, month, day, yuan = _split(random, costs, per_month, _days_of(months))
    suppliers = count + random.integers(0, OUTSIDERS, (count, SUPPLIERS))
    seller = suppliers[buyer, np.minimum(random.geometric(0.4, buyer.size) - 1, SUPPLIERS - 1)]
    order = np.argsort((seller - count).astype(np.uint16), kind="stable")
    place = np.empty(seller.size, dtype=np.int64)
    place[order] = np.arange(seller.size) - np.searchsorted(seller[order], seller[order])
    assert place.size == 0 or place.max() < NUMBERS_OF_A_BLOCK, "a block is too large for its numbers"
    return _invoices(random, seller, buyer, month, day, first_number + place, yuan, np.int64(13))


def _purchases(sales: Invoices, outside: Invoices, count: int) -> Invoices:
    """What stands in the buyers' books: bought in the province and beyond, by buyer."""
    inside = sales.ordered(np.flatnonzero(sales.buyer < count))
    both = Invoices(
        *(np.concatenate((getattr(inside, name), getattr(outside, name))) for name in Invoices.__dataclass_fields__)
    )
    assert count < 2**16, "a block's buyers are sorted by two bytes"
    return both.ordered(np.argsort(both.buyer.astype(np.uint16), kind="stable"))


def _invoices(
    random: np.random.Generator,
    seller: Ints,
    buyer: Ints,
    month: Ints,
    day: Ints,
    number: Ints,
    yuan: Floats,
    vat_percent: npt.NDArray[Any] | np.int64,
) -> Invoices:
    """Finish the lines: whole yuan of goods, some taken back, some void."""
    net_fen = np.maximum(np.round(yuan).astype(np.int64), 1) * 100
    red = random.random(seller.size) < RED_SHARE
    net_fen = np.where(red, -net_fen // 10, net_fen)
    return Invoices(
        seller=seller,
        buyer=buyer,
        month=month,
        day=day,
        number=number,
        net_fen=net_fen,
        tax_fen=np.round(net_fen * vat_percent / 100).astype(np.int64),
        void=~red & (random.random(seller.size) < VOID_SHARE),
    )


def _power(random: np.random.Generator, people: People, sales_yuan: Floats, months: Days) -> Floats:
    """kWh of each month: what the sales need, what the weather adds, and a little that always runs."""
    hunger = of_trade(people, "kwh_per_10k_yuan")[:, None]
    climate = CLIMATE[month_numbers(months)][None, :]
    kwh = sales_yuan / 10_000 * hunger * climate * random.lognormal(0.0, 0.12, sales_yuan.shape)
    idle = of_size(people, "idle_kwh")[:, None]
    return np.where(_founded(people, months), np.round(kwh + idle), 0.0)
