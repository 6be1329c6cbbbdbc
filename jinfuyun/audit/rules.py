"""How the chain is made and judged. No database."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

START = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Link:
    """A sealed line as found; of a line that is gone there is none."""

    position: int
    content: Mapping[str, object]
    digest: bytes


@dataclass(frozen=True, slots=True)
class SignedHead:
    """`at` is the ISO text that was signed."""

    position: int
    digest: bytes
    at: str
    signature: bytes


def next_digest(previous: bytes, content: Mapping[str, object]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(previous + text.encode()).digest()


def head_text(position: int, digest: bytes, at: str) -> bytes:
    return f"jinfuyun-book\n{position}\n{digest.hex()}\n{at}".encode()


def is_signed(head: SignedHead, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(head.signature, head_text(head.position, head.digest, head.at))
    except InvalidSignature:
        return False
    return True


def what_is_wrong(links: Iterable[Link], heads: Iterable[SignedHead], key: Ed25519PublicKey) -> list[str]:
    """Every break in the chain, in Chinese; empty if the book is whole."""
    problems, digests, previous = [], {0: START}, START
    expected = 1
    for link in links:
        if link.position != expected:
            problems.append(f"第 {expected} 条缺失或顺序被改动")
        if next_digest(previous, link.content) != link.digest:
            problems.append(f"第 {link.position} 条与其封印不符")
        previous, expected = link.digest, link.position + 1
        digests[link.position] = link.digest
    for head in heads:
        if not is_signed(head, key):
            problems.append(f"第 {head.position} 条处的签名无效")
        elif digests.get(head.position) != head.digest:
            problems.append(f"账本与已签名的第 {head.position} 条不符（被截断或改写）")
    return problems
