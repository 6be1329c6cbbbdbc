"""Where Parquet lies: tables under a Delta log, and the release that says which version of each is the truth.

A release is one small file `{number, tables: {name: version}}` put in place by `os.replace`: readers see one or the
next, never between. What a load committed before it died is rolled back at the next opening, because no release
names it. Only one process writes at a time (the caller holds the lock).
"""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

from jinfuyun.data.lake.engine import Engine, listed

# Statistics would copy the smallest and largest counterparty of each file into the log, where erasing does not reach.
DELTA_SETTINGS: dict[str, str | None] = {"delta.dataSkippingNumIndexedCols": "0"}


INBOX_SECONDS_MAX = 3600


@dataclass(frozen=True, slots=True)
class Table:
    """Name, columns with SQL types, and the column whose values are folders."""

    name: str
    columns: dict[str, str]
    partition: str | None = None
    sorted_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    number: int
    tables: dict[str, int] = field(default_factory=dict)
    delivery: dict[str, Any] | None = None  # the delivery that made it, with its counts


class Lake:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.work = root / "work"
        self.landing = root / "landing"
        self.inbox = root / "inbox"  # what departments sent, until it has landed
        self._releases = root / "releases"
        self._pointer = root / "release.json"

    def clear_inbox(self, at: datetime) -> None:
        """Fetched files that a killed process left behind."""
        for path in self.inbox.glob("*"):
            if at.timestamp() - path.stat().st_mtime > INBOX_SECONDS_MAX:
                path.unlink(missing_ok=True)

    def release(self) -> Release:
        if not self._pointer.exists():
            return Release(number=0)
        return Release(**json.loads(self._pointer.read_text()))

    def releases_after(self, number: int) -> list[Release]:
        """Every release since `number`, oldest first."""
        newest = self.release().number
        return [
            Release(**json.loads((self._releases / f"{each:08d}.json").read_text()))
            for each in range(number + 1, newest + 1)
        ]

    def publish(self, versions: dict[str, int], delivery: dict[str, Any] | None) -> Release:
        """From here on, the truth is what it was but for `versions`."""
        before = self.release()
        release = Release(number=before.number + 1, tables=before.tables | versions, delivery=delivery)
        words = json.dumps(asdict(release), ensure_ascii=False)
        self._releases.mkdir(parents=True, exist_ok=True)
        _put(self._releases / f"{release.number:08d}.json", words)
        _put(self._pointer, words)
        return release

    def recover(self) -> None:
        """Undo what no release names, and clear the work folder; called by whoever holds the lock."""
        for rest in (self.work, self.landing / "sealed"):
            shutil.rmtree(rest, ignore_errors=True)
        released = self.release().tables
        undone = {}
        for path in self._existing():
            name = path.name
            if name not in released:
                shutil.rmtree(path)
                continue
            table = DeltaTable(path)
            if table.version() != released[name]:
                table.restore(released[name])
                undone[name] = DeltaTable(path).version()
        if undone:
            self.publish(undone, delivery=None)

    def scan(self, table: Table, *, only: Sequence[str] | None = None) -> str:
        """SQL in brackets that reads the released rows; `only` names the partitions wanted."""
        version = self.release().tables.get(table.name)
        present: dict[str, str] = {}
        files: list[str] = []
        if version is not None:
            delta = DeltaTable(self._path(table), version=version)
            present = {each.name: each.name for each in delta.schema().fields}
            wanted = None if only is None or table.partition is None else [(table.partition, "in", list(only))]
            files = delta.file_uris(file_pruning_predicate=wanted) if wanted is None or only else []
        if not files:
            empty = ", ".join(f"NULL::{kind} AS {name}" for name, kind in table.columns.items())
            return f"(SELECT {empty} WHERE false)"
        columns = ", ".join(
            f"{name}::{kind} AS {name}" if name in present else f"NULL::{kind} AS {name}"
            for name, kind in table.columns.items()
        )
        folders = (
            f", hive_partitioning = true, hive_types = {{'{table.partition}': VARCHAR}}" if table.partition else ""
        )
        return f"(SELECT {columns} FROM read_parquet([{listed(files)}], union_by_name = true{folders}))"

    def append(self, engine: Engine, table: Table, sql: str) -> int:
        """Add rows; the version they stand in."""
        return self._write(engine, table, sql, mode="append")

    def rewrite(self, engine: Engine, table: Table, sql: str, *, partitions: Sequence[str] | None) -> int:
        """Replace the named partitions (None: the whole table) by the rows of `sql`."""
        predicate = None if partitions is None else f"{table.partition} IN ({listed(partitions)})"
        return self._write(engine, table, sql, mode="overwrite", predicate=predicate)

    def erase(self, table: Table, predicate: str) -> tuple[int, dict[str, int]]:
        """Take rows out; how many, and the version without them."""
        if table.name not in self.release().tables:
            return 0, {}
        delta = DeltaTable(self._path(table))
        counted = delta.delete(predicate)
        return int(counted["num_deleted_rows"]), {table.name: DeltaTable(self._path(table)).version()}

    def clear_old_files(self, names: Sequence[str], *, kept_hours: int) -> dict[str, int]:
        """Delete files that the newest version does not read, when older than `kept_hours`; the versions after it."""
        versions = {}
        for name in names:
            path = self.root / "tables" / name
            DeltaTable(path).vacuum(
                retention_hours=kept_hours, dry_run=False, enforce_retention_duration=False, full=True
            )
            versions[name] = DeltaTable(path).version()
        return versions

    def join_small_files(self) -> dict[str, int]:
        """Pulls leave a small file a month each; the versions in which they are joined."""
        versions = {}
        for name in self.release().tables:
            delta = DeltaTable(self.root / "tables" / name)
            joined = delta.optimize.compact()
            if joined["numFilesRemoved"]:
                versions[name] = DeltaTable(self.root / "tables" / name).version()
        return versions

    def _write(self, engine: Engine, table: Table, sql: str, *, mode: str, predicate: str | None = None) -> int:
        order = f" ORDER BY {', '.join(table.sorted_by)}" if table.sorted_by else ""
        columns = ", ".join(f"{name}::{kind} AS {name}" for name, kind in table.columns.items())
        rows: pa.RecordBatchReader = engine.stream(f"SELECT {columns} FROM ({sql}){order}")
        path = self._path(table)
        write_deltalake(
            path,
            rows,
            mode=mode,  # type: ignore[call-overload]
            partition_by=[table.partition] if table.partition else None,
            predicate=predicate,
            configuration=DELTA_SETTINGS if not DeltaTable.is_deltatable(str(path)) else None,
            schema_mode="merge" if mode == "append" else None,
        )
        return DeltaTable(path).version()

    def _path(self, table: Table) -> Path:
        return self.root / "tables" / table.name

    def _existing(self) -> list[Path]:
        folder = self.root / "tables"
        return sorted(folder.iterdir()) if folder.exists() else []


def _put(path: Path, words: str) -> None:
    """The whole file or none of it, also when the power goes."""
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as out:
        out.write(words)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)  # os.replace: atomic
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
