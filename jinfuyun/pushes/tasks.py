"""What the worker does for this noun."""

from datetime import datetime

from jinfuyun.kit.actor import platform
from jinfuyun.pushes import actions


def take_in(*, push_id: str, at: datetime) -> None:
    """Job.TAKE_IN_PUSH"""
    actions.take_in(push_id=push_id, by=platform("take_in_push"), at=at)


def tend(*, at: datetime) -> None:
    """Job.TEND_PUSHES, every night"""
    actions.tend(by=platform("tend_pushes"), at=at)
