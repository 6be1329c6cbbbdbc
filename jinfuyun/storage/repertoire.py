"""Which characters a font can draw: what it cannot draw is printed by its code, never as a blank or an empty box.

PDF/A forbids a character without a glyph, and a letter must not fail because a signer's name has a rare one.
"""

import struct
import unicodedata
from collections.abc import Iterator
from pathlib import Path

GETA = "〓"  # the mark Chinese type has always used for "the sort is missing from the case"
INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})  # controls, direction overrides, private and unassigned codes
KEPT = frozenset("\n\t")
SEGMENTED_COVERAGE = 12  # the one `cmap` format that reaches beyond the first plane


def characters_of(font: Path) -> frozenset[str]:
    """Every character the TrueType font has a glyph for, that is also safe to show. ValueError without such a table."""
    data = font.read_bytes()
    return frozenset(c for c in map(chr, _codes(data)) if unicodedata.category(c) not in INVISIBLE) | KEPT


def printable(text: str, repertoire: frozenset[str]) -> str:
    """The text with every character outside the repertoire spelled as 〓(U+20BB7)."""
    if repertoire.issuperset(text):
        return text
    return "".join(c if c in repertoire else f"{GETA}(U+{ord(c):04X})" for c in text)


def _codes(data: bytes) -> Iterator[int]:
    groups_at = _segmented_coverage_at(data)
    (groups,) = struct.unpack_from(">I", data, groups_at + 12)
    for i in range(groups):
        first, last, glyph = struct.unpack_from(">III", data, groups_at + 16 + 12 * i)
        yield from range(first if glyph else first + 1, last + 1)


def _segmented_coverage_at(data: bytes) -> int:
    (tables,) = struct.unpack_from(">H", data, 4)
    for i in range(tables):
        tag, _, start, _ = struct.unpack_from(">4sIII", data, 12 + 16 * i)
        if tag != b"cmap":
            continue
        (subtables,) = struct.unpack_from(">H", data, start + 2)
        for j in range(subtables):
            (offset,) = struct.unpack_from(">I", data, start + 4 + 8 * j + 4)
            if struct.unpack_from(">H", data, start + offset) == (SEGMENTED_COVERAGE,):
                return start + offset
    raise ValueError("The font has no table of its full character coverage.")
