"""What the clock starts for this noun."""

from datetime import datetime

from jinfuyun.accounts.actions import forget_what_is_over
from jinfuyun.kit.actor import platform
from jinfuyun.notifications.actions import forget_messages


def forget_old(*, at: datetime) -> None:
    """Job.FORGET_OLD, every night."""
    forget_what_is_over(by=platform("forget_old"), at=at)
    forget_messages(by=platform("forget_old"), at=at)
