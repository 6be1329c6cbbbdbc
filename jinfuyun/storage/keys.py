"""The key ring that `config` hands over at start; this floor does not know where keys lie."""

from jinfuyun.kit.crypto import KeyRing

_ring: KeyRing | None = None


def use_keys(ring: KeyRing) -> None:
    """Called once by config, before the first field is read or written."""
    global _ring
    _ring = ring


def field_keys() -> KeyRing:
    if _ring is None:
        raise RuntimeError("config has not handed the keys over")
    return _ring
