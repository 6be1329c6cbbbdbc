"""Text as people type it. Pure."""

import unicodedata

LAYOUT = frozenset("\n\r\t")


def holds_control(text: str) -> bool:
    """Characters that nobody types and some columns cannot hold (NUL first of all); line breaks and tabs are none."""
    return any(unicodedata.category(each) in ("Cc", "Cs") and each not in LAYOUT for each in text)
