"""Every indicator has a file of its own name with cases: rows → value.

    covers_until: 2020-02-21                    every feed has told of the enterprise up to this day
    columns: {penalties: [decided_on, severity]}  what the rows below state; everything else is empty
    cases:
      - why: what the case shows
        rows: {penalties: [[2019-05-01, minor]]}
        value: 1
        behind: 1                               optional: how many delivered rows stand behind it

`peers` is no feed: it says with what the enterprise is compared. Money stands in fen. All cases of one source are
measured together, each as an enterprise of its own, so that none may leak into another.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import yaml

from jinfuyun.data.departments.contract import Access
from jinfuyun.data.indicators import measure as measuring
from jinfuyun.data.indicators import portable
from jinfuyun.data.indicators.contract import UNITS, Indicator, Source
from jinfuyun.data.indicators.measure import measure
from jinfuyun.data.indicators.registry import SOURCES, readers_of, statements
from jinfuyun.data.ingest import shelves
from jinfuyun.data.lake import engine
from jinfuyun.data.lake.engine import Engine, quoted
from jinfuyun.kit.grant import Category
from tests.data.codes import A

HERE = Path(__file__).parent
BY_NAME = {indicator.name: (source, indicator) for source in SOURCES for indicator in source.indicators}
MATERIAL = 60  # at least so many indicators


@cache
def content(name: str) -> dict[str, Any]:
    return yaml.safe_load((HERE / f"{name}.yaml").read_text())


def cases_of(source: Source) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """(enterprise, indicator, file, case) of every case of a source."""
    for indicator in source.indicators:
        if (HERE / f"{indicator.name}.yaml").exists():
            found = content(indicator.name)
            for number, case in enumerate(found["cases"]):
                yield f"{indicator.name}/{number}", indicator.name, found, case


def literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return f"DATE '{value}'" if isinstance(value, date) else quoted(value) if isinstance(value, str) else repr(value)


def table(columns: Mapping[str, str], rows: list[tuple[str, dict[str, Any]]], **more: str) -> str:
    """SQL of rows as the lake keeps them: (enterprise, columns that are filled)."""
    told = [more | {"uscc": uscc} | given for uscc, given in rows] or [{}]
    assert not {name for row in told for name in row} - set(columns), "no such column"
    values = ", ".join("(" + ", ".join(literal(row.get(name)) for name in columns) + ")" for row in told)
    cast = ", ".join(f"{name}::{kind} AS {name}" for name, kind in columns.items())
    return f"(SELECT {cast} FROM (VALUES {values}) AS v({', '.join(columns)}) WHERE uscc IS NOT NULL)"


def told(found: dict[str, Any], case: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(feed, row) of a case."""
    for feed, rows in (case["rows"] or {}).items():
        for row in rows:
            yield feed, dict(zip(found["columns"][feed], row, strict=True))


def arrow(rows: Sequence[tuple[Any, ...]], **types: pa.DataType) -> pa.Table:
    return pa.table({name: pa.array([row[i] for row in rows], kind) for i, (name, kind) in enumerate(types.items())})


def measured(
    sql: Engine,
    source: Source,
    rows: list[tuple[str, str, dict[str, Any]]],
    covers: list[tuple[str, str, date]],
    subjects: list[tuple[str, str]],
    **more: Any,
) -> None:
    """`rows`: (enterprise, feed, row). `covers`: (enterprise, feed, until). `subjects`: (enterprise, category)."""
    sql.offer("subject", arrow(subjects, uscc=pa.string(), category=pa.string()))
    sql.offer("cover", arrow(covers, uscc=pa.string(), feed=pa.string(), covers_until=pa.date32()))
    coverage = "(SELECT *, 'D1' AS delivery, 1 AS row_count FROM cover)"
    tables = {feed.name: table(shelves.current(feed).columns, _of(feed.name, rows), delivery="D1")
              for feed in source.all_feeds}  # fmt: skip
    peers = table(measuring.PEERS, _of("peers", rows))
    measure(sql, source, tables, coverage=coverage, as_of=more.pop("as_of", None), peers=peers, **more)


