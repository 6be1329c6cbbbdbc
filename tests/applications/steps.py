"""An application brought to where a test begins."""

from jinfuyun.applications import actions
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import FirstDrawdown
from jinfuyun.consents import queries as consents_read
from jinfuyun.kit.grant import Purpose, Reader, ReaderKind
from tests.cast import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY
from tests.market import OFFER, WAN

RIVER_READER = Reader(ReaderKind.INSTITUTION, "RIVER")
DRAWDOWN = FirstDrawdown(amount_fen=50 * WAN, rate_bp=390, on=FRIDAY.date(), is_first_loan=True)


def grant(firm, at):
    """What River Bank may read because of the firm's newest application."""
    newest = Application.objects.filter(uscc=firm.uscc).order_by("-submitted_at").first()
    because = newest.number if newest else ""
    return consents_read.grant_for(
        uscc=firm.uscc, reader=RIVER_READER, purpose=Purpose.PRE_LOAN, because=because, at=at
    )


def to_review(application, officer) -> None:
    actions.accept(application=application, caller_name="江经理", caller_phone="0591-87000001", by=officer, at=MONDAY)
    actions.contact(application=application, note="已电话联系，约定周三下户", by=officer, at=TUESDAY)
    actions.review(application=application, by=officer, at=TUESDAY)


def to_offer(application, officer, approver, offer=OFFER) -> None:
    to_review(application, officer)
    actions.approve(application=application, offer=offer, by=approver, at=WEDNESDAY)


def to_contract(application, officer, approver, owner) -> None:
    to_offer(application, officer, approver)
    actions.accept_offer(application=application, by=owner, at=THURSDAY)
    actions.sign(
        application=application, contract_number="JK20260305001", signed_on=THURSDAY.date(), by=officer, at=FRIDAY
    )
