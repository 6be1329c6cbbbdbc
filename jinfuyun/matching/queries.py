"""The market as matching sees it, put together once for each state of the market."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from jinfuyun.data.door import Derived, Person
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.all_in import Loan, Sheet, Subsidy, cost
from jinfuyun.kit.conditions import Condition, Values, Verdict
from jinfuyun.kit.lending import Repayment
from jinfuyun.kit.uscc import Nature
from jinfuyun.matching.paper import Offer
from jinfuyun.matching.rules import (
    BORROWER_SQL,
    Catalogue,
    Match,
    Offered,
    in_force,
    match,
    rank,
    region_of,
    size_sql,
)
from jinfuyun.policies import queries as policies
from jinfuyun.policies.rules import Policy
from jinfuyun.products import queries as products
from jinfuyun.products.models import Version, fees_of
from jinfuyun.products.rules import admission, lends

SIZES: Mapping[date, Any] = yaml.safe_load((Path(__file__).parent / "sizes.yaml").read_text(encoding="utf-8"))["values"]


def sizes(on: date) -> Any:
    return in_force(SIZES, on)


def people() -> Iterable[Person]:
    """Every enterprise as the platform knows it without anybody's data."""
    for uscc, region, industry, nature in enterprises.everybody():
        yield Person(uscc, region_of(region), industry, nature == Nature.INDIVIDUAL)


def derived(subjects: Collection[str], on: date) -> list[Derived]:
    """What is reckoned of other figures, where these subjects are asked about."""
    if {"size", "borrower"}.isdisjoint(subjects):
        return []
    size = Derived("size", size_sql(sizes(on)), ("insured_people", "declared_sales_r12"))
    return [size, Derived("borrower", BORROWER_SQL)]


class Terms(NamedTuple):
    """What the order and the card need of a product of the market; the rates are the published range."""

    code: str
    institution_code: str
    institution_name: str
    number: int
    name: str
    kind: str
    tags: list[str]
    amount_min_fen: int
    amount_max_fen: int
    term_min_months: int
    term_max_months: int
    rate_min_bp: int
    rate_max_bp: int
    repayments: list[str]
    fees: list[dict[str, Any]]

    def in_range(self, wish: "Wish") -> bool:
        return lends(self.amount_min_fen, self.amount_max_fen, wish.amount_fen) and lends(
            self.term_min_months, self.term_max_months, wish.term_months
        )

    def loan(self, wish: "Wish", subsidies: tuple[Subsidy, ...] = ()) -> Loan:
        """As it is reckoned: the middle of the range of rates, the first kind of repayment."""
        return Loan(
            wish.amount_fen, wish.term_months, (self.rate_min_bp + self.rate_max_bp) // 2,
            Repayment(self.repayments[0]), fees_of(self.fees), subsidies,
        )  # fmt: skip


class Wish(NamedTuple):
    amount_fen: int
    term_months: int


class Ranked(NamedTuple):
    terms: Terms
    match: Match
    in_range: bool
    sheet: Sheet
    days: float | None


_TERMS = ("code", "institution__code", "institution__name", *(f"current__{name}" for name in Terms._fields[3:]))


def catalogue(on: date) -> Catalogue:
    """Every product of the market with its conditions, as they stand now."""
    return _market(products.market_mark(), on)[0]


@lru_cache(maxsize=2)
def _market(mark: str, on: date) -> tuple[Catalogue, dict[str, Terms]]:
    barred = products.barred(on)
    listed = products.on_the_market().order_by("code")
    terms = {row[0]: Terms._make(row) for row in listed.values_list(*_TERMS)}
    return Catalogue.of((each.code, _asked(each.current, barred)) for each in listed.select_related("current")), terms


def terms_of(codes: Iterable[str], on: date) -> list[Terms]:
    """Of products of the market, in that order; what is gone is left out."""
    known = _market(products.market_mark(), on)[1]
    return [known[code] for code in codes if code in known]


def ranked(values: Values, wish: Wish, speeds: Mapping[str, float], on: date) -> list[Ranked]:
    """The whole market as one enterprise sees it. `speeds`: days by institution, as observed."""
    catalogue, known = _market(products.market_mark(), on)
    sure = sure_policies(values, on)
    found = {}
    for one in match(catalogue, values):
        terms = known[one.code]
        sheet = cost(terms.loan(wish, eased(terms, sure)))
        found[one.code] = Ranked(terms, one, terms.in_range(wish), sheet, speeds.get(terms.institution_code))
    order = rank(
        Offered(code, one.terms.name, one.match.verdict, one.in_range, one.sheet.yearly_bp, one.days)
        for code, one in found.items()
    )
    return [found[each.code] for each in order]


def sure_policies(values: Values, on: date) -> list[Policy]:
    """Policies that the enterprise meets as far as is known; one that lacks data does not lessen any cost."""
    return [policy for policy, verdict in policies.open_to(values, on) if verdict is Verdict.MET]


def eased(terms: Terms, sure: Iterable[Policy]) -> tuple[Subsidy, ...]:
    """The subsidies among them that loans of this product get."""
    return tuple(each.subsidy for each in sure if each.subsidy and _suits(each, terms))


def _suits(policy: Policy, terms: Terms) -> bool:
    return policy.suits(terms.kind, terms.tags)


def offers(codes: Iterable[str], wish: Wish, on: date, sure: Iterable[Policy] | None = None) -> list[Offer]:
    """Products of the market as they are reckoned for a wish, for page and paper alike.

    `sure`: policies that the enterprise surely meets, which are taken off; None: nobody's data were looked at, so
    those that might apply are named instead.
    """
    named = [one for one in policies.in_force(on) if one.subsidy] if sure is None else []
    return [
        Offer(
            terms.code, terms.number, terms.name, terms.institution_name, terms.in_range(wish),
            cost(terms.loan(wish, eased(terms, sure or ()))), tuple(one.name for one in named if _suits(one, terms)),
        )
        for terms in terms_of(codes, on)
    ]  # fmt: skip


def asked_of(code: str, on: date) -> tuple[Condition, ...]:
    """What one product of the market asks; raises NotFound."""
    return _asked(products.product(code).current, products.barred(on))


def _asked(version: Version | None, barred: tuple[Condition, ...]) -> tuple[Condition, ...]:
    assert version is not None  # the database keeps a listed product's version
    return admission(version.terms(), barred)
