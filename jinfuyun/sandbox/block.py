"""A block of the province: so many enterprises that trade with each other, made and written at once.

A province is as many blocks as it needs, so that its size costs time and no memory. Each block, and each feed in it,
throws dice of its own: what is written first or on which thread changes nothing.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from jinfuyun.sandbox.names import Ints
from jinfuyun.sandbox.population import Days, People, people_of
from jinfuyun.sandbox.trade import Business, business_of

ENTERPRISES = 10_000


@dataclass(frozen=True, slots=True)
class Block:
    index: int
    seed: int
    until: np.datetime64  # today: nothing is dated after it
    people: People
    business: Business

    @property
    def count(self) -> int:
        return len(self.people)

    @property
    def months(self) -> Days:
        return self.business.months

    @property
    def month_ends(self) -> Days:
        return last_days(self.months)

    def dice(self, name: str) -> np.random.Generator:
        """The same for the same feed of the same block of the same province."""
        return np.random.default_rng([self.seed, self.index, *name.encode()])

    def numbers(self) -> Ints:
        """The places of its enterprises, from 0."""
        return np.arange(self.count)


def blocks(enterprises: int) -> list[Ints]:
    """The numbers of the enterprises of each block."""
    return [np.arange(first, min(first + ENTERPRISES, enterprises)) for first in range(0, enterprises, ENTERPRISES)]


def block_of(numbers: Ints, *, index: int, seed: int, until: date, months: Days) -> Block:
    random = np.random.default_rng([seed, index])
    people = people_of(random, numbers, until, seed=seed)
    business = business_of(random, people, months, block=index)
    return Block(index, seed, np.datetime64(until, "D"), people, business)


def whole_months(until: date, count: int) -> Days:
    """The first days of the `count` months before that of `until`."""
    this = np.datetime64(until, "M")
    return np.arange(this - count, this).astype("datetime64[D]")


def last_days(months: Days) -> Days:
    return (months.astype("datetime64[M]") + 1).astype("datetime64[D]") - 1
