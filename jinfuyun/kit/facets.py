"""Counting by facets over a few thousand rows that are all at hand: one bit a row, one number a value. Pure."""

from collections.abc import Iterable, Mapping, Sequence

Words = Mapping[str, Iterable[str]]


class Index:
    """`rows`: of each row the values of each facet; a row may have several."""

    def __init__(self, rows: Sequence[Words]) -> None:
        self.size = len(rows)
        self.everything = (1 << self.size) - 1
        places: dict[str, dict[str, list[int]]] = {}
        for place, row in enumerate(rows):
            for facet, values in row.items():
                known = places.setdefault(facet, {})
                for value in values:
                    known.setdefault(value, []).append(place)
        self.bits = {
            facet: {value: self.of(found) for value, found in known.items()} for facet, known in places.items()
        }

    def of(self, places: Iterable[int]) -> int:
        """The set of these rows."""
        marks = bytearray(self.size // 8 + 1)
        for place in places:
            marks[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(marks, "little")

    def having(self, facet: str, value: str) -> int:
        return self.bits.get(facet, {}).get(value, 0)

    def among(self, wanted: Mapping[str, str], within: int, *, but: str = "") -> int:
        """The rows of `within` that have every wanted value; `but`: a facet that is left out."""
        for facet, value in wanted.items():
            if value and facet != but:
                within &= self.having(facet, value)
        return within

    def counts(self, wanted: Mapping[str, str], within: int) -> dict[str, dict[str, int]]:
        """How many rows there would be if this value were chosen of a facet and the other facets stayed."""
        found = {}
        for facet, known in self.bits.items():
            base = self.among(wanted, within, but=facet)
            found[facet] = {value: (bits & base).bit_count() for value, bits in known.items()}
        return found

    def in_order(self, chosen: int, order: Sequence[int]) -> list[int]:
        """The places of the chosen rows, in that order."""
        marks = f"{chosen:0{self.size}b}"[::-1]
        return [place for place in order if marks[place] == "1"]
