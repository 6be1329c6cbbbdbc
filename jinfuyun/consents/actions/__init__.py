"""What one may do with a consent: making it, ending it."""

from jinfuyun.consents.actions.end import end, name_institution, pause, release_institution, revoke, void_unsigned
from jinfuyun.consents.actions.sign import (
    Incomplete,
    ReadAgain,
    check_terms,
    check_utilities,
    give,
    keep_letter,
    prepare,
    put_in_force,
    resume,
    send_sign_link,
    sign,
)

__all__ = [
    "Incomplete",
    "ReadAgain",
    "check_terms",
    "check_utilities",
    "end",
    "give",
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
