"""Counts by kind that the platform made of its own rows: kept in one file, added up further whichever kinds are asked.

This is the part of the door that supervision has; nothing here is an enterprise's.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

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
    part = file.with_suffix(f".{uuid4().hex}.part")  # two may count at once; the last one's stands
    try:
        with pq.ParquetWriter(part, schema) as writer:
            while batch := list(islice(left, BATCH_ROWS)):
                writer.write_table(pa.Table.from_pylist(batch, schema))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def added_up(name: str, *, by: Sequence[str], sums: Sequence[str], within: Mapping[str, Sequence[str]]) -> Tally | None:
    """The sums by each of the kinds `by`, of the rows whose kinds are among `within`. None: nothing was kept yet."""
    if not _file(name).exists():
        return None
    asked = ", ".join([*by, *(f"sum({each})::HUGEINT" for each in sums)])
    where = " AND ".join(["true", *(f"{kind} IN ({engine.listed(values)})" for kind, values in within.items())])
    # One opening: rows and moment are of the same file, whatever is put in its place meanwhile.
    with pq.ParquetFile(_file(name)) as kept, engine.opened(door.plane().lake.work) as sql:
        columns = dict.fromkeys((*by, *sums, *within))
        sql.offer("kept", _stream(kept, list(columns)))
        rows = sql.rows(f"SELECT {asked} FROM kept WHERE {where} GROUP BY ALL")
        return Tally(datetime.fromisoformat(kept.schema_arrow.metadata[MADE_AT].decode()), rows)


def _stream(kept: pq.ParquetFile, columns: list[str]) -> pa.RecordBatchReader:
    schema = pa.schema([kept.schema_arrow.field(name) for name in columns])
    batches = (batch.select(columns) for batch in kept.iter_batches(BATCH_ROWS, columns=columns))
    return pa.RecordBatchReader.from_batches(schema, batches)


def _file(name: str) -> Path:
    return door.plane().lake.root / "tallies" / f"{name}.parquet"
