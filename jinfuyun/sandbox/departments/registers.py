"""What the pretend departments have on file: the province's people and feeds, and whatever was loaded beside them."""

import json
import shutil
import threading
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.kit import regions
from jinfuyun.sandbox import province

Entry = dict[str, Any]
UTILITIES = ("electricity", "water", "gas")

# What an entry loaded beside the province may leave out.
_DEFAULTS: Entry = {
    "region": "350102",
    "industry": "51",
    "nature": "enterprise",
    "kind": "有限责任公司",
    "capital": "",
    "registered_on": None,
    "address": "",
    "scope": "",
    "status": "存续",
    "grade": None,
    "grade_year": None,
    "keys": [],
    "electricity": None,
    "water": None,
    "gas": None,
}
REQUIRED = ("uscc", "tax_number", "name", "legal_name", "id_type", "id_number", "phone")


class BadEntry(ValueError):
    """A file of people that cannot be loaded; the text says why."""


class Registers:
    def __init__(self, folder: Path, state: Path) -> None:
        self._lock = threading.Lock()
        self._extra = state / "extra"
        self._extra.mkdir(parents=True, exist_ok=True)
        self._engine = duckdb.connect()
        self._folder = folder
        self._by_number: dict[str, Entry] = {}
        self._by_account: defaultdict[tuple[str, str], list[tuple[str, Entry]]] = defaultdict(list)
        for entry in province.people(folder):
            self._file_entry(_DEFAULTS | entry)
        for file in sorted(self._extra.glob("people-*.json")):
            for entry in json.loads(file.read_text(encoding="utf-8")):
                self._file_entry(entry)

    def find(self, number: str) -> Entry | None:
        """By taxpayer number or USCC."""
        return self._by_number.get(number)

    def taxpayer(self, number: str, *, xiamen: bool) -> Entry | None:
        """As one of the two bureaus knows it."""
        entry = self.find(number)
        return entry if entry and regions.is_xiamen(entry["region"]) == xiamen else None

    def somebody_else(self, number: str) -> Entry:
        """For the fault that answers about another enterprise."""
        return next(entry for entry in self._by_number.values() if number not in (entry["uscc"], entry["tax_number"]))

    def account(self, kind: str, supplier: str, account: str) -> Entry | None:
        """Whose account this is. One company sells all electricity, so there the supplier need not be named."""
        for known, entry in self._by_account.get((kind, account), []):
            if supplier == known or (kind == "electricity" and not supplier):
                return entry
        return None

    def load(self, file: Path) -> int:
        """Take in `{"enterprises": […], "feeds": {feed: [CSV, …]}}`; how many enterprises. Kept over restarts."""
        told = json.loads(file.read_text(encoding="utf-8"))
        entries = [_DEFAULTS | entry for entry in told["enterprises"]]
        for entry in entries:
            missing = [name for name in REQUIRED if not entry.get(name)]
            if missing:
                raise BadEntry(f"an enterprise without {', '.join(missing)}")
        with self._lock:
            number = len(list(self._extra.glob("people-*.json")))
            for name, files in told.get("feeds", {}).items():
                for place, csv in enumerate(files):
                    self._take_rows(FEEDS[name], Path(csv), self._extra / f"{name}-{number}-{place}.parquet")
            kept = self._extra / f"people-{number:04d}.json"
            kept.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
            for entry in entries:
                self._file_entry(entry)
        return len(entries)

    def write_feed(self, name: str, numbers: list[str], into: Path) -> int:
        """The rows of `name` about these taxpayer numbers and codes as CSV; how many. Public and no numbers: all."""
        feed = FEEDS[name]
        whole = self._folder / f"{name}.parquet"
        files = [*map(str, [whole] if whole.exists() else []), *map(str, sorted(self._extra.glob(f"{name}-*.parquet")))]
        if not files:  # a department that has nothing on anybody
            into.write_text(",".join(column.label for column in feed.columns) + "\n", encoding="utf-8")
            return 0
        everything = not numbers and not feed.consented
        wanted = {key for number in numbers for key in self._keys(number)}
        where = "" if everything else f'WHERE "{feed.column(feed.enterprise).label}" IN (SELECT key FROM wanted)'
        with self._engine.cursor() as engine:  # its own names: others ask at the same moment
            engine.register("wanted", pa.table({"key": pa.array(sorted(wanted), pa.string())}))
            rows = f"SELECT * FROM read_parquet({files}, union_by_name = true) {where}"
            counted = engine.execute(f"COPY ({rows}) TO '{into}' (HEADER, FORMAT csv)").fetchone()
        return int(counted[0]) if counted else 0

    def _keys(self, number: str) -> list[str]:
        entry = self.find(number)
        return [entry["uscc"], entry["tax_number"], *entry["keys"]] if entry else [number]

    def _file_entry(self, entry: Entry) -> None:
        for number in (entry["uscc"], entry["tax_number"]):
            self._by_number[number] = entry
        for kind in UTILITIES:
            if entry[kind]:
                self._by_account[kind, entry[kind]["account"]].append((entry[kind]["supplier"], entry))

    def _take_rows(self, feed: Feed, csv: Path, into: Path) -> None:
        """Keep a CSV as Parquet under the feed's own labels, whichever of its headers the file uses."""
        with self._engine.cursor() as engine:
            rows = engine.read_csv(str(csv), header=True, all_varchar=True)
            columns = [
                f'"{header}" AS "{column.label}"'
                for header in rows.columns
                for column in feed.columns
                if header in column.headers
            ]
            part = into.with_suffix(".part")
            rows.project(", ".join(columns)).write_parquet(str(part))
        shutil.move(part, into)
