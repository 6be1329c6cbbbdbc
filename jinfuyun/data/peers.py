"""With whom an enterprise is compared: the median tax burden of its industry, made once for each month and kept.

A median that followed every delivery would move everybody's figure each day. So the night closes a month when all have
had time to file for it: its medians stand from then on, whatever comes later, and documents of the tax chapter are
written anew only when another month was closed.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import pyarrow as pa

from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.indicators.measure import Measurer
from jinfuyun.data.indicators.tax import TAX
from jinfuyun.data.ingest import shelves
from jinfuyun.data.lake.engine import Engine, quoted
from jinfuyun.data.lake.tables import Lake
from jinfuyun.kit import industries

ENTERPRISES_MIN = 10  # a median of fewer would tell of single ones


def month_to_close(told_until: Sequence[date | None], today: date) -> date | None:
    """The last day of the newest month for which everybody has had a month to file, and of which all feeds told."""
    if any(day is None for day in told_until):
        return None
    before_last = (today.replace(day=1) - timedelta(days=1)).replace(day=1) - timedelta(days=1)
    after = min(day for day in told_until if day) + timedelta(days=1)
    return min(before_last, after.replace(day=1) - timedelta(days=1))


def newest(lake: Lake, sql: Engine) -> date | None:
    """The last day of the month that was closed last."""
    (day,) = sql.row(f"SELECT max(month) FROM {lake.scan(shelves.MEDIANS)}")
    return day if isinstance(day, date) else None


def close(lake: Lake, sql: Engine, month: date, subject: pa.Table, *, measure: Measurer, today: date) -> dict[str, int]:
    """The version with the medians of `month` (its last day) among `subject` (uscc, category)."""
    sql.offer("subject", subject)
    tables = {feed.name: lake.scan(shelves.current(feed)) for feed in TAX.all_feeds}
    measure(sql, TAX, tables, coverage=lake.scan(shelves.COVERAGE), as_of=month, today=today)
    made = f"DATE '{month}' AS month, DATE '{today}' AS made_on"
    return lake.append(sql, shelves.MEDIANS, f"SELECT {made}, * FROM ({medians_sql(_divided(lake, sql), month)})")


def medians_sql(divided: str, month: date) -> str:
    """Industry division, median in basis points, of how many; and a row "" of all, by which the month is closed."""
    return f"""
        WITH placed AS (
            SELECT d.division, m.tax_burden_r12 AS burden,
                row_number() OVER (PARTITION BY d.division ORDER BY m.tax_burden_r12) AS place,
                count(*) OVER (PARTITION BY d.division) AS enterprises
            FROM measured m JOIN {divided} d ON d.uscc = m.uscc
            WHERE m.cut_day = DATE '{month}' AND m.tax_burden_r12 IS NOT NULL)
        SELECT division, round(CAST(sum(burden) AS DOUBLE) / count(*)) AS burden_bp, max(enterprises) AS enterprises
        FROM placed WHERE enterprises >= {ENTERPRISES_MIN} AND 2 * place BETWEEN enterprises AND enterprises + 2
        GROUP BY division UNION ALL SELECT '', NULL, count(*) FROM placed"""


def peers(lake: Lake, sql: Engine) -> str:
    """SQL in brackets, a row for each of `subject` and month closed: uscc, month, burden_bp, enterprises, told."""
    told = "d.name || ' ' || strftime(m.month, '%Y-%m') || '，' || m.enterprises || ' 户，' || m.burden_bp / 100 || '%'"
    return (
        f"(SELECT d.uscc, m.month, m.burden_bp, {told} AS told FROM {_divided(lake, sql)} d"
        f" JOIN {lake.scan(shelves.MEDIANS)} m ON m.division = d.division)"
    )


def _divided(lake: Lake, sql: Engine) -> str:
    """SQL in brackets: uscc, division (two digits, GB/T 4754) and its name, of `subject` as far as it is known."""
    mine = f"(SELECT uscc, industry FROM {lake.scan(shelves.current(FEEDS['registration']))} r"
    mine += " WHERE uscc IN (SELECT uscc FROM subject) AND industry IS NOT NULL)"
    meant = [(words, industries.division_of(words)) for (words,) in sql.rows(f"SELECT DISTINCT industry FROM {mine}")]
    rows = [f"({quoted(words)}, {quoted(one.code)}, {quoted(one.name)})" for words, one in meant if one]
    values = f"(VALUES {', '.join(rows)})" if rows else "(SELECT '', '', '' WHERE false)"
    named = f"{values} AS w(words, division, name)"
    return f"(SELECT r.uscc, w.division, w.name FROM {mine} r JOIN {named} ON w.words = r.industry)"
