"""Plain rows are read at once, all others cell by cell; both must come to the same."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinfuyun.data.departments.contract import Column, Feed, Kind
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.ingest import judge
from jinfuyun.data.ingest.lines import SCHEMA
from jinfuyun.data.lake import engine
from jinfuyun.data.lake.engine import Engine
from tests.data.codes import A, B

# Cells on the edge of every kind: right, nearly right, and right only for a lenient reader.
CELLS: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("甲", " 甲", "甲\u3000", "=1", "-5", "-甲", "N/A", "-", "+1", "a b", "x" * 20_001, "１"),
    Kind.CODE: ("A1", "a1", "NULL", "N/A", "1_2", "1-2", "ABCDE1", "=1", "1 ", "１", "9" * 64, "9" * 65, "/1", "A"),
    Kind.USCC: (A, B, A.lower(), A[:-1] + "0", A[:-1], f" {A}"),
    Kind.DATE: ("2019-12-31", "2019/1/5", "2019.1.5", "20190105", "2019-02-30", "2019-1/5", "2019-12-31 00:00",
                "2099-01-01", "1899-12-31", "19-1-1", "infinity", "2019-12-31 12:00"),
    Kind.PERIOD: ("2019-12", "2019-1", "2019-12-31", "201912", "2019-13", "2019/12", "2019年12月"),
    Kind.YEAR: ("2018", "2018年度", "18", "2099"),
    Kind.MONEY: ("1", "1.5", "1.55", "1.555", "-0.01", "1e5", "+1", "１", "1_000", "9999999999999", "99999999999999",
                 "1.", ".5", " 1", "-", "0x10", "nan"),
    Kind.WAN: ("1.123456", "1.1234567", "1e2", "-1"),
    Kind.COUNT: ("1", "-1", "1.0", "1e3", "0x1", "9" * 15, "9" * 16, "1_0"),
    Kind.QUANTITY: ("1.123", "1.1234", "1e400", "-0", "1_0"),
    Kind.CHOICE: ("不在其中", "1 "),
    Kind.MOMENT: ("2019-12-31 23:59:59", "2019-12-31", "2019/12/31 23:59"),
}  # fmt: skip


def cell(column: Column) -> st.SearchStrategy[str]:
    words = (*CELLS[column.kind], *(said for said, _ in column.choices))
    right = tuple(said for said, _ in column.choices) or ((A,) if column.name == "customer" else CELLS[column.kind][:1])
    return st.one_of(st.sampled_from(right), st.sampled_from(right), st.sampled_from(words), st.just(""))


def row(feed: Feed) -> st.SearchStrategy[str]:
    whole = st.tuples(*(cell(column) for column in feed.columns)).map(",".join)
    return st.one_of(
        whole, whole, whole.map(lambda line: line.replace(",", ',"', 1)), whole.map(lambda line: line + ",1")
    )


def judged(sql: Engine, feed: Feed, lines: list[str]) -> list[tuple[Any, ...]]:
    numbers = pa.array(range(2, len(lines) + 2), pa.int64())
    sql.offer("lines", pa.table([numbers, pa.array(lines, pa.string())], schema=SCHEMA))
    places = {column.name: place for place, column in enumerate(feed.columns, 1)}
    form = judge.Form(feed, places, len(places), date(2020, 3, 2), "TIMESTAMPTZ '2020-03-02'")
    judge.judge(sql, form, source="(SELECT *, NULL::VARCHAR AS unfit FROM lines)")
    columns = ", ".join(name for name in feed.types if name != "uscc")
    content = f"row({columns}, version)::VARCHAR"
    found = sql.rows(
        f"""SELECT row_number, outcome, CASE outcome WHEN 'good' THEN uscc || {content}
            WHEN 'quarantined' THEN rule || reason || line ELSE reason END FROM judged ORDER BY row_number"""
    )
    sql.withdraw("lines")
    return found


@pytest.mark.parametrize("feed", FEEDS.values(), ids=list(FEEDS))
def test_a_plain_row_is_what_the_exact_way_makes_of_it(
    feed: Feed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = judge._shape

    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(row(feed), min_size=60, max_size=180))  # many rows at once: asking costs more than reading
    def both(lines: list[str]) -> None:
        with engine.opened(tmp_path) as sql:
            sql.run(f"CREATE TEMP TABLE known AS SELECT '{A}' AS key, '{A}' AS uscc, true AS permitted"
                    f" UNION ALL SELECT '{B}', '{B}', false")  # fmt: skip
            sql.run("CREATE TEMP VIEW known_keys AS SELECT key, uscc FROM known")
            monkeypatch.setattr(judge, "_shape", shape)
            at_once = judged(sql, feed, lines)
            monkeypatch.setattr(judge, "_shape", lambda form: "nothing looks like this")
            assert at_once == judged(sql, feed, lines)

    both()


def test_most_rows_of_a_right_file_are_plain(tmp_path: Path) -> None:
    feed = FEEDS["sales_invoices"]
    with engine.opened(tmp_path) as sql:
        sql.run(f"CREATE TEMP TABLE known AS SELECT '{A}' AS key, '{A}' AS uscc, true AS permitted")
        judged(sql, feed, [f"{A},3500,1,2019-12-31,B1,1.00,0.13,1.13,有效发票,"] * 3)
        assert sql.rows("SELECT outcome FROM plainly") == [("good",)] * 3
