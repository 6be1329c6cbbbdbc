"""Everything that happens to an application, one file per side."""

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
    "NeedsConsent",
    "OfferOver",
    "Refused",
    "accept",
    "accept_offer",
    "answer_drawdown",
    "approve",
    "ask_more",
    "contact",
    "decline_intake",
    "decline_offer",
    "fund",
    "lapse_offers",
    "reject",
    "release_kept",
    "review",
    "set_clocks_right",
    "sign",
    "submit",
    "supply",
    "withdraw",
]
