"""What SQL of indicators may say: only what every engine understands alike, checked by a test and before Spark runs.

The SELECTs run in DuckDB and, translated by sqlglot, in Spark. Some translations are silently wrong (a list loses its
order, quantiles differ, months between days are counted otherwise), so a function stands here after it was looked at.
"""

import sqlglot
from sqlglot import exp

# sqlglot's names. Aggregates; then scalars; then windows.
FUNCTIONS = frozenset({
    "SUM", "COUNT", "MIN", "MAX", "BITWISE_OR_AGG",
    "ABS", "ROUND", "SQRT", "GREATEST", "LEAST", "COALESCE", "NULLIF", "CASE", "IF", "CAST", "BIT_COUNT",
    "YEAR", "MONTH", "DAY", "LAST_DAY", "TIMESTAMP_TRUNC", "DATEDIFF",
    "ROW_NUMBER", "LAG", "AND", "OR",
})  # fmt: skip
DAYS = "DAY"  # the only unit in which two days are subtracted
SHOWN = 400  # characters of a statement in an error


class NotPortable(Exception):
    """SQL says what another engine would not, or would understand otherwise."""


def translated(sql: str) -> str:
    """The statement in Spark's dialect. Raises NotPortable."""
    check(sql)
    try:
        return sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)[0]
    except sqlglot.errors.SqlglotError as trouble:
        raise NotPortable(f"{trouble} in {sql[:SHOWN]}") from trouble


def check(sql: str) -> None:
    """Every function of a statement is listed. Raises NotPortable."""
    parsed = _parsed(sql)
    for found in parsed.find_all(exp.Func):
        if _name(found) not in FUNCTIONS:
            raise NotPortable(f"{_name(found)} is not on the list, in {sql[:SHOWN]}")
        if isinstance(found, exp.DateDiff) and str(found.args.get("unit")).upper() != DAYS:
            raise NotPortable(f"only days are subtracted, in {sql[:SHOWN]}")
        if isinstance(found, exp.Max) and found.expressions:
            raise NotPortable(f"max gives one value, in {sql[:SHOWN]}")
    for shift in parsed.find_all(exp.BitwiseLeftShift):
        if isinstance(shift.this, exp.Literal):
            raise NotPortable(f"a bare number shifted has 32 bits elsewhere, in {sql[:SHOWN]}")


def functions(sql: str) -> set[str]:
    """The functions of a statement, by sqlglot's names."""
    return {_name(found) for found in _parsed(sql).find_all(exp.Func)}


def _parsed(sql: str) -> exp.Expr:
    try:
        return sqlglot.parse_one(sql, read="duckdb")
    except sqlglot.errors.SqlglotError as trouble:
        raise NotPortable(f"{trouble} in {sql[:SHOWN]}") from trouble


def _name(function: exp.Func) -> str:
    return function.name.upper() if isinstance(function, exp.Anonymous) else function.sql_name()
