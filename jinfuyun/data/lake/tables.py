"""Where Parquet lies: tables under a Delta log, and the release that says which version of each is the truth.

A release is one small file `{number, tables: {name: version}}` put in place by `os.replace`: readers see one or the
next, never between. What a load committed before it died is rolled back at the next opening, because no release
names it. Only one process writes at a time (the caller holds the lock).
"""

import json
import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from deltalake import DeltaTable, Schema
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from jinfuyun.data.lake.engine import Engine, listed

# Statistics would copy the smallest and largest counterparty of each file into the log, where erasing does not reach.
DELTA_SETTINGS: dict[str, str | None] = {"delta.dataSkippingNumIndexedCols": "0"}


FILES_JOINED_MAX = 8  # rewritten files that become one
SMALL_FILE_BYTES, SMALL_FILES_MIN = 32 << 20, 4


@dataclass(frozen=True, slots=True)
class Table:
    """Name, columns with SQL types, and the order in which small files are joined."""

    name: str
    columns: dict[str, str]
    sorted_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A file of rows."""

    path: Path
    rows: int


class Scan(str):
    """SQL in brackets that reads rows of a table; and where they lie, for another engine that reads them there."""

    table: Table
    files: tuple[str, ...]

    def __new__(cls, sql: str, table: Table, files: Sequence[str]) -> Self:
        scan = super().__new__(cls, sql)
        scan.table, scan.files = table, tuple(files)
        return scan


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
        self._releases = root / "releases"
        self._pointer = root / "release.json"
        self._files_of: dict[str, tuple[int, list[str]]] = {}  # table → a version, which never changes, and its files

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
            if _newest(path) != released[name]:
                DeltaTable(path).restore(released[name])
                undone[name] = _newest(path)
        if undone:
            self.publish(undone, delivery=None)

    def scan(self, table: Table, *, with_file: bool = False) -> Scan:
        """SQL in brackets that reads the released rows; `with_file` adds `filename`, where each of them stands."""
        return self._read(table, self._files(table), with_file=with_file)

    def scan_parts(self, table: Table, parts: Sequence[Part], *, with_file: bool = False) -> Scan:
        """The same of files that no version names yet."""
        return self._read(table, [str(part.path) for part in parts], with_file=with_file)

    def write(self, engine: Engine, table: Table, sql: str) -> list[Part]:
        """The rows of `sql` in a file of their own, which no version names yet; no file where there are none."""
        folder = self._path(table)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{secrets.token_hex(16)}.parquet"
        columns = ", ".join(f"{name}::{kind} AS {name}" for name, kind in table.columns.items())
        rows = engine.copy(f"SELECT {columns} FROM ({sql})", path)
        if rows:
            return [Part(path, rows)]
        path.unlink()
        return []

    def thinned(self, engine: Engine, table: Table, files: Sequence[str], doomed: str) -> list[Part]:
        """New files in place of `files` (of this table), without the rows `s` for which `doomed` is true."""
        fresh = []
        for start in range(0, len(files), FILES_JOINED_MAX):
            rows = self._read(table, files[start : start + FILES_JOINED_MAX])
            fresh += self.write(engine, table, f"SELECT * FROM {rows} s WHERE ({doomed}) IS NOT TRUE")
        return fresh

    def commit(self, engine: Engine, table: Table, fresh: Sequence[Part], gone: Sequence[str] = ()) -> dict[str, int]:
        """One new version with the files `fresh` and without `gone`: {name: version}, or nothing to say."""
        if not fresh and not gone:
            return {}
        path = self._path(table)
        added = [_added(part) for part in fresh]
        schema = Schema.from_arrow(engine.stream(f"SELECT * FROM {self._read(table, [])}").schema)
        if not DeltaTable.is_deltatable(str(path)):
            create_table_with_add_actions(
                str(path), schema, [_added(part) for part in fresh], configuration=DELTA_SETTINGS
            )
            return {table.name: 0}
        delta = DeltaTable(path)
        standing = {each.name for each in delta.schema().fields}
        if missing := [each for each in schema.fields if each.name not in standing]:
            delta.alter.add_columns(missing)
            delta = DeltaTable(path)
        moment = max((each.modification_time for each in added), default=0)
        actions = added + [_removed(Path(each), at_ms=moment) for each in gone]
        delta.create_write_transaction(actions, "append", delta.schema())
        return {table.name: _newest(path)}

    def append(self, engine: Engine, table: Table, sql: str) -> dict[str, int]:
        """Add rows: {name: version}, or nothing where there are none."""
        return self.commit(engine, table, self.write(engine, table, sql))

    def erase(self, engine: Engine, table: Table, doomed: str) -> tuple[int, dict[str, int]]:
        """Take the rows `s` out for which `doomed` is true; how many, and the version without them."""
        touched = self._touched(engine, table, doomed)
        files = list(touched)
        versions = self.commit(engine, table, self.thinned(engine, table, files, doomed), files)
        return sum(touched.values()), versions

    def replace(self, engine: Engine, table: Table, doomed: str, sql: str) -> dict[str, int]:
        """In one version: without the rows `s` for which `doomed` is true, and with those of `sql`."""
        files = list(self._touched(engine, table, doomed))
        fresh = self.thinned(engine, table, files, doomed) + self.write(engine, table, sql)
        return self.commit(engine, table, fresh, files)

    def _touched(self, engine: Engine, table: Table, doomed: str) -> dict[str, int]:
        """Files with rows `s` for which `doomed` is true, and how many."""
        if not self._files(table):
            return {}
        rows = self.scan(table, with_file=True)
        return dict(engine.rows(f"SELECT filename, count(*) FROM {rows} s WHERE {doomed} GROUP BY filename"))

    def discard(self, parts: Sequence[Part]) -> None:
        """Files that will never be named."""
        for part in parts:
            part.path.unlink(missing_ok=True)

    def clear_old_files(self, names: Sequence[str], *, kept_hours: int) -> dict[str, int]:
        """Delete files that the newest version does not read, when older than `kept_hours`; the versions after it."""
        versions = {}
        for name in names:
            path = self.root / "tables" / name
            DeltaTable(path).vacuum(
                retention_hours=kept_hours, dry_run=False, enforce_retention_duration=False, full=True
            )
            versions[name] = _newest(path)
        return versions

    def join_small_files(self, engine: Engine, tables: Sequence[Table]) -> dict[str, int]:
        """Pulls leave a small file each; the versions in which they are joined, sorted for who asks about a few."""
        versions: dict[str, int] = {}
        for table in tables:
            small = [each for each in self._files(table) if Path(each).stat().st_size < SMALL_FILE_BYTES]
            if len(small) < SMALL_FILES_MIN:
                continue
            order = f" ORDER BY {', '.join(table.sorted_by)}" if table.sorted_by else ""
            joined = self.write(engine, table, f"SELECT * FROM {self._read(table, small)}{order}")
            versions |= self.commit(engine, table, joined, small)
        return versions

    def _files(self, table: Table) -> list[str]:
        version = self.release().tables.get(table.name)
        if version is None:
            return []
        known, files = self._files_of.get(table.name, (None, []))
        if known != version:
            files = DeltaTable(self._path(table), version=version).file_uris()
            self._files_of[table.name] = version, files
        return files

    def _read(self, table: Table, files: Sequence[str], *, with_file: bool = False) -> Scan:
        """Columns that older files do not have are NULL there; no files at all are no rows."""
        kinds = table.columns | ({"filename": "VARCHAR"} if with_file else {})
        empty = ", ".join(f"NULL::{kind} AS {name}" for name, kind in kinds.items())
        rows = f"(SELECT {empty} WHERE false"
        if files:
            options = "union_by_name = true" + (", filename = true" if with_file else "")
            columns = ", ".join(kinds)
            found = f"SELECT * FROM read_parquet([{listed(files)}], {options})"
            rows = f"(SELECT {columns} FROM {rows} UNION ALL BY NAME {found})"
        return Scan(f"{rows})", table, files)

    def _path(self, table: Table) -> Path:
        return self.root / "tables" / table.name

    def _existing(self) -> list[Path]:
        folder = self.root / "tables"
        return sorted(folder.iterdir()) if folder.exists() else []


def _newest(path: Path) -> int:
    """The version that was written last, by the name of its entry in the log: nothing is read."""
    return max((int(entry.stem) for entry in (path / "_delta_log").glob("[0-9]*[0-9].json")), default=-1)


def _added(part: Part) -> AddAction:
    told = part.path.stat()
    stats = json.dumps({"numRecords": part.rows})
    return AddAction(part.path.name, told.st_size, {}, told.st_mtime_ns // 1_000_000, True, stats)


def _removed(path: Path, *, at_ms: int) -> RemoveAction:
    """Gone at `at_ms`, from where a vacuum counts the hours it is still kept for those who read it."""
    told = path.stat()
    return RemoveAction(path.name, True, at_ms or told.st_mtime_ns // 1_000_000, told.st_size, {})


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
