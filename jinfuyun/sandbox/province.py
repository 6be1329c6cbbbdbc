"""The pretend province on disk: the files departments would deliver, and who everybody is. Same seed, same bytes."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from jinfuyun.data.departments.registry import FEEDS as CONTRACTS
from jinfuyun.kit import period
from jinfuyun.sandbox import dirt as spoiling
from jinfuyun.sandbox.block import Block, block_of, blocks, whole_months
from jinfuyun.sandbox.dirt import Expected
from jinfuyun.sandbox.feeds import tax
from jinfuyun.sandbox.feeds.registry import WRITERS
from jinfuyun.sandbox.files import FeedFiles
from jinfuyun.sandbox.population import ELECTRICITY_SUPPLIER, KINDS, NATURES, SIZES, STORIES, TRADES
from jinfuyun.sandbox.sheet import Coded, length, sheet
from jinfuyun.sandbox.truth import Truth, tax_owed_fen

MONTHS = 24
FEEDS = tuple(WRITERS)
PEOPLE = "people.json"
ABOUT = "province.json"
THREADS = 2
YEAR = 12

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """Rows written, by feed."""

    enterprises: int
    rows: dict[str, int]


def generate(
    *,
    enterprises: int,
    seed: int,
    until: date,
    out: Path,
    months: int = MONTHS,
    dirt: float = 0.0,
    feeds: Sequence[str] = FEEDS,
    on_progress: Progress = lambda stage, share: None,
) -> Summary:
    """Write `months` whole months up to the one before `until` of so many enterprises into the folder `out`.

    The rows of a feed are the same whichever others of `feeds` are written beside it.

    `<feed>.csv` is what a department delivers (header as in its feed.py; of a hundred rows about `dirt` × 100 have a
    spoiled one beside them), `<feed>.parquet` what it has on file, for the pretend departments to look up;
    `people.json` the five elements and everything else about each enterprise; `truth.*` what the platform must come to.
    """
    out.mkdir(parents=True, exist_ok=True)
    truth = Truth(feeds)
    span = whole_months(until, months)
    numbers = blocks(enterprises)
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(THREADS))
        people = stack.enter_context((out / PEOPLE).open("w", encoding="utf-8"))
        files = {name: stack.enter_context(_files(name, out, dirt)) for name in feeds}

        def make(index: int) -> Future[Block]:
            return pool.submit(block_of, numbers[index], index=index, seed=seed, until=until, months=span)

        coming = make(0)
        for index in range(len(numbers)):
            block = coming.result()
            if index + 1 < len(numbers):
                coming = make(index + 1)  # while this one is written
            written = {name: pool.submit(_write, files[name], name, block, dirt) for name in _largest_first(feeds)}
            people.write(("[\n" if index == 0 else ",\n") + _people(block))
            truth.add(block, _gathered(written, index, len(numbers), on_progress))
        people.write("\n]\n")
    truth.write(out)
    rows = {name: counts.delivered for name, counts in truth.counts.items()}
    first, last = (str(month)[:7] for month in span[[0, -1]])
    about = {"seed": seed, "until": str(until), "first_month": first, "last_month": last, "dirt": dirt, "rows": rows}
    (out / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    return Summary(enterprises=enterprises, rows=rows)


def people(folder: Path) -> list[dict[str, Any]]:
    """What `people.json` in `folder` says of each enterprise."""
    known: list[dict[str, Any]] = json.loads((folder / PEOPLE).read_text(encoding="utf-8"))
    return known


def delivered(folder: Path) -> dict[str, date]:
    """The feeds of which `folder` holds rows, and up to when they speak.

    What comes by the month speaks to the end of the last one, a register to the day it was made.
    """
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    ends = {True: period.last_day(about["last_month"]), False: date.fromisoformat(about["until"])}
    return {name: ends[CONTRACTS[name].by_month] for name in FEEDS if about["rows"].get(name)}


def _largest_first(feeds: Sequence[str]) -> list[str]:
    """No thread is to begin the largest table when the others are done."""
    large = ("sales_invoices", "purchase_invoices", "collections", "social_insurance", "registration")
    return sorted(feeds, key=lambda name: large.index(name) if name in large else len(large))


def _files(name: str, out: Path, dirt: float) -> FeedFiles:
    old = dirt > 0 and name in spoiling.GB18030_FEEDS
    return FeedFiles(out, name, encoding="gb18030" if old else "utf-8")


def _write(files: FeedFiles, name: str, block: Block, dirt: float) -> Expected:
    feed = CONTRACTS[name]
    plan = spoiling.plan(feed, WRITERS[name](block), block, dirt)
    table = sheet(feed, plan.rows)
    labels = {column.label: column.name for column in feed.columns}
    names = [labels[label] for label in table.column_names]
    older, broken = (files.texts(table, places, names) for places in (plan.older, plan.broken))
    lines, expected = spoiling.spoiled(feed, older, broken, block)
    files.write(table, [spoiling.cells(line, names) for line in lines])
    expected.delivered += length(plan.rows)
    expected.accepted += length(plan.rows)
    return expected


def _gathered(
    written: dict[str, Future[Expected]], index: int, count: int, on_progress: Progress
) -> dict[str, Expected]:
    found = {}
    for place, (name, future) in enumerate(written.items(), 1):
        found[name] = future.result()
        on_progress(name, (index + place / len(written)) / count)
    return found


def _people(block: Block) -> str:
    """A JSON object a line, with commas between."""
    with duckdb.connect() as engine:
        engine.register("told", _told(block))
        electricity = f"{{'supplier': '{ELECTRICITY_SUPPLIER}', 'account': electricity}}"
        utilities = ", ".join(
            f"CASE WHEN {kind}_account IS NOT NULL THEN {{'supplier': {kind}_supplier, 'account': {kind}_account}} END"
            f" AS {kind}"
            for kind in ("water", "gas")
        )
        rest = "* EXCLUDE (electricity, water_supplier, water_account, gas_supplier, gas_account, old)"
        told = engine.sql(
            f"SELECT to_json(t)::VARCHAR FROM (SELECT {rest}, {electricity} AS electricity, {utilities},"
            " CASE WHEN old IS NULL THEN []::VARCHAR[] ELSE [old] END AS keys FROM told) t"
        ).fetchall()
    return ",\n".join(line for (line,) in told)


def _told(block: Block) -> pa.Table:
    people, owner = block.people, block.people.owner
    texts = {
        "uscc": people.uscc,
        "tax_number": people.tax_number,
        "name": people.name,
        "legal_name": owner.name,
        "id_type": owner.id_type,
        "id_number": owner.id_number,
        "phone": owner.phone,
        "region": people.region,
        "address": people.address,
        "registered_on": np.datetime_as_string(people.registered_on).astype(object),
        "grade": people.grade,
        "electricity": people.electricity_account,
        "water_supplier": people.water_supplier,
        "water_account": people.water_account,
        "gas_supplier": people.gas_supplier,
        "gas_account": people.gas_account,
        "old": people.registration_number,
    }
    coded = {
        "industry": Coded(people.trade, [trade.division for trade in TRADES]),
        "scope": Coded(people.trade, [trade.scope for trade in TRADES]),
        "nature": Coded(people.nature, [str(nature) for nature in NATURES]),
        "kind": Coded(people.nature, [KINDS[nature] for nature in NATURES]),
        "status": Coded(people.story, [story.status for story in STORIES]),
        "size": Coded(people.size, [size.name for size in SIZES]),
        "story": Coded(people.story, [story.name for story in STORIES]),
    }
    numbers = {
        "penalties": np.array([story.penalties for story in STORIES])[people.story],
        "grade_year": np.full(block.count, tax.grade_year(block.until)),
        "arrears_fen": tax_owed_fen(block),
        "sales_last_year_yuan": block.business.sales_yuan[:, -YEAR:].sum(axis=1).astype(np.int64),
    }
    capital = [f"{number}万人民币" for number in people.capital_10k.tolist()]
    return pa.table(
        {name: pa.array(column, pa.string()) for name, column in texts.items()}
        | {name: pa.array(cells.words).take(pa.array(cells.index)) for name, cells in coded.items()}
        | numbers
        | {"capital": capital}
    )
