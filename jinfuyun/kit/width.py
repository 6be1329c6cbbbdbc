"""One way of writing what people type: half-width, no blanks, no invisible characters."""

import unicodedata

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

# Blanks (Z*), and what comes along invisibly when a number is pasted from a chat or an address book (Cc, Cf).
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})


def half_width(text: str) -> str:
    """Full-width letters, digits and signs become their half-width twins; everything else stays."""
    return text.translate(_HALF_WIDTH)


def compact(text: str) -> str:
    """Half-width and without any blank or invisible character, wherever it stands."""
    return "".join(c for c in half_width(text) if unicodedata.category(c) not in _UNSEEN)
