"""Proposals as a desk shows them."""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from jinfuyun.data import joining
from jinfuyun.data.door import FEED_LABELS
from jinfuyun.data.joining import Change
from jinfuyun.joins.models import Proposal
from jinfuyun.joins.rules import COMPARISONS, LEVEL_WORDS, State, leaning
from jinfuyun.kit.errors import NotFound

CHANGE_LABELS = {
    "name": "企业名称",
    "registration_number": "注册号",
    "region": "地区",
    "address": "住所",
    "legal_representative": "法定代表人",
    "tax_number": "纳税人识别号",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One comparison in words: what was compared, what was seen, which way it leans, by how much (tenths of a bit)."""

    label: str
    seen: str
    leaning: str
    tenths: int


def proposals(state: State) -> QuerySet[Proposal]:
    """Those with the most rows first; of one key the likeliest first."""
    return Proposal.objects.filter(state=state).order_by("-row_count", "key", "-weight_tenths")


def proposal(proposal_id: uuid.UUID) -> Proposal:
    """Raises NotFound."""
    found = Proposal.objects.filter(id=proposal_id).first()
    if found is None:
        raise NotFound
    return found


def reasons(found: Proposal) -> list[Reason]:
    """In the order of the table, whatever the two sides say anything about."""
    told = [(name, found.levels[name]) for name in COMPARISONS if name in found.levels]
    return [
        Reason(COMPARISONS[name], LEVEL_WORDS[name, level], leaning(tenths), tenths) for name, (level, tenths) in told
    ]


def feed_labels(found: Proposal) -> list[str]:
    return [FEED_LABELS[feed] for feed in found.feeds]


def open_count() -> int:
    return proposals(State.OPEN).count()


def changes_of(uscc: str) -> list[Change]:
    """What an enterprise was called and known by before, the newest first."""
    return joining.changes_of(uscc)


def registered(uscc: str) -> dict[str, str]:
    """What the register says of it now; empty if it is not there."""
    return joining.registered(uscc)
