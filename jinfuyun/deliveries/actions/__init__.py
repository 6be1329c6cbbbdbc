"""What a department's people do with what they deliver, and what the platform's jobs do for them."""

from jinfuyun.deliveries.actions.alarms import close_alarm, raise_alarm, take_alarm
from jinfuyun.deliveries.actions.authorised import take_authorised
from jinfuyun.deliveries.actions.quarantine import FORMATS, ROWS_MAX, NothingToCorrect, take_quarantine
from jinfuyun.deliveries.actions.switch import ask_again, open_feed, set_quota, stop_feed
from jinfuyun.deliveries.actions.uploads import (
    BadUpload,
    confirm,
    discard,
    finish_upload,
    forget_uploads,
    keep_preview,
    refuse_upload,
    upload,
)
from jinfuyun.deliveries.actions.withdraw import CannotWithdraw, finish_withdrawal, withdraw

__all__ = [
    "FORMATS",
    "ROWS_MAX",
    "BadUpload",
    "CannotWithdraw",
    "NothingToCorrect",
    "ask_again",
    "close_alarm",
    "confirm",
    "discard",
    "finish_upload",
    "finish_withdrawal",
    "forget_uploads",
    "keep_preview",
    "open_feed",
    "raise_alarm",
    "refuse_upload",
    "set_quota",
    "stop_feed",
    "take_alarm",
    "take_authorised",
    "take_quarantine",
    "upload",
    "withdraw",
]
