"""What the worker does: rows that wait follow what is known, and what nobody knows is looked at once an hour."""

from datetime import datetime

from jinfuyun.data import joining
from jinfuyun.joins import actions
from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job


def settle_waiting(*, at: datetime) -> None:
    """After a person's decision, and once an hour for what the registers learnt."""
    settled = joining.settle(at=at)
    actions.ask_about(usccs=settled.ask, by=platform(Job.SETTLE_WAITING), at=at)


def propose_joins(*, at: datetime) -> None:
    """Once an hour: what the registers know comes in, for the rest somebody is proposed."""
    settle_waiting(at=at)
    unknown = joining.unknown()
    actions.note(unknown=unknown, candidates=joining.propose(unknown), by=platform(Job.PROPOSE_JOINS), at=at)
