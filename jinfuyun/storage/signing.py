"""The platform's signature on its documents, as everybody may use it; how it is made stands in `pades.py`.

That module is imported when the first document is signed or checked: it costs every process a good part of its start.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from jinfuyun.kit.errors import Unreachable


class Verdict(StrEnum):
    """What a file turned out to be; only VALID is a document of this platform as it left."""

    VALID = "valid"
    ALTERED = "altered"  # the signed bytes, or the signature itself, are not those that were signed
    EXTENDED = "extended"  # something was appended after the signature
    FOREIGN = "foreign"  # signed, and intact, by a key that is not and was not ours
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"  # no PDF, or one broken beyond reading


class CannotSign(Unreachable):
    """No key, an expired certificate, no time stamp: nothing leaves unsigned, the document is made later."""

    message = "电子签章服务暂不可用。"


@dataclass(frozen=True, slots=True)
class Stamps:
    """Where time stamps come from, and the file (PEM) with the certificates of services that are believed.

    `url` "": no service; what was stamped before is still checked.
    """

    url: str
    certificates: Path


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer about one file. Who and when are the signature's own words, worth something only where it is valid;
    `stamped_at` is the word of a time stamp service that we trust, None without one."""

    verdict: Verdict
    signer: str | None = None
    signed_at: datetime | None = None
    reason: str | None = None
    stamped_at: datetime | None = None

    @property
    def valid(self) -> bool:
        return self.verdict is Verdict.VALID


def sign(pdf: bytes, *, keys: Path, stamps: Stamps | None = None, reason: str, at: datetime) -> bytes:
    """The document with the platform's signature over the whole of it; any later change is forbidden by it.

    `stamps` None: without a time stamp from outside. Raises CannotSign.
    """
    from jinfuyun.storage import pades

    return pades.sign(pdf, keys=keys, stamps=stamps, reason=reason, at=at)


def check(pdf: bytes, *, keys: Path, stamps: Stamps | None = None) -> Verification:
    """Is this file, to its last byte, one that this platform signed?"""
    from jinfuyun.storage import pades

    return pades.check(pdf, keys=keys, stamps=stamps)
