"""The table a card is made from. What is wrong with it is said with file, column and row, before anything is fitted."""

import csv
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from jinfuyun.kit.errors import Refused

Floats = NDArray[np.float64]
Words = NDArray[np.object_]
Column = Floats | Words

BAD = frozenset({"1", "1.0", "true", "yes", "y", "bad", "是", "违约"})
GOOD = frozenset({"0", "0.0", "false", "no", "n", "good", "否", "正常"})
UNKNOWN = frozenset({"", "na", "nan", "null"})
ROWS_MIN = 50
EACH_CLASS_MIN = 10  # two of each in every one of five folds, or a fold says nothing
NUMBERS_SHARE_MIN = 0.9  # a column is one of numbers if so many of what it knows are; the rest is then an error
WORDS_MAX = 100  # different ones in a column; more are names or numbers of something


class BadTable(Refused):
    """A table no card can be made from: file, where in it, reason."""

    def __init__(self, reason: str, *, file: str, column: str = "", row: int = 0) -> None:
        where = (f"，列“{column}”" if column else "") + (f"，第 {row} 行" if row else "")
        super().__init__(f"{file}{where}：{reason}")


@dataclass(frozen=True, slots=True)
class Table:
    """`columns`: candidates by name, each of n floats (NaN: unknown) or n words (None: unknown); `bad`: n times 0 or 1;
    `by`: n words for each way to look at the result."""

    columns: Mapping[str, Column]
    bad: Floats
    by: Mapping[str, Words]


def read_table(path: Path, *, target: str, by: Sequence[str] = (), without: Sequence[str] = ()) -> Table:
    """CSV (UTF-8, a header) or Parquet. Rows are counted as in the file: a CSV's header is row 1. Raises BadTable."""
    raw, first = _raw(path)
    for name in (target, *by, *without):
        if name not in raw:
            raise BadTable(f"没有这一列；有的是 {'、'.join(raw)}。", file=path.name, column=name)
    bad = _target(raw[target], file=path.name, column=target, first=first)
    apart = {target, *by, *without}
    columns = {name: _column(raw[name], file=path.name, column=name, first=first) for name in raw if name not in apart}
    if not columns:
        raise BadTable("除目标列等之外没有可用的列。", file=path.name)
    return Table(columns, bad, {name: _groups(raw[name]) for name in by})


def _raw(path: Path) -> tuple[dict[str, list[str]], int]:
    """Text of every column, and the number of the first row of data."""
    readers = {".csv": (_csv, 2), ".parquet": (_parquet, 1)}
    if path.suffix.lower() not in readers:
        raise BadTable("只接受 .csv 或 .parquet 文件。", file=path.name)
    read, first = readers[path.suffix.lower()]
    try:
        raw = read(path)
    except OSError as failure:
        raise BadTable(f"不能读取：{failure.strerror or failure}", file=path.name) from failure
    rows = len(next(iter(raw.values()), []))
    if not rows:
        raise BadTable("文件里没有数据。", file=path.name)
    if rows < ROWS_MIN:
        raise BadTable(f"只有 {rows} 行数据，至少要 {ROWS_MIN} 行。", file=path.name)
    return raw, first


def _csv(path: Path) -> dict[str, list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = _header(next(rows, []), file=path.name)
            cells: list[list[str]] = []
            for row in rows:
                if row and len(row) != len(header):
                    reason = f"有 {len(row)} 格，表头有 {len(header)} 格。"
                    raise BadTable(reason, file=path.name, row=len(cells) + 2)
                cells.append(row or [""] * len(header))
    except UnicodeDecodeError as trouble:
        raise BadTable("不是 UTF-8 编码。", file=path.name) from trouble
    except csv.Error as trouble:
        raise BadTable(f"不是有效的 CSV：{trouble}", file=path.name) from trouble
    return {name: [row[place].strip() for row in cells] for place, name in enumerate(header)}


def _parquet(path: Path) -> dict[str, list[str]]:
    try:
        header = _header(pq.ParquetFile(path).schema_arrow.names, file=path.name)
        table = pq.read_table(path)
    except pa.ArrowException as trouble:
        raise BadTable("不是有效的 Parquet 文件。", file=path.name) from trouble
    return {name: [_text(value) for value in table.column(place).to_pylist()] for place, name in enumerate(header)}


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value).strip()


def _header(names: Iterable[str], *, file: str) -> list[str]:
    header = [name.strip() for name in names]
    if not header:
        raise BadTable("文件是空的。", file=file)
    for place, name in enumerate(header, 1):
        if not name:
            raise BadTable(f"第 {place} 列没有列名。", file=file, row=1)
        if header.count(name) > 1:
            raise BadTable("列名出现了两次。", file=file, column=name, row=1)
    return header


def _target(cells: Sequence[str], *, file: str, column: str, first: int) -> Floats:
    for row, cell in enumerate(cells, first):
        if cell.lower() not in BAD | GOOD:
            raise BadTable(f"“{cell}”既不是违约（1、是）也不是正常（0、否）。", file=file, column=column, row=row)
    bad = np.array([cell.lower() in BAD for cell in cells], dtype=np.float64)
    for count, word in ((int(bad.sum()), "违约"), (int((1 - bad).sum()), "正常")):
        if count < EACH_CLASS_MIN:
            raise BadTable(f"{word}的只有 {count} 行，至少要 {EACH_CLASS_MIN} 行。", file=file, column=column)
    return bad


def _column(cells: Sequence[str], *, file: str, column: str, first: int) -> Column:
    known = {row: cell for row, cell in enumerate(cells, first) if cell.lower() not in UNKNOWN}
    if not known:
        raise BadTable("整列都是未知。", file=file, column=column)
    wrong = {row: cell for row, cell in known.items() if _number(cell) is None}
    if len(wrong) > (1 - NUMBERS_SHARE_MIN) * len(known):
        if len(set(known.values())) > WORDS_MAX:
            reason = f"有 {len(set(known.values()))} 种不同的文字，像是编号或名称；请用 --without 把它排除。"
            raise BadTable(reason, file=file, column=column)
        return np.array([None if cell.lower() in UNKNOWN else cell for cell in cells], dtype=np.object_)
    if wrong:
        row, cell = next(iter(wrong.items()))
        raise BadTable(f"“{cell}”不是数字，而这一列是数字。", file=file, column=column, row=row)
    return np.array([math.nan if cell.lower() in UNKNOWN else float(cell) for cell in cells])


def _number(cell: str) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


BANDS = 4  # of a column of numbers, when the result is looked at by it
DIFFERENT_MAX = 12  # so many different numbers are looked at one by one


def _groups(cells: Sequence[str]) -> Words:
    """Words as they are; many different numbers in four bands of equally many rows."""
    numbers = np.array([math.nan if _number(cell) is None else float(cell) for cell in cells])
    known = ~np.isnan(numbers)
    if len(set(cells)) <= DIFFERENT_MAX or known.mean() < NUMBERS_SHARE_MIN:
        return np.array([cell or "未知" for cell in cells], dtype=np.object_)
    edges = np.unique(np.quantile(numbers[known], np.linspace(0, 1, BANDS + 1)))
    names = [f"{low:.4g} – {high:.4g}" for low, high in itertools.pairwise(edges)]
    place = np.clip(np.digitize(numbers, edges[1:-1], right=True), 0, len(names) - 1)
    return np.array([names[p] if k else "未知" for p, k in zip(place, known, strict=True)], dtype=np.object_)
