"""Loans brought to where a test begins: Red Star's one-off or revolving line at River Bank."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from jinfuyun.applications import actions as applications
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import FirstDrawdown, Offer
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.lending import Drawdown, Security
from jinfuyun.loans import actions
from jinfuyun.loans.content import Entry
from jinfuyun.loans.models import Loan
from jinfuyun.loans.rules import Act
from tests.applications.steps import to_contract, to_review
from tests.cast import FRIDAY, MONDAY, THURSDAY, WEDNESDAY
from tests.market import OFFER, TAX_LOAN, WAN

ONE_OFF = replace(TAX_LOAN, drawdown=Drawdown.ONE_OFF)
GUARANTEED = replace(
    TAX_LOAN, securities=(Security.GUARANTEE,), drawdown=Drawdown.ONE_OFF, repayments=TAX_LOAN.repayments
)
DRAWN_ON = FRIDAY.date()
FIRST = FirstDrawdown(amount_fen=50 * WAN, rate_bp=390, on=DRAWN_ON, is_first_loan=True)


def funded(
    application: Application, officer: Actor, approver: Actor, owner: Actor, *, first: FirstDrawdown = FIRST,
    offer: Offer = OFFER, agreed: actions.Agreed | None = None,
) -> Loan:  # fmt: skip
    """From a fresh application to its first loan."""
    if offer is OFFER:
        to_contract(application, officer, approver, owner)
    else:
        to_review(application, officer)
        applications.approve(application=application, offer=offer, by=approver, at=WEDNESDAY)
        applications.accept_offer(application=application, by=owner, at=THURSDAY)
        applications.sign(
            application=application, contract_number="JK20260305001", signed_on=THURSDAY.date(), by=officer, at=FRIDAY
        )
    return actions.fund(
        application=application, first=first, agreed=agreed or actions.Agreed(), by=officer, at=FRIDAY
    )  # fmt: skip


def on(day: date) -> datetime:
    """Ten in the morning of that day, in Fujian."""
    return MONDAY + timedelta(days=(day - MONDAY.date()).days)


def enter(loan: Loan, act: Act, day: date, by: Actor, **more: object) -> None:
    reference, why = str(more.pop("reference", "")), str(more.pop("why", ""))
    actions.enter(loan=loan, entry=Entry(act, day, **more), reference=reference, why=why, by=by, at=on(day))
