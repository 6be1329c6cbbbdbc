"""Everything that happens to an application, one file per side."""

from jinfuyun.applications.actions.appealing import CannotAppeal, SamePerson, appeal, reopen, uphold
from jinfuyun.applications.actions.assigning import pass_on, pass_on_late, reassign, remind
from jinfuyun.applications.actions.documents import (
    NotScanned,
    add_document,
    fetch_document,
    scan_document,
    tend_documents,
)
from jinfuyun.applications.actions.enterprise import (
    AlreadyOpen,
    NeedsConsent,
    OfferOver,
    accept_offer,
    answer_drawdown,
    decline_offer,
    submit,
    supply,
    withdraw,
)
from jinfuyun.applications.actions.institution import (
    Refused,
    accept,
    approve,
    ask_more,
    contact,
    decline_intake,
    fund,
    reject,
    review,
    sign,
)
from jinfuyun.applications.actions.platform import lapse_offers, release_kept, set_clocks_right

__all__ = [
    "AlreadyOpen",
    "CannotAppeal",
    "NeedsConsent",
    "NotScanned",
    "OfferOver",
    "Refused",
    "SamePerson",
    "accept",
    "accept_offer",
    "add_document",
    "answer_drawdown",
    "appeal",
    "approve",
    "ask_more",
    "contact",
    "decline_intake",
    "decline_offer",
    "fetch_document",
    "fund",
    "lapse_offers",
    "pass_on",
    "pass_on_late",
    "reassign",
    "reject",
    "release_kept",
    "remind",
    "reopen",
    "review",
    "scan_document",
    "set_clocks_right",
    "sign",
    "submit",
    "supply",
    "tend_documents",
    "uphold",
    "withdraw",
]
