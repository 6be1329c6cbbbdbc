"""The two files of a feed, written block by block: what its department delivers, and what it has on file."""

import csv
import io
import shutil
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from jinfuyun.sandbox.names import Ints

COPY_BYTES = 1 << 22


class FeedFiles:
    """`<name>.csv` and `<name>.parquet` in a folder; closed with the block."""

    def __init__(self, folder: Path, name: str, *, encoding: str) -> None:
        self._csv, self._parquet = folder / f"{name}.csv", folder / f"{name}.parquet"
        self._part = folder / f"{name}.part"
        self._encoding = encoding
        self._writer: pq.ParquetWriter | None = None
        self._engine = duckdb.connect(config={"threads": 1})
        self._engine.execute("SET enable_progress_bar = false")

    def __enter__(self) -> "FeedFiles":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._writer is not None:
            self._writer.close()
        self._engine.close()

    def texts(self, table: pa.Table, places: Ints, names: list[str]) -> list[dict[str, str]]:
        """The rows at these places as the file writes them, by column name."""
        if not places.size:
            return []
        self._engine.register("chosen", table.take(pa.array(places)))
        found = self._engine.execute("SELECT coalesce(COLUMNS(*)::VARCHAR, '') FROM chosen").fetchall()
        self._engine.unregister("chosen")
        return [dict(zip(names, row, strict=True)) for row in found]

    def write(self, table: pa.Table, spoiled: list[list[str]]) -> None:
        """Append a block: the clean rows to both files, the spoiled lines to what is delivered."""
        if self._writer is None:
            words = [column.name for column in table.schema if pa.types.is_dictionary(column.type)]
            self._writer = pq.ParquetWriter(self._parquet, table.schema, use_dictionary=words)
            header = ",".join(table.column_names) + "\n"
            self._csv.write_bytes(header.encode(self._encoding))
        self._writer.write_table(table)
        self._engine.register("rows", table)
        self._engine.execute(f"COPY rows TO '{self._part}' (FORMAT csv, HEADER false)")
        self._engine.unregister("rows")
        with self._csv.open("ab") as out:
            self._append(out)
            out.write(_lines(spoiled).encode(self._encoding))
        self._part.unlink()

    def _append(self, out: io.BufferedWriter) -> None:
        if self._encoding == "utf-8":
            with self._part.open("rb") as part:
                shutil.copyfileobj(part, out, COPY_BYTES)
            return
        with self._part.open(encoding="utf-8", newline="") as part:
            while text := part.read(COPY_BYTES):
                out.write(text.encode(self._encoding))


def _lines(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
