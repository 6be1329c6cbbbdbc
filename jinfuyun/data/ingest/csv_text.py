"""Cells to a line of CSV, the way `lines` reads it back."""

from collections.abc import Iterable, Iterator, Sequence

UTF8_MARK = b"\xef\xbb\xbf"
BLOCK_CHARACTERS = 1 << 19
MUST_BE_QUOTED = frozenset(',"\n\r')


def line(cells: Sequence[str]) -> str:
    """Quoted where it must be. A single empty cell is `""`: an empty line would be no row."""
    if len(cells) == 1 and not cells[0]:
        return '""\n'
    return ",".join([_cell(cell) for cell in cells]) + "\n"


def _cell(words: str) -> str:
    return words if MUST_BE_QUOTED.isdisjoint(words) else '"' + words.replace('"', '""') + '"'


def blocks(lines: Iterable[str]) -> Iterator[bytes]:
    """UTF-8 with its mark, many lines at a time. Half a surrogate pair stays: its reader names its place."""
    yield UTF8_MARK
    waiting, held = [], 0
    for each in lines:
        waiting.append(each)
        held += len(each)
        if held > BLOCK_CHARACTERS:
            yield "".join(waiting).encode("utf-8", "surrogatepass")
            waiting, held = [], 0
    if waiting:
        yield "".join(waiting).encode("utf-8", "surrogatepass")
