"""What a department's people do with what they deliver, and what the platform's jobs do for them."""

from jinfuyun.deliveries.actions.alarms import close_alarm, raise_alarm, take_alarm
from jinfuyun.deliveries.actions.quarantine import FORMATS, ROWS_MAX, NothingToCorrect, take_quarantine
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
    "close_alarm",
    "confirm",
    "discard",
    "finish_upload",
    "finish_withdrawal",
    "forget_uploads",
    "keep_preview",
    "raise_alarm",
    "refuse_upload",
    "take_alarm",
    "take_quarantine",
    "upload",
    "withdraw",
]
