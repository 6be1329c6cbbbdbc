"""Encryption of single values and keyed look-up marks. Keys are passed in; nothing is read or kept here.

A sealed value is `version (1) · key id (4) · nonce (12) · AES-256-GCM ciphertext and tag`. The place it stands in
(table, column, row) is bound in as associated data, so a cell copied to another row does not open.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES


class CannotOpen(Exception):
    """The value was not sealed here, was changed, stands in another row, or its key is gone."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys (32 bytes each) by id; new values are sealed under `current`. `index_key` makes look-up marks."""

    current: int
    keys: Mapping[int, bytes]
    index_key: bytes


def seal(plain: bytes, *, ring: KeyRing, place: str) -> bytes:
    """Encrypt under the current key, bound to `place`."""
    header = VERSION + ring.current.to_bytes(KEY_ID_BYTES, "big")
    nonce = secrets.token_bytes(NONCE_BYTES)
    return header + nonce + AESGCM(ring.keys[ring.current]).encrypt(nonce, plain, header + place.encode())


def unseal(sealed: bytes, *, ring: KeyRing, place: str) -> bytes:
    """The plain value; raises CannotOpen."""
    header, nonce = sealed[: 1 + KEY_ID_BYTES], sealed[1 + KEY_ID_BYTES : HEADER_BYTES]
    key = ring.keys.get(int.from_bytes(header[1:], "big"))
    if header[:1] != VERSION or key is None:
        raise CannotOpen(place)
    try:
        return AESGCM(key).decrypt(nonce, sealed[HEADER_BYTES:], header + place.encode())
    except InvalidTag as wrong:
        raise CannotOpen(place) from wrong


def look_up_mark(value: str, *, ring: KeyRing, kind: str) -> bytes:
    """A 32-byte keyed mark, equal for equal values of one kind (`phone`, `id_number`), telling nothing else."""
    return hmac.digest(ring.index_key, f"{kind}\0{value}".encode(), hashlib.sha256)
