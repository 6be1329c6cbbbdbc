"""From arrays in the words of a contract to the table its department delivers: its headers, its writing of values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jinfuyun.data.departments.contract import Column, Feed, Kind
from jinfuyun.sandbox.names import NOTHING, Ints, Texts


@dataclass(frozen=True, slots=True)
class Coded:
    """In each row one of `words`, by its place; −1: nothing. Of choices the words are those that we keep."""

    index: npt.NDArray[Any]
    words: Sequence[str] | Texts


# Money is whole fen; counts are whole; quantities whole, or floats of three decimals; days and months datetime64; years
# numbers. What may be missing: NaT, None, or a masked array.
Cells = Coded | npt.NDArray[Any]
Rows = dict[str, Cells]

SCALES = {Kind.MONEY: 2, Kind.WAN: 6}


def sheet(feed: Feed, rows: Rows) -> pa.Table:
    """The columns that `rows` has, in the contract's order and under the contract's headers."""
    columns = [column for column in feed.columns if column.name in rows]
    assert len(columns) == len(rows), f"{feed.name}: a column the contract does not know"
    arrays = [_array(column, rows[column.name]) for column in columns]
    return pa.Table.from_arrays(arrays, names=[column.label for column in columns])


def length(rows: Rows) -> int:
    """How many rows they are."""
    first = next(iter(rows.values()))
    return len(first.index if isinstance(first, Coded) else first)


def only(values: npt.NDArray[Any], where: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
    """The values where they are known, nothing elsewhere."""
    if values.dtype.kind == "M":
        return np.where(where, values, np.datetime64("NaT", "D"))
    if values.dtype.kind == "O":
        return np.where(where, values, NOTHING)
    masked: npt.NDArray[Any] = np.ma.masked_array(values, mask=~where)
    return masked


def known(words: Sequence[str], index: Ints, where: npt.NDArray[np.bool_] | None = None) -> Coded:
    return Coded(index if where is None else np.where(where, index, -1), words)


def same(word: str, count: int) -> Coded:
    """The one word in every row."""
    return Coded(np.zeros(count, dtype=np.int32), (word,))


def _array(column: Column, cells: Cells) -> pa.Array:
    if isinstance(cells, Coded):
        return _dictionary(cells.index, _department_words(column, cells.words))
    if column.kind is Kind.PERIOD:
        months = cells.astype("datetime64[M]").astype(np.int64)
        first, last = (int(months.min()), int(months.max())) if months.size else (0, 0)
        written = np.datetime_as_string(np.arange(first, last + 1).astype("datetime64[M]"))
        return _dictionary(months - first, written.tolist())
    if column.kind in SCALES:
        return decimals(cells, SCALES[column.kind])
    if column.kind is Kind.QUANTITY and cells.dtype.kind == "f":
        return decimals(np.round(cells * 1000).astype(np.int64), 3)
    if cells.dtype.kind == "O":
        return pa.array(cells, pa.string())
    if isinstance(cells, np.ma.MaskedArray):
        return pa.array(cells.data, mask=np.ma.getmaskarray(cells))
    return pa.array(cells)


def _dictionary(index: npt.NDArray[Any], words: Sequence[str] | Texts) -> pa.Array:
    """Each word once: what is written of one that stands there twice is not the same in every run."""
    once = list(dict.fromkeys(words))
    if len(once) < len(words):
        place = {word: number for number, word in enumerate(once)}
        index = np.where(index < 0, -1, np.array([place[word] for word in words])[index])
    places = pa.array(index.astype(np.int32), mask=index < 0)
    return pa.DictionaryArray.from_arrays(places, pa.array(once, pa.string()))


def _department_words(column: Column, kept: Sequence[str] | Texts) -> Sequence[str] | Texts:
    """What the department writes for the words that we keep: the first that its contract allows and that is no code."""
    if not column.choices:
        return kept
    written: dict[str, str] = {}
    for theirs, ours in sorted(column.choices, key=lambda pair: pair[0].isascii()):
        written.setdefault(ours, theirs)
    return [written[word] for word in kept]


def decimals(values: npt.NDArray[Any], scale: int) -> pa.Array:
    """Whole numbers with a point before their last `scale` digits."""
    plain = np.ma.getdata(values).astype(np.int64)
    pairs = np.stack((plain, plain >> 63), axis=1)  # 128 bits, the sign carried on
    valid = None
    if isinstance(values, np.ma.MaskedArray):
        valid = pa.py_buffer(np.packbits(~np.ma.getmaskarray(values), bitorder="little"))
    return pa.Array.from_buffers(pa.decimal128(18, scale), len(plain), [valid, pa.py_buffer(pairs)])
