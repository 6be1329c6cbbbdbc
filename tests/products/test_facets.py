"""The market's list: what a facet counts is what choosing it shows, and it is never older than the last change."""

import random
from dataclasses import replace
from itertools import product as pairs

import pytest

from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit import regions
from jinfuyun.kit.lending import Security, Tag
from jinfuyun.products import queries
from jinfuyun.products.models import Product
from jinfuyun.products.queries import FACETS, SORTS, Filters, listed
from tests import market

pytestmark = pytest.mark.usefixtures("db")
DICE = random.Random(20261127)
PLACES = [(), ("350100",), ("350203",), ("350128",), ("350100", "350203"), ("350521",)]


@pytest.fixture
def forty():
    houses = [market.institution(), market.institution(market.LANLUWAN)]
    for number, (places, security) in enumerate(pairs(PLACES, list(Security))):
        terms = replace(
            DICE.choice([market.TAX_LOAN, market.FACTORY_LOAN]), name=f"科技贷{number}", regions=places,
            securities=(security,), tags=tuple(DICE.sample(list(Tag), 2)),
        )  # fmt: skip
        market.product(terms, code=f"P{number:03}", of=houses[number % 2])


@pytest.mark.parametrize(
    "chosen", [{}, {"region": "350203"}, {"security": "mortgage", "tag": "green"}, {"words": "kjd1"}]
)
def test_a_count_is_what_choosing_it_shows(forty, chosen):
    filters = Filters(**chosen)
    counts = listed(filters).counts
    assert set(counts) == set(FACETS)
    for facet, known in counts.items():
        for value, count in list(known.items())[:12]:
            assert count == len(listed(replace(filters, **{facet: value})).ids), (facet, value)


def test_a_place_finds_what_is_offered_there_around_it_and_everywhere(forty):
    """As told by the database: the place itself, its city, and of a city its counties."""
    for code in ("350100", "350203", "350200", "350128", "350521"):
        city = regions.city_of(code)
        around = {code, city.code} | {one.code for one in regions.COUNTIES if one.city == code}
        wanted = {one.pk for one in Product.objects.select_related("current")
                  if not one.current.regions or around & set(one.current.regions)}  # fmt: skip
        assert set(listed(Filters(region=code)).ids) == wanted
        assert 0 < len(wanted) < len(PLACES) * len(Security)


def test_every_order_is_as_it_says(forty):
    key = {
        "rate": lambda v: v.rate_min_bp, "amount": lambda v: -v.amount_max_fen, "term": lambda v: -v.term_max_months,
        "speed": lambda v: v.approve_days,
    }  # fmt: skip
    versions = {one.pk: one.current for one in Product.objects.select_related("current")}
    for sort in SORTS:
        ids = listed(Filters(sort=sort)).ids
        assert set(ids) == set(versions)
        if sort in key:
            shown = [key[sort](versions[one]) for one in ids]
            assert shown == sorted(shown), sort


@pytest.mark.parametrize("words", ["科技", "科技贷", "kejidai", "KJD", "minling keji", "闽岭 kjd"])
def test_it_is_found_by_part_of_its_name_by_reading_and_by_initials(forty, words):
    assert listed(Filters(words=words)).ids


def test_what_was_found_is_never_older_than_the_market(forty):
    before = len(listed(Filters()).ids)
    Product.objects.filter(code="P000").update(state="paused")
    assert len(listed(Filters()).ids) == before - 1
    house = market.institution(market.LANLUWAN)
    house.state = InstitutionState.SUSPENDED
    house.save()
    assert len(listed(Filters()).ids) == (before - 2) // 2
    assert queries.listed(Filters(house="bank")).counts["institution"].keys() == {"MLYH"}
