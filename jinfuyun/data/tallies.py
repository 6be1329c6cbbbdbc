"""Counts by kind that the platform made of its own rows: kept in one file, added up further whichever kinds are asked.

This is the part of the door that supervision has; nothing here is an enterprise's.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from jinfuyun.data import door
from jinfuyun.data.lake import engine

BATCH_ROWS = 100_000
MADE_AT = b"made_at"


class Tally(NamedTuple):
    """`made_at`: the moment that the rows were read at; each row is its kinds and then its sums."""

    made_at: datetime
    rows: list[tuple[Any, ...]]


def keep(
    name: str, kinds: Sequence[str], sums: Sequence[str], rows: Iterable[Mapping[str, str | int]], *, at: datetime
) -> None:
    """Write all of it anew from `rows` (kinds text, sums whole numbers); readers see the old ones or the new ones."""
    fields = [(kind, pa.string()) for kind in kinds] + [(each, pa.int64()) for each in sums]
    schema = pa.schema(fields, metadata={MADE_AT: at.isoformat()})
    file, left = _file(name), iter(rows)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}.part")
    try:
        with pq.ParquetWriter(part, schema) as writer:
            while batch := list(islice(left, BATCH_ROWS)):
                writer.write_table(pa.Table.from_pylist(batch, schema))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def added_up(name: str, *, by: Sequence[str], sums: Sequence[str], within: Mapping[str, Sequence[str]]) -> Tally | None:
    """The sums by each of the kinds `by`, of the rows whose kinds are among `within`. None: nothing was kept yet."""
    file = _file(name)
    if not file.exists():
        return None
    asked = ", ".join([*by, *(f"sum({each})::HUGEINT" for each in sums)])
    where = " AND ".join(["true", *(f"{kind} IN ({engine.listed(values)})" for kind, values in within.items())])
    with engine.opened(door.plane().lake.work) as sql:
        rows = sql.rows(f"SELECT {asked} FROM read_parquet({engine.quoted(str(file))}) WHERE {where} GROUP BY ALL")
    return Tally(datetime.fromisoformat(pq.read_schema(file).metadata[MADE_AT].decode()), rows)


def _file(name: str) -> Path:
    return door.plane().lake.root / "tallies" / f"{name}.parquet"
