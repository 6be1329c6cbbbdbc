"""What one may do with a consent: making it, ending it."""

from jinfuyun.consents.actions.end import end, name_institution, pause, release_institution, revoke, void_unsigned
from jinfuyun.consents.actions.sign import (
    Incomplete,
    check_terms,
    check_utilities,
    keep_letter,
    prepare,
    put_in_force,
    resume,
    send_sign_link,
    sign,
)

__all__ = [
    "Incomplete",
    "check_terms",
    "check_utilities",
    "end",
    "keep_letter",
    "name_institution",
    "pause",
    "prepare",
    "put_in_force",
    "release_institution",
    "resume",
    "revoke",
    "send_sign_link",
    "sign",
    "void_unsigned",
]
