"""`jinfuyun book verify`: judge the book with the public key and whatever heads somebody kept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jinfuyun.audit import queries
from jinfuyun.audit.rules import SignedHead, what_is_wrong
from jinfuyun.config import keys, places


@dataclass(frozen=True, slots=True)
class Found:
    """How many lines are sealed, how many are not yet, and every break."""

    sealed: int
    unsealed: int
    problems: list[str]


def verify(kept: Path | None) -> Found:
    """`kept`: a file of heads that were kept outside the database; the sealer's own if None."""
    key = Ed25519PrivateKey.from_private_bytes(keys.book_key()).public_key()
    heads = [*queries.heads(), *kept_heads(kept or places.HEADS)]
    problems = what_is_wrong(queries.chain(), heads, key)
    last = queries.last_seal()
    return Found(last.position if last else 0, queries.unsealed().count(), list(dict.fromkeys(problems)))


def kept_heads(path: Path) -> Iterator[SignedHead]:
    """The heads of a file, one JSON a line; a last line that was cut off by a crash is not one."""
    if not path.exists():
        return
    for line in path.read_text().splitlines(keepends=True):
        if line.endswith("\n"):
            head = json.loads(line)
            yield SignedHead(
                head["position"], bytes.fromhex(head["digest"]), head["at"], bytes.fromhex(head["signature"])
            )
