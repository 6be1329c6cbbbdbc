"""Demands in every state, so that each desk of a new sandbox has some: through the real actions, day by day.

What the platform does by itself (assign, lapse, escalate, expire) its own job does, at nine on every day gone by.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction

from jinfuyun.applications.models import Application
from jinfuyun.consents.models import Consent
from jinfuyun.consents.rules import State as ConsentState
from jinfuyun.demands import actions, tasks
from jinfuyun.demands.content import Sheet, Wanted
from jinfuyun.demands.models import Demand
from jinfuyun.demands.rules import LoanKind, State
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.calendar import SHANGHAI, local_day
from jinfuyun.kit.lending import LoanPurpose, Size
from jinfuyun.products.models import Product
from jinfuyun.sandbox import business, staff

FEN_PER_WAN = 1_000_000
DAYS = 35
OPEN_DAYS = 30
VALID_DAYS = 25
BANKS = 3  # whose products each story has at hand
Script = tuple[tuple[float, str, int], ...]  # days after it was published, the act, and which of the three banks
TWO_ANSWER: Script = (
    (0.2, "claim", 0), (0.4, "claim", 1), (1.0, "propose", 0), (1.3, "propose", 1), (1.6, "look", 0)
)  # fmt: skip
CHOSEN: Script = (*TWO_ANSWER, (1.7, "look", 1), (1.8, "disclose", 0), (2.0, "choose", 0))
LENDS = tuple(
    (5.0 + n / 2, act, 0)
    for n, act in enumerate(("accept", "contact", "review", "approve", "accept_offer", "sign", "fund", "confirm"))
)
# What it is when the sandbox opens, how many days ago it was published, and what people did; the rest the job does.
STORIES: tuple[tuple[State, float, Script], ...] = (
    (State.DRAFT, 0.3, ()),
    (State.OPEN, 0.2, ()),
    (State.OPEN, 0.6, ()),
    (State.CLAIMED, 0.5, ((0.1, "claim", 0), (0.2, "claim", 1))),
    (State.PROPOSED, 2.0, TWO_ANSWER),
    (State.PROPOSED, 1.9, (*TWO_ANSWER, (1.7, "claim", 2))),
    (State.ASSIGNED, 6.2, ()),
    (State.ASSIGNED, 13.0, ()),  # on the regulator's list by now
    (State.CHOSEN, 3.0, CHOSEN),
    (State.CLOSED, 30.0, (*CHOSEN, *LENDS)),
    (State.WITHDRAWN, 9.0, ((0.2, "claim", 0), (1.0, "withdraw", 0))),
    (State.UNMET, 8.0, (*TWO_ANSWER, (2.5, "decline", 0))),
    (State.EXPIRED, 33.0, ()),
)


@transaction.atomic
def post_some(*, at: datetime) -> int:
    """How many demands were written."""
    random = np.random.default_rng(20190820)
    events: list[tuple[datetime, Callable[[datetime], object]]] = []
    for n in range(DAYS + 1):
        morning = (at - timedelta(days=n)).astimezone(SHANGHAI).replace(hour=9, minute=0, second=0, microsecond=0)
        events.append((min(morning, at), lambda when: tasks.tend(at=when)))
    stories = [_Story(consent, products, random) for consent, products in _askers(at - timedelta(days=DAYS), random)]
    for story, (ends_as, days_ago, script) in zip(stories, STORIES, strict=False):
        start = at - timedelta(days=days_ago)
        events.append((start, story.draft))
        if ends_as is not State.DRAFT:
            events.append((start, story.post))
        for days, act, which in script:
            events.append((start + timedelta(days=days), partial(story.does, act, which)))
    for when, act_of_that_moment in sorted(events, key=lambda event: event[0]):
        act_of_that_moment(when)
    return Demand.objects.count()


def _askers(before: datetime, random: np.random.Generator) -> list[tuple[Consent, list[Product]]]:
    """Enterprises that have been here for some time and never applied, each with products of three banks."""
    applied = Application.objects.values("uscc")
    consents = Consent.objects.filter(state=ConsentState.ACTIVE, signed_at__lt=before).exclude(enterprise__in=applied)
    market, found = business.market(), []
    for consent in consents.select_related("enterprise").order_by("number"):
        fitting = business.suitable(market, consent.enterprise)
        houses = {product.institution.code: product for product in fitting}
        if staff.SHOWN in houses and len(houses) >= BANKS:
            others = sorted(set(houses) - {staff.SHOWN})
            start = int(random.integers(len(others)))
            codes = [staff.SHOWN, others[start], others[start - 1]]
            found.append((consent, [houses[code] for code in codes]))
        if len(found) == len(STORIES):
            break
    return found


class _Story:
    """One demand, with everybody who has to do with it."""

    def __init__(self, consent: Consent, products: list[Product], random: np.random.Generator) -> None:
        self.uscc, self.products, self.random = consent.enterprise_id, products, random
        self.owner = enterprises.owner_of(self.uscc)
        self.id = UUID(bytes=random.bytes(16))
        self.hand: business.Hand | None = None

    @property
    def demand(self) -> Demand:
        return Demand.objects.get(pk=self.id)

    def draft(self, at: datetime) -> None:
        first = self.products[0].current
        assert first is not None, "the database keeps a listed product's version"
        wanted = Wanted(
            amount_fen=first.amount_min_fen + int(self.random.integers(0, 100)) * FEN_PER_WAN,
            term_months=min(first.term_max_months, max(first.term_min_months, 12)), rate_max_bp=600,
            purpose=LoanPurpose.STOCK, purpose_text="采购原材料备货",
            securities=tuple(sorted({one for each in self.products for one in (each.current or first).securities})),
            loan_kind=LoanKind.FURTHER, size=Size.SMALL, contact_time="工作日 9:00–17:00",
            open_until=local_day(at) + timedelta(days=OPEN_DAYS),
        )  # fmt: skip
        actions.keep_draft(uscc=self.uscc, demand_id=self.id, wanted=wanted, by=self.owner, at=at)

    def post(self, at: datetime) -> None:
        actions.post(demand=self.demand, by=self.owner, at=at)

    def does(self, act: str, which: int, at: datetime) -> None:
        if self.hand is not None:
            self.hand.does(act, at=at)
            return
        code = self.products[which].institution.code
        this: dict[str, Any] = {"demand": self.demand, "by": self.owner, "at": at}
        done: dict[str, Callable[[], object]] = {
            "claim": lambda: actions.claim(number=self.demand.number, by=staff.acting(code, "officer"), at=at),
            "propose": lambda: self._propose(self.products[which], at),
            "look": lambda: actions.look(institution_code=code, **this),
            "disclose": lambda: actions.disclose(institution_code=code, **this),
            "choose": lambda: self._choose(code, at),
            "withdraw": lambda: actions.withdraw(**this),
            "decline": lambda: actions.decline(reason="rate", **this),
        }
        done[act]()

    def _propose(self, product: Product, at: datetime) -> None:
        sheet = sheet_for(product, self.demand, self.random, "近三个月主要购销合同", at)
        party = self.demand.parties.get(institution=product.institution)
        actions.propose(party=party, sheet=sheet, by=staff.acting(product.institution.code, "officer"), at=at)

    def _choose(self, code: str, at: datetime) -> None:
        application = actions.choose(demand=self.demand, institution_code=code, by=self.owner, at=at)
        self.hand = business.Hand(application, self.owner, self.random)


def sheet_for(product: Product, demand: Demand, random: np.random.Generator, needs: str, at: datetime) -> Sheet:
    """A proposal of that product within its own bounds."""
    version = product.current
    assert version is not None, "the database keeps a listed product's version"
    low, high = version.rate_min_bp or 300, version.rate_max_bp or 400
    return Sheet(
        product_code=product.code,
        amount_fen=min(max(demand.amount_fen or 0, version.amount_min_fen), version.amount_max_fen),
        rate_bp=int(random.integers(low, high + 1)),
        term_months=min(max(demand.term_months or 0, version.term_min_months), version.term_max_months),
        security=next((one for one in version.securities if one in demand.securities), version.securities[0]),
        repayment=version.repayments[0], fee_year_bp=version.fee_year_bp, needs=needs,
        fees_text=version.fees[0]["text"] if version.fee_year_bp else "",
        valid_till=local_day(at) + timedelta(days=VALID_DAYS),
    )  # fmt: skip
