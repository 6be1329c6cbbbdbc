"""What several feeds say in the same way: who, how often, when, under which number."""

import numpy as np

from jinfuyun.kit import regions
from jinfuyun.sandbox.block import Block
from jinfuyun.sandbox.names import Ints, Texts, digits, joined
from jinfuyun.sandbox.population import Days, named
from jinfuyun.sandbox.sheet import Coded
from jinfuyun.sandbox.trade import Flags, Floats

DAY = np.timedelta64(1, "D")
YEARS_BACK = 5  # how far public registers look


def code(block: Block, who: Ints) -> Coded:
    return Coded(who, block.people.uscc)


def taxpayer(block: Block, who: Ints) -> Coded:
    return Coded(who, block.people.tax_number)


def some(random: np.random.Generator, chance: Floats, counts: int | Ints = 1) -> Ints:
    """Those on whom the dice fall, each as often as `counts` says."""
    return np.repeat(np.arange(chance.size), np.where(random.random(chance.size) < chance, counts, 0))


def nth(who: Ints) -> Ints:
    """0 for the first row of each, 1 for the second …; rows of one stand together."""
    return np.arange(who.size) - np.searchsorted(who, who)


def on_a_day(random: np.random.Generator, first: Days, last: Days | np.datetime64) -> Days:
    """A day from `first` to `last`; `last` where there is none."""
    span = np.maximum((last - first).astype(np.int64), 0) + 1
    return np.minimum(first, last) + (random.random(len(first)) * span).astype(np.int64)


def in_the_last_years(block: Block, random: np.random.Generator, who: Ints) -> Days:
    """A day since the founding, at most `YEARS_BACK` years ago, at the latest yesterday."""
    start = np.maximum(block.people.registered_on[who], block.until - YEARS_BACK * 365 * DAY)
    return on_a_day(random, start, block.until - DAY)


def numbered(block: Block, who: Ints, pattern: str) -> Texts:
    """A number of its own for each row, unique in the province: `pattern` holds {number} and {nth}."""
    pairs = zip(block.people.number[who].tolist(), (nth(who) + 1).tolist(), strict=True)
    return np.array([pattern.format(number=number, nth=place) for number, place in pairs], dtype=object)


def of_the_year(day: Days, before: str, numbers: Texts) -> Texts:
    """闽市监处罚〔2025〕00000011号: the words before, the year, the number."""
    return joined(f"{before}〔", digits(day.astype("datetime64[Y]").astype(np.int64) + 1970, "{}"), "〕", numbers, "号")


def city_names(block: Block, who: Ints) -> Texts:
    return named(block.people.city, regions.full_name)[who]


def where(flags: Flags, yes: float, no: float) -> Floats:
    """A chance by a flag."""
    return np.where(flags, yes, no)


def years_later(day: Days, years: int | Ints) -> Days:
    return day + np.asarray(years) * 365 * DAY
