"""Robot banks: officers of some institutions who answer by themselves, so that who tries the platform need not play the
bank. Sandbox only, through the same actions as people; what they write says 沙箱自动办理. They can be switched off.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
from django.db import transaction

from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import State
from jinfuyun.demands import actions as demands
from jinfuyun.demands.models import Demand, Party
from jinfuyun.demands.rules import AT_IT, LIVE, PartyState
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.institutions.rules import Kind
from jinfuyun.kit.errors import NotFound, Refused
from jinfuyun.products.models import Product
from jinfuyun.sandbox import business, staff
from jinfuyun.sandbox.demands import sheet_for
from jinfuyun.sandbox.institutions import TABLE

# All banks that lend everywhere, but for the one whose logins are shown: that one people play themselves.
CODES = tuple(code for code, _, kind, _ in TABLE if kind is Kind.BANK and code != staff.SHOWN)
NAMES = tuple(name for code, name, _, _ in TABLE if code in CODES)
SIGNED = "沙箱自动办理"
DELAY = timedelta(seconds=15)  # between one step and the next: long enough to see each
PROPOSALS = 3  # to one demand; the other places are for people
SWITCH = "robots.json"

# What comes next at the bank; where it is the enterprise's turn nothing does.
NEXT = {
    State.SUBMITTED: "accept", State.ACCEPTED: "contact", State.CONTACTED: "review", State.UNDER_REVIEW: "approve",
    State.OFFER_ACCEPTED: "sign", State.CONTRACTED: "fund",
}  # fmt: skip


def since(state: Path) -> datetime | None:
    """Since when they are at work; what is older they leave alone. None: switched off."""
    file = state / SWITCH
    told = json.loads(file.read_text(encoding="utf-8"))["since"] if file.exists() else None
    return datetime.fromisoformat(told) if told else None


def switch(state: Path, *, on: bool, at: datetime) -> None:
    state.mkdir(parents=True, exist_ok=True)
    fresh = state / f"{SWITCH}.new"
    fresh.write_text(json.dumps({"since": at.isoformat() if on else None}), encoding="utf-8")
    fresh.replace(state / SWITCH)


def begin(state: Path, *, at: datetime) -> None:
    """On in a new sandbox; afterwards as somebody left them."""
    if not (state / SWITCH).exists():
        switch(state, on=True, at=at)


def answer(*, since: datetime, at: datetime) -> int:
    """One step of everything that waits for them; how many."""
    done = 0
    for step in (*_applications(since, at), *_parties(since, at), *_demands(since, at)):
        try:
            with transaction.atomic():
                step()
        except (Refused, NotFound):  # somebody was first, or withdrew it
            continue
        done += 1
    return done


class _Robot(business.Hand):
    """A hand that says what it is."""

    def _accept(self, at: datetime) -> None:
        business.actions.accept(
            application=self.application, caller_name=SIGNED, caller_phone=self.application.institution.hotline,
            by=self._officer(), at=at,
        )  # fmt: skip

    def _contact(self, at: datetime) -> None:
        note = f"（{SIGNED}）没有真的打电话。"
        business.actions.contact(application=self.application, note=note, by=self._officer(), at=at)


Step = Callable[[], None]


def _applications(since: datetime, at: datetime) -> Iterator[Step]:
    waiting = Application.objects.filter(
        institution__code__in=CODES, submitted_at__gt=since, state_at__lte=at - DELAY, state__in=list(NEXT)
    )
    for one in waiting.select_related("institution", "version", "product").order_by("state_at"):
        hand = _Robot(one, enterprises.owner_of(one.uscc), np.random.default_rng())
        yield partial(hand.does, NEXT[State(one.state)], at=at)


def _parties(since: datetime, at: datetime) -> Iterator[Step]:
    """Demands that the platform assigned to one of them."""
    waiting = Party.objects.filter(
        institution__code__in=CODES,
        state=PartyState.INVITED,
        demand__posted_at__gt=since,
        state_at__lte=at - DELAY,
    )
    for one in waiting.select_related("demand", "institution"):
        yield partial(_take, one, at)


def _demands(since: datetime, at: datetime) -> Iterator[Step]:
    for demand in Demand.objects.filter(state__in=LIVE, posted_at__gt=since, posted_at__lte=at - DELAY):
        left = PROPOSALS - demand.parties.filter(institution__code__in=CODES, state__in=AT_IT).count()
        if left <= 0:
            continue
        been = set(demand.parties.values_list("institution__code", flat=True))
        free = {code: one for code, one in _fitting(demand).items() if code not in been}
        wished = sorted(free, key=lambda code: code not in demand.preferred)
        for code in wished[:left]:
            yield partial(_claim, demand, free[code], at)


def _fitting(demand: Demand) -> dict[str, Product]:
    """By institution a product that has room for the demand."""
    enterprise, found = Enterprise.objects.get(pk=demand.uscc), dict[str, Product]()
    for product in business.suitable(business.market(), enterprise):
        version, code = product.current, product.institution.code
        assert version is not None, "the database keeps a listed product's version"
        amount, term = demand.amount_fen or 0, demand.term_months or 0
        if (
            code in CODES and code not in demand.excluded and set(version.securities) & set(demand.securities)
            and version.amount_min_fen <= amount <= version.amount_max_fen
            and version.term_min_months <= term <= version.term_max_months
        ):  # fmt: skip
            found.setdefault(code, product)
    return found


def _claim(demand: Demand, product: Product, at: datetime) -> None:
    officer = staff.acting(product.institution.code, "officer")
    _propose(demands.claim(number=demand.number, by=officer, at=at), product, at)


def _take(party: Party, at: datetime) -> None:
    officer, product = (
        staff.acting(party.institution.code, "officer"),
        _fitting(party.demand).get(party.institution.code),
    )
    if product is None:
        demands.hand_back(party=party, reason="no_product", by=officer, at=at)
        return
    demands.take(party=party, by=officer, at=at)
    party.refresh_from_db()
    _propose(party, product, at)


def _propose(party: Party, product: Product, at: datetime) -> None:
    sheet = sheet_for(product, party.demand, np.random.default_rng(), f"（{SIGNED}）近三个月主要购销合同", at)
    demands.propose(party=party, sheet=sheet, by=staff.acting(product.institution.code, "officer"), at=at)
