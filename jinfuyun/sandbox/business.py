"""Applications on their way, in every state, and loans paid out: through the real actions, at moments gone by."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

import numpy as np
from django.db import transaction

from jinfuyun.applications import actions
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import FirstDrawdown, Offer, State, Wish
from jinfuyun.consents.models import Consent
from jinfuyun.consents.rules import State as ConsentState
from jinfuyun.consents.rules import day
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.institutions.rules import Kind
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import SHANGHAI
from jinfuyun.kit.lending import Borrower, LoanPurpose, Security
from jinfuyun.kit.uscc import Nature
from jinfuyun.loans import actions as loans
from jinfuyun.loans import queries as loans_read
from jinfuyun.loans.content import Entry
from jinfuyun.loans.rules import Act as LoanAct
from jinfuyun.products.models import Product
from jinfuyun.products.rules import State as ProductState
from jinfuyun.sandbox import branches, staff

SHARE = 0.2  # of the settled enterprises that have asked for money
SHOWN_SHARE = 0.3  # of applications that go to the institution whose logins are shown
OVERDUE_SHARE = 0.08  # of the loans with instalments due
MIDDAY = time(12)
FEN_PER_WAN = 1_000_000
OPEN_DAYS_AGO_MAX = 3  # how long an open application has rested where it stands
OFFER_DAYS = 20

# What an application ends this story as, how often, and the acts that lead there.
TO_REVIEW = ("accept", "contact", "review")
TO_OFFER = (*TO_REVIEW, "approve")
TO_CONTRACT = (*TO_OFFER, "accept_offer", "sign")
ENDINGS: tuple[tuple[State, float, tuple[str, ...]], ...] = (
    (State.SUBMITTED, 0.10, ()),
    (State.ACCEPTED, 0.08, ("accept",)),
    (State.CONTACTED, 0.08, ("accept", "contact")),
    (State.UNDER_REVIEW, 0.12, TO_REVIEW),
    (State.ACTION_REQUIRED, 0.05, (*TO_REVIEW, "ask_more")),
    (State.APPROVED, 0.09, TO_OFFER),
    (State.OFFER_ACCEPTED, 0.04, (*TO_OFFER, "accept_offer")),
    (State.CONTRACTED, 0.04, TO_CONTRACT),
    (State.FUNDED, 0.26, (*TO_CONTRACT, "fund", "confirm")),
    (State.REJECTED, 0.06, (*TO_REVIEW, "reject")),
    (State.DECLINED_INTAKE, 0.04, ("decline_intake",)),
    (State.WITHDRAWN, 0.04, ("accept", "withdraw")),
)
STILL_OPEN = {
    State.SUBMITTED,
    State.ACCEPTED,
    State.CONTACTED,
    State.UNDER_REVIEW,
    State.ACTION_REQUIRED,
    State.APPROVED,
    State.OFFER_ACCEPTED,
    State.CONTRACTED,
}
# Hours from the act before to this one, least and most.
HOURS = {
    "accept": (1, 20),
    "decline_intake": (2, 20),
    "contact": (4, 48),
    "review": (2, 24),
    "ask_more": (5, 48),
    "approve": (24, 120),
    "reject": (24, 120),
    "withdraw": (10, 60),
    "accept_offer": (4, 48),
    "sign": (10, 60),
    "fund": (10, 60),
    "confirm": (2, 30),
}
REFUSALS = ("credit", "policy_debt", "incomplete", "unstated")


@transaction.atomic
def do_business(*, at: datetime) -> int:
    """How many applications were made."""
    random = np.random.default_rng(20190819)
    consents = list(Consent.objects.filter(state=ConsentState.ACTIVE).select_related("enterprise").order_by("number"))
    listed = market()
    count = 0
    for consent in consents:
        if random.random() < SHARE and consent.signed_at is not None:
            product = _chosen(suitable(listed, consent.enterprise), random)
            count += product is not None and _one(consent, product, random, at)
    return count


def market() -> list[Product]:
    found = Product.objects.filter(state=ProductState.LISTED, institution__kind__in=[Kind.BANK, Kind.RURAL_BANK])
    return list(found.select_related("institution", "current").order_by("code"))


def suitable(market: list[Product], enterprise: Enterprise) -> list[Product]:
    """Those that lend where the enterprise is and to its kind."""
    city = regions.city_of(enterprise.region_code)
    kind = Borrower.SOLE_TRADER if enterprise.nature == Nature.INDIVIDUAL else Borrower.COMPANY
    fitting = []
    for product in market:
        version = product.current
        assert version is not None, "the database keeps a listed product's version"
        here = not version.regions or (city is not None and city.code in version.regions)
        if here and kind in version.borrowers:
            fitting.append(product)
    return fitting


def _chosen(fitting: list[Product], random: np.random.Generator) -> Product | None:
    shown = [product for product in fitting if product.institution.code == staff.SHOWN]
    chosen = shown if shown and random.random() < SHOWN_SHARE else fitting
    return chosen[int(random.integers(len(chosen)))] if chosen else None


def _one(consent: Consent, product: Product, random: np.random.Generator, at: datetime) -> bool:
    """One application from beginning to its end here; False if the consent is too young for the whole story."""
    odds = np.array([share for _, share, _ in ENDINGS])
    state, _, acts = ENDINGS[int(random.choice(len(ENDINGS), p=odds / odds.sum()))]
    waits = [timedelta(hours=float(random.uniform(*HOURS[act]))) for act in acts]
    assert consent.signed_at is not None, "only signed consents are asked"
    earliest, latest = consent.signed_at + timedelta(hours=1), at - sum(waits, timedelta(hours=1))
    if state in STILL_OPEN:
        earliest = max(earliest, latest - timedelta(days=OPEN_DAYS_AGO_MAX))
    if earliest >= latest:
        return False
    moment = earliest + (latest - earliest) * float(random.random())
    owner = enterprises.owner_of(consent.enterprise_id)
    application = actions.submit(
        uscc=consent.enterprise_id,
        product_code=product.code,
        wish=_wish(product, random),
        form_token=UUID(bytes=random.bytes(16)),
        by=owner,
        at=moment,
    )
    hand = Hand(application, owner, random)
    for act, wait in zip(acts, waits, strict=True):
        moment += wait
        hand.does(act, at=moment)
    if state is State.FUNDED:
        hand.repays(until=at)
    return True


def _wish(product: Product, random: np.random.Generator) -> Wish:
    version = product.current
    assert version is not None, "the database keeps a listed product's version"
    most = min(version.amount_max_fen, version.amount_min_fen + 200 * FEN_PER_WAN)
    span = (most - version.amount_min_fen) // FEN_PER_WAN
    purposes = (LoanPurpose.STOCK, LoanPurpose.WAGES, LoanPurpose.EQUIPMENT, LoanPurpose.ORDERS)
    return Wish(
        amount_fen=version.amount_min_fen + int(random.integers(0, span + 1)) * FEN_PER_WAN,
        term_months=min(version.term_max_months, max(version.term_min_months, 12)),
        purpose=purposes[int(random.integers(len(purposes)))],
    )


@dataclass(frozen=True, slots=True)
class Hand:
    """Both sides of one application."""

    application: Application
    owner: Actor
    random: np.random.Generator

    def does(self, act: str, *, at: datetime) -> None:
        done: dict[str, Callable[[datetime], None]] = {
            "accept": self._accept,
            "decline_intake": self._decline_intake,
            "contact": self._contact,
            "review": self._review,
            "ask_more": self._ask_more,
            "approve": self._approve,
            "reject": self._reject,
            "withdraw": self._withdraw,
            "accept_offer": self._accept_offer,
            "sign": self._sign,
            "fund": self._fund,
            "confirm": self._confirm,
        }
        done[act](at)

    def _officer(self) -> Actor:
        return branches.handling(self.application, "officer")

    def _approver(self) -> Actor:
        return branches.handling(self.application, "approver")

    def _accept(self, at: datetime) -> None:
        actions.accept(
            application=self.application, caller_name="经客户", caller_phone="16490000000", by=self._officer(), at=at
        )

    def _decline_intake(self, at: datetime) -> None:
        refusal = actions.Refused("policy_amount", "本产品暂不受理该用途。")
        actions.decline_intake(application=self.application, refusal=refusal, by=self._officer(), at=at)

    def _contact(self, at: datetime) -> None:
        actions.contact(application=self.application, note="电话沟通用款安排。", by=self._officer(), at=at)

    def _review(self, at: datetime) -> None:
        actions.review(application=self.application, by=self._officer(), at=at)

    def _ask_more(self, at: datetime) -> None:
        actions.ask_more(application=self.application, what="请补充近三个月主要购销合同。", by=self._officer(), at=at)

    def _approve(self, at: datetime) -> None:
        asked, version = self.application, self.application.version
        low, high = version.rate_min_bp or 300, version.rate_max_bp or 400
        offer = Offer(
            amount_fen=max(asked.amount_fen * int(self.random.integers(6, 11)) // 10, version.amount_min_fen),
            rate_bp=int(self.random.integers(low, high + 1)),
            term_months=asked.term_months,
            security=Security(version.securities[0]),
            repayment=version.repayments[0],
            valid_till=day(at) + timedelta(days=OFFER_DAYS),
        )
        actions.approve(application=asked, offer=offer, by=self._approver(), at=at)

    def _reject(self, at: datetime) -> None:
        refusal = actions.Refused(REFUSALS[int(self.random.integers(len(REFUSALS)))])
        actions.reject(application=self.application, refusal=refusal, by=self._approver(), at=at)

    def _withdraw(self, at: datetime) -> None:
        actions.withdraw(application=self.application, why="已通过其他渠道解决。", by=self.owner, at=at)

    def _accept_offer(self, at: datetime) -> None:
        actions.accept_offer(application=self.application, by=self.owner, at=at)

    def _sign(self, at: datetime) -> None:
        number = f"HT{self.application.number[2:]}"
        actions.sign(application=self.application, contract_number=number, signed_on=day(at), by=self._officer(), at=at)

    def _fund(self, at: datetime) -> None:
        drawdown = FirstDrawdown(
            amount_fen=self.application.offer_amount_fen or 0,
            rate_bp=self.application.offer_rate_bp or 0,
            on=day(at),
            is_first_loan=bool(self.random.random() < 0.3),
        )
        loans.fund(application=self.application, first=drawdown, agreed=loans.Agreed(), by=self._officer(), at=at)

    def _confirm(self, at: datetime) -> None:
        loan = loans_read.first_of(self.application.number)
        assert loan is not None, "it was funded just now"
        loans.answer(loan=loan, agrees=True, text="", by=self.owner, at=at)

    def repays(self, *, until: datetime) -> None:
        """What falls due until now, on its day; some miss their last instalments."""
        loan = loans_read.first_of(self.application.number)
        rows = [row for row in loan.schedule if row.due_on < day(until)] if loan else []
        missed = int(self.random.integers(1, 3)) if self.random.random() < OVERDUE_SHARE else 0
        for row in rows[: len(rows) - missed]:
            assert loan is not None, "it has a schedule"
            paid = Entry(LoanAct.REPAY, row.due_on, row.principal_fen, row.interest_fen)
            at = datetime.combine(row.due_on, MIDDAY, tzinfo=SHANGHAI)
            loans.enter(loan=loan, entry=paid, reference="", why="", by=self._officer(), at=at)
