"""Everything that happens to a demand, one file per side."""

from jinfuyun.demands.actions.enterprise import (
    ProductGone,
    ProposalOver,
    choose,
    decline,
    discard,
    disclose,
    keep_draft,
    look,
    post,
    withdraw,
)
from jinfuyun.demands.actions.institution import NoPlaceLeft, claim, hand_back, pass_on, propose, take
from jinfuyun.demands.actions.platform import assign, escalate, expire, follow_applications, lapse, remind
from jinfuyun.demands.actions.regulator import call_back

__all__ = [
    "NoPlaceLeft",
    "ProductGone",
    "ProposalOver",
    "assign",
    "call_back",
    "choose",
    "claim",
    "decline",
    "discard",
    "disclose",
    "escalate",
    "expire",
    "follow_applications",
    "hand_back",
    "keep_draft",
    "lapse",
    "look",
    "pass_on",
    "post",
    "propose",
    "remind",
    "take",
    "withdraw",
]