def _of(name: str, rows: list[tuple[str, str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    return [(uscc, row) for uscc, feed, row in rows if feed == name]


def everything(*usccs: str) -> list[tuple[str, str]]:
    return [(uscc, str(category)) for uscc in usccs for category in Category]


def measured_cases(sql: Engine, source: Source) -> None:
    """All cases of a source, each an enterprise."""
    cases = list(cases_of(source))
    rows = [(uscc, feed, row) for uscc, _, file, case in cases for feed, row in told(file, case)]
    covers = [(uscc, feed.name, file["covers_until"]) for uscc, _, file, _ in cases for feed in source.all_feeds]
    measured(sql, source, rows, covers, everything(*(case[0] for case in cases)))


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What every case of every source gives: enterprise → column → value."""
    found: dict[str, dict[str, Any]] = {}
    for source in SOURCES:
        with engine.opened(tmp_path_factory.mktemp("work")) as sql:
            measured_cases(sql, source)
            for uscc, name, _, _ in cases_of(source):
                ((value, behind),) = sql.rows(f"SELECT {name}, {name}_rows FROM measured WHERE uscc = {quoted(uscc)}")
                found[uscc] = {"value": value, "behind": behind}
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.category)
def test_many_enterprises_are_measured_as_few_are(tmp_path, monkeypatch, source):
    """Of few the rows are looked for once and kept, of many they are read where they lie."""
    with engine.opened(tmp_path) as sql:
        measured_cases(sql, source)
        few = sql.rows("SELECT * FROM measured ORDER BY uscc")
        assert sql.row(f"SELECT count(*) FROM {source.feeds[0]}_given")[0] > 0
        monkeypatch.setattr(measuring, "FEW", 0)
        measured_cases(sql, source)
        assert sql.rows("SELECT * FROM measured ORDER BY uscc") == few
        assert sql.rows("SELECT 1 FROM duckdb_tables() WHERE table_name LIKE '%_given'") == []


EVERY_CASE = [
    pytest.param(uscc, case, id=f"{name}: {case['why']}")
    for source in SOURCES
    for uscc, name, _, case in cases_of(source)
]


@pytest.mark.parametrize(("uscc", "case"), EVERY_CASE)
def test_rows_give_the_value(values, uscc, case):
    expected = {"value": case["value"]} | ({"behind": case["behind"]} if "behind" in case else {})
    assert {key: values[uscc][key] for key in expected} == expected


def test_every_indicator_has_its_cases():
    assert {path.stem for path in HERE.glob("*.yaml")} == set(BY_NAME)
    assert len(BY_NAME) >= MATERIAL


def known_case(indicator: Indicator, found: dict[str, Any]) -> dict[str, Any]:
    return next(case for case in found["cases"] if case["value"] is not None)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.category)
def test_a_figure_is_unknown_where_one_of_its_feeds_never_came(tmp_path, source):
    """Each feed in turn has told nothing; a figure that does not need it stays as it was."""
    with engine.opened(tmp_path) as sql:
        for missing in source.feeds:
            rows, covers, expected = [], [], {}
            for indicator in source.indicators:
                found = content(indicator.name)
                case = known_case(indicator, found)
                rows += [(indicator.name, feed, row) for feed, row in told(found, case) if feed != missing]
                covers += [
                    (indicator.name, f.name, found["covers_until"]) for f in source.all_feeds if f.name != missing
                ]
                if missing in indicator.feeds:
                    expected[indicator.name] = [] if len(source.feeds) == 1 else [(None, 0)]
                elif not source.first_ago:
                    expected[indicator.name] = [(case["value"], None)]
            measured(sql, source, rows, covers, everything(*(each.name for each in source.indicators)))
            for name, told_of in expected.items():
                columns = f"{name}, {name}_rows" if told_of and told_of[0][0] is None else f"{name}, NULL"
                assert sql.rows(f"SELECT {columns} FROM measured WHERE uscc = {quoted(name)}") == told_of, (
                    name,
                    missing,
                )


BORROWING = [(source, indicator) for source in SOURCES for indicator in source.indicators
             if set(indicator.feeds) - set(source.feeds)]  # fmt: skip


@pytest.mark.parametrize(("source", "indicator"), BORROWING, ids=[each.name for _, each in BORROWING])
def test_a_ratio_across_categories_needs_a_consent_to_both(tmp_path, source, indicator):
    found = content(indicator.name)
    case = known_case(indicator, found)
    rows = [(A, feed, row) for feed, row in told(found, case)]
    covers = [(A, feed.name, found["covers_until"]) for feed in source.all_feeds]
    wanted = f"SELECT {indicator.name} FROM measured"
    with engine.opened(tmp_path) as sql:
        measured(sql, source, rows, covers, [(A, source.category)])
        assert sql.rows(wanted) == [(None,)]
        assert sum(sql.row(f"SELECT count(*) FROM {name}_told")[0] for name in source.borrowed) == 0
        measured(sql, source, rows, covers, everything(A))
        assert sql.rows(wanted) == [(case["value"],)]
        late = [(A, name, day - timedelta(days=40) if name in source.borrowed else day) for _, name, day in covers]
        measured(sql, source, rows, late, everything(A))
        assert sql.rows(wanted) == [(None,)], "a borrowed feed that ends earlier would leave months out"


def test_whose_consent_lacks_the_category_is_not_measured(tmp_path):
    source, _ = BY_NAME["sales_r12"]
    with engine.opened(tmp_path) as sql:
        covers = [(A, "sales_invoices", date(2020, 2, 21))]
        measured(sql, source, [], covers, [(A, "tax")])
        assert sql.rows("SELECT * FROM measured") == []


def test_as_of_hides_what_came_later(tmp_path):
    source, _ = BY_NAME["sales_r12"]
    columns = ("issued_on", "net_fen", "state")
    sold = [(date(2019, 6, 1), 1000, "valid"), (date(2019, 12, 1), 500, "valid")]
    rows = [(A, "sales_invoices", dict(zip(columns, row, strict=True))) for row in sold]
    with engine.opened(tmp_path) as sql:
        covers = [(A, "sales_invoices", date(2020, 2, 21))]
        measured(sql, source, rows, covers, everything(A), as_of=date(2019, 11, 30))
        assert sql.rows("SELECT sales_r12, strftime(month, '%Y-%m') FROM measured") == [(1000, "2019-11")]


def test_a_bad_record_ends_on_its_day(tmp_path):
    source, _ = BY_NAME["penalties_in_force"]
    row = {"decided_on": date(2019, 1, 1), "ends_on": date(2020, 3, 1)}
    with engine.opened(tmp_path) as sql:
        for today, count in ((date(2020, 3, 1), 1), (date(2020, 3, 2), 0)):
            covers = [(A, "penalties", date(2020, 2, 21))]
            measured(sql, source, [(A, "penalties", row)], covers, everything(A), today=today)
            assert sql.rows("SELECT penalties_in_force FROM measured") == [(count,)]


def test_a_public_register_has_told_of_everybody(tmp_path):
    """Somebody else's penalty says that this enterprise has none; a register that never came says nothing."""
    source, _ = BY_NAME["penalties_in_force"]
    with engine.opened(tmp_path) as sql:
        measured(sql, source, [], [("another", "penalties", date(2020, 2, 21))], everything(A))
        assert sql.rows("SELECT penalties_in_force, abnormal_listed FROM measured") == [(0, None)]


def test_names_are_unique_and_units_are_known():
    every = [indicator for source in SOURCES for indicator in source.indicators]
    assert len(every) == len(BY_NAME)
    assert {indicator.unit for indicator in every} <= set(UNITS)
    stages = [stage.name for source in SOURCES for stage in source.stages]
    assert len(stages) == len(set(stages))
    for source in SOURCES:
        names = [name for stage in source.stages for name, _ in stage.sums + stage.values]
        names += [indicator.name for indicator in source.indicators]
        assert len(names) == len(set(names)), source.category


def test_a_feed_leads_to_every_document_it_is_in():
    assert readers_of("sales_invoices") == ("tax", "invoices", "social_insurance", "electricity")
    assert readers_of("taxpayers") == ()


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.category)
def test_every_statement_can_be_said_in_the_other_dialect(source):
    assert all(portable.translated(sql) for sql in statements(source))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.category)
def test_what_changes_with_the_day_says_of_whom(source):
    timed = "today" in repr((source.stages, source.indicators, source.lists))
    assert source.daily or not timed


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.category)
def test_only_feeds_under_consent_are_borrowed(source):
    """Whoever is not in a public register is told of all the same; that must not stand in for a consent."""
    borrowed = [feed for feed in source.all_feeds if feed.name not in source.feeds]
    assert all(feed.access is Access.CONSENTED for feed in borrowed)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT list(a ORDER BY b) FROM t",
        "SELECT quantile_cont(a, 0.5) FROM t",
        "SELECT max(a, 5) FROM t WHERE try_strptime(b, '%Y') IS NULL",
        "SELECT date_diff('month', a, b) FROM t",
        "SELECT arg_max(a, b) FROM t",
        "SELECT FROM WHERE",
    ],
)
def test_what_another_engine_would_understand_otherwise_is_refused(sql):
    with pytest.raises(portable.NotPortable):
        portable.check(sql)


def test_the_allowed_functions_are_all_used():
    """A function nobody needs was looked at by nobody."""
    used = {name for source in SOURCES for sql in statements(source) for name in portable.functions(sql)}
    assert used == portable.FUNCTIONS


def test_duckdb_rounds_halves_away_from_zero():
    assert duckdb.sql("SELECT round(0.5::DOUBLE), round(-2.5::DOUBLE)").fetchall() == [(1.0, -3.0)]
