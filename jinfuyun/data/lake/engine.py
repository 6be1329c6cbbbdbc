"""The one engine that runs SQL over Parquet: DuckDB in this process, nothing kept between two openings."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

# CSV input fills whatever limit DuckDB is given, so there is one; beyond it spills, encrypted, to the work folder.
MEMORY_MAX = "2GB"
THREADS = 2
BATCH_ROWS = 100_000


class SqlFailed(Exception):
    """The engine stopped: out of memory or disk, or a statement that does not fit the data."""


class Engine:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """For a library that runs its own SQL here; everybody else has the methods below."""
        return self._connection

    def run(self, sql: str) -> None:
        self._execute(sql).fetchall()  # an unread answer would block the next statement

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._execute(sql).fetchall()

    def row(self, sql: str) -> tuple[Any, ...]:
        """The only row of an answer that always has one."""
        (found,) = self.rows(sql)
        return found

    def copy(self, sql: str, path: Path) -> int:
        """Write the rows of `sql` into a new Parquet file; how many."""
        return int(self.row(f"COPY ({sql}) TO {quoted(str(path))} (FORMAT parquet)")[0])

    def offer(self, name: str, data: pa.Table | pa.RecordBatchReader) -> None:
        """Let SQL see `data` under `name`."""
        self._connection.register(name, data)

    def withdraw(self, name: str) -> None:
        self._connection.unregister(name)

    def stream(self, sql: str) -> pa.RecordBatchReader:
        try:
            return self._connection.sql(sql).to_arrow_reader(BATCH_ROWS)
        except duckdb.Error as trouble:
            raise SqlFailed(str(trouble)) from trouble

    def _execute(self, sql: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.execute(sql)
        except duckdb.Error as trouble:
            raise SqlFailed(str(trouble)) from trouble


@contextmanager
def opened(work: Path) -> Iterator[Engine]:
    """An engine for the time of the block; its spill folder is `work`."""
    work.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY_MAX,
            "threads": THREADS,
            "temp_directory": str(work),
            "temp_file_encryption": True,
            # The engine's stronger random numbers come with an extension that it would have to download; what spills
            # is readable to nobody without the key in this process's memory, and it is gone when the block ends.
            "force_mbedtls_unsafe": "true",
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        yield Engine(connection)
    finally:
        connection.close()


def quoted(words: str) -> str:
    """A text literal."""
    return "'" + words.replace("'", "''") + "'"


def listed(words: Sequence[str]) -> str:
    """The inside of an IN (…); never empty, or it would be no SQL."""
    return ", ".join(quoted(word) for word in words) or "NULL"
