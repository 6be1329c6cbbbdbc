"""What the worker does for this noun."""

from datetime import datetime

from jinfuyun.notifications import actions
from jinfuyun.notifications.senders import sender


def send_message(*, message_id: str, at: datetime) -> None:
    """Job.SEND_MESSAGE; an unreachable gateway raises, and the job is tried again."""
    actions.deliver(message_id=message_id, through=sender(), at=at)
