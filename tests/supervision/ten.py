"""Runs ten.sql and puts its answers beside the platform's: (figure, month, city) → value, what is nothing left out.

The two tables that several statements read: drawdowns that count, and how each loan stood at the end of each month,
which is the last entry of its book by then.
"""

import re
from pathlib import Path

PARTS = re.split(r"^-- indicator: (.+)\n", Path(__file__).with_name("ten.sql").read_text(), flags=re.MULTILINE)
STATEMENTS = dict(zip(PARTS[1::2], PARTS[2::2], strict=True))
PROVINCE = "350000"
READ = (
    "CREATE TEMPORARY TABLE months AS SELECT to_char(a, 'YYYY-MM') AS month,"
    " (a + interval '1 month') AT TIME ZONE 'Asia/Shanghai' AS until"
    " FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 month') a",
    # Each county's city, and the province over all of them.
    "CREATE TEMPORARY TABLE places AS SELECT region_code, unnest(ARRAY[CASE region_code WHEN '350128' THEN region_code"
    " ELSE left(region_code, 4) || '00' END, '350000']) AS city FROM (SELECT DISTINCT region_code FROM"
    " enterprises_enterprise) regions",
    "CREATE TEMPORARY TABLE lent AS SELECT l.drawn_on, p.city, l.amount_fen, l.rate_bp, l.is_first_loan, i.security,"
    " left(a.industry_code, 1) AS section FROM loan l JOIN loan_line i ON i.id = l.line_id"
    " JOIN application a ON a.id = i.application_id JOIN places p ON p.region_code = i.region_code"
    " WHERE l.state <> 'reversed' AND l.answer <> 'disputed'",
    "CREATE TEMPORARY TABLE spans AS SELECT e.*, p.city FROM (SELECT loan_id, target, balance_fen, at AS since,"
    " lead(at) OVER (PARTITION BY loan_id ORDER BY id) AS until FROM loan_event) e"
    " JOIN loan l ON l.id = e.loan_id JOIN loan_line i ON i.id = l.line_id"
    " JOIN places p ON p.region_code = i.region_code",
    "CREATE TEMPORARY TABLE stood AS SELECT m.month, s.city, s.target, s.balance_fen FROM months m JOIN spans s"
    " ON s.since <= m.until AND (s.until > m.until OR s.until IS NULL)",
)
TABLES = ("months", "places", "lent", "spans", "stood")


def recomputed(cursor, *, first, last):
    """From the rows by ten.sql, for the months from `first` to `last` (their first days)."""
    prepare(cursor, first=first, last=last)
    found = {}
    for name, statement in STATEMENTS.items():
        cursor.execute(statement)
        found |= {(name, month, city): int(value) for month, city, value in cursor.fetchall() if value}
    return {key: value for key, value in found.items() if f"{first:%Y-%m}" <= key[1] <= f"{last:%Y-%m}"}


def prepare(cursor, *, first, last):
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(TABLES)}")
    for statement in READ:
        cursor.execute(statement, {"first": first, "last": last})


def counted(months):
    """By the platform's own definitions."""
    from jinfuyun.supervision.queries import month_span
    from jinfuyun.supervision.queries.counting import counted, total_of, values_of

    found = {}
    for month in months:
        places = counted(STATEMENTS, month_span(month))
        rows = {code: counts for code, counts in places.items() if code.startswith("35")}
        for code, counts in (rows | {PROVINCE: total_of(places, with_xiamen=True)}).items():
            values = values_of(counts)
            found |= {(name, month, code): values[name] for name in STATEMENTS if values[name]}
    return found


def by_industry(cursor, *, first, last):
    """Drawdowns of the span by section and city, in fen; `prepare` was called."""
    cursor.execute(
        "SELECT section, city, sum(amount_fen) FROM lent WHERE drawn_on >= %s AND drawn_on < %s AND city <> '350000'"
        " GROUP BY 1, 2",
        [first, last],
    )
    return {(section, city): int(fen) for section, city, fen in cursor.fetchall()}
