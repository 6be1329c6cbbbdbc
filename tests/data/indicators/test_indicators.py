"""Every indicator has a file of its own name with cases: rows → value."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from jinfuyun.data.indicators.contract import Indicator, Source
from jinfuyun.data.indicators.measure import measure
from jinfuyun.data.indicators.registry import SOURCES
from jinfuyun.data.lake import engine
from jinfuyun.data.lake.engine import quoted
from tests.data.codes import A

HERE = Path(__file__).parent
BY_NAME = {indicator.name: (source, indicator) for source in SOURCES for indicator in source.indicators}


def cases() -> Iterator[Any]:
    for path in sorted(HERE.glob("*.yaml")):
        content = yaml.safe_load(path.read_text())
        for case in content["cases"]:
            yield pytest.param(path.stem, content["covers_until"], case, id=f"{path.stem}: {case['why']}")


def test_every_indicator_has_its_cases():
    assert {path.stem for path in HERE.glob("*.yaml")} == set(BY_NAME)


def invoices(rows: list[list[Any]], side: str) -> str:
    kept = [row for row in rows if row[0] == side]
    columns = ("uscc", "issued_on", "delivery", "net_fen", "tax_fen", "state", "counterparty")
    values = [
        f"({quoted(A)}, DATE '{day}', 'D1', {int(Decimal(str(yuan)) * 100)}, 0, {quoted(state)}, {quoted(party)})"
        for _, day, yuan, state, party in kept
    ]
    return values_of(columns, values, "VARCHAR, DATE, VARCHAR, BIGINT, BIGINT, VARCHAR, VARCHAR")


def values_of(columns: tuple[str, ...], values: list[str], types: str) -> str:
    cast = ", ".join(f"{name}::{kind} AS {name}" for name, kind in zip(columns, types.split(", "), strict=True))
    nothing = f"({', '.join('NULL' for _ in columns)})"
    rows = f"(VALUES {', '.join(values or [nothing])}) AS v({', '.join(columns)})"
    return f"(SELECT {cast} FROM {rows} WHERE uscc IS NOT NULL)"


def tables(source: Source, rows: list[list[Any]]) -> dict[str, str]:
    if source.category == "invoices":
        return {"sales_invoices": invoices(rows, "sale"), "purchase_invoices": invoices(rows, "purchase")}
    if source.category == "electricity":
        values = [f"({quoted(A)}, DATE '{day}', 'D1', {kwh}, NULL)" for day, kwh in rows]
        columns = ("uscc", "used_on", "delivery", "kwh", "charge_fen")
        return {"electricity": values_of(columns, values, "VARCHAR, DATE, VARCHAR, DOUBLE, BIGINT")}
    columns = ("registered_on", "delivery", *(name for name in source.record if name != "registered_on"))
    filled = [f"(DATE '{day}', 'D1', {', '.join([quoted(A)] + ['NULL'] * (len(columns) - 3))})" for (day,) in rows]
    return {"registration": f"(SELECT * FROM (VALUES {', '.join(filled)}) AS v({', '.join(columns)}))"}


@pytest.mark.parametrize(("name", "covers_until", "case"), list(cases()))
def test_rows_give_the_value(tmp_path, name, covers_until, case):
    source, _ = BY_NAME[name]
    coverage = " UNION ALL ".join(
        f"SELECT {quoted(A)} AS uscc, {quoted(feed)} AS feed, DATE '{covers_until}' AS covers_until"
        for feed in source.feeds
    )
    with engine.opened(tmp_path) as sql:
        sql.offer("subject", pa.table({"uscc": [A]}))
        measure(sql, source, tables(source, case["rows"]), coverage=f"({coverage})", as_of=None)
        assert sql.rows(f"SELECT {name} FROM measured") == [(case["value"],)]


def test_a_figure_is_unknown_where_its_feed_never_came(tmp_path):
    source, _ = BY_NAME["sales_r12"]
    with engine.opened(tmp_path) as sql:
        sql.offer("subject", pa.table({"uscc": [A]}))
        coverage = f"(SELECT {quoted(A)} AS uscc, 'purchase_invoices' AS feed, DATE '2020-02-21' AS covers_until)"
        bought = [["purchase", date(2019, 12, 1), 10, "valid", "A1"]]
        measure(sql, source, tables(source, bought), coverage=coverage, as_of=None)
        assert sql.rows("SELECT sales_r12, purchases_r12, purchase_to_sales_r12 FROM measured") == [(None, 1000, None)]


def test_as_of_hides_what_came_later(tmp_path):
    source, _ = BY_NAME["sales_r12"]
    sold = [["sale", date(2019, 6, 1), 10, "valid", "B1"], ["sale", date(2019, 12, 1), 5, "valid", "B1"]]
    with engine.opened(tmp_path) as sql:
        sql.offer("subject", pa.table({"uscc": [A]}))
        coverage = f"(SELECT {quoted(A)} AS uscc, 'sales_invoices' AS feed, DATE '2020-02-21' AS covers_until)"
        measure(sql, source, tables(source, sold), coverage=coverage, as_of=date(2019, 11, 30))
        assert sql.rows("SELECT sales_r12, strftime(month, '%Y-%m') FROM measured") == [(1000, "2019-11")]


def test_names_are_unique_and_units_are_known():
    every: list[Indicator] = [indicator for source in SOURCES for indicator in source.indicators]
    assert len(every) == len(BY_NAME)
    assert {indicator.unit for indicator in every} <= {"fen", "bp", "months", "days", "count", "kwh"}
