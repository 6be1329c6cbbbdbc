"""What a department's people do with what they deliver, and what the platform's jobs do for them."""

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

__all__ = [
    "FORMATS",
    "ROWS_MAX",
    "BadUpload",
    "NothingToCorrect",
    "confirm",
    "discard",
    "finish_upload",
    "forget_uploads",
    "keep_preview",
    "refuse_upload",
    "take_quarantine",
    "upload",
]
