"""Rows into the tables by COPY, as the application's role and under every constraint.

What happens in time (moves, entries of books) is numbered in the order of its moments, as it would have come.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection, models
from psycopg.types.json import Jsonb

from jinfuyun.applications.models import Move
from jinfuyun.applications.rules import DAYS_MAX, DISBURSE_DAYS_MAX, TRANSITIONS, Act, Clock
from jinfuyun.demands.rules import TRANSITIONS as DEMAND_TRANSITIONS
from jinfuyun.kit.calendar import Notices, local_day
from jinfuyun.kit.refusals import REFUSALS
from jinfuyun.loans.models import LoanEvent
from jinfuyun.loans.rules import TRANSITIONS as LOAN_TRANSITIONS
from jinfuyun.storage.fields import EncryptedTextField, LookUpField

Cell = Callable[[Any], Any]
# Their numbers are given when all are there; until then those of the instances stand in a table of this transaction.
IN_TIME: tuple[tuple[type[models.Model], str], ...] = ((Move, ""), (LoanEvent, "reverses_id"))


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, ...], tuple[Cell, ...]]:
    """Names and how each is read off an instance; a number that the database gives is left out."""
    kept = [
        field for field in model._meta.concrete_fields if _is_staged(model) or not isinstance(field, models.AutoField)
    ]
    return tuple(str(field.column) for field in kept), tuple(_cell(field) for field in kept)


def _is_staged(model: type[models.Model]) -> bool:
    return any(model is staged for staged, _ in IN_TIME)


def _cell(field: "models.Field[Any, Any]") -> Cell:
    if isinstance(field, (EncryptedTextField, LookUpField)):
        return lambda row: field.pre_save(row, add=True)
    name = field.attname
    if isinstance(field, models.JSONField):
        return lambda row: None if getattr(row, name) is None else Jsonb(getattr(row, name))
    return lambda row: getattr(row, name)


def copy_in(rows: Sequence[models.Model]) -> int:
    """All of one model; how many."""
    model = type(rows[0])
    names, cells = _columns(model)
    table = f"staged_{model._meta.db_table}" if _is_staged(model) else f'"{model._meta.db_table}"'
    with connection.cursor() as cursor:
        columns = ", ".join(f'"{name}"' for name in names)
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as file:
            for row in rows:
                file.write_row([cell(row) for cell in cells])
    return len(rows)


def stage() -> None:
    with connection.cursor() as cursor:
        for model, _ in IN_TIME:
            table = model._meta.db_table
            cursor.execute(f"CREATE TEMPORARY TABLE staged_{table} AS SELECT * FROM {table} WITH NO DATA")


def unstage() -> None:
    """What was staged goes to its table in the order of time, numbered by the table's own sequence."""
    with connection.cursor() as cursor:
        for model, refers in IN_TIME:
            table = model._meta.db_table
            names = [name for name in _columns(model)[0] if name not in ("id", refers)]
            columns, read = (", ".join(f'{of}"{name}"' for name in names) for of in ("", "s."))
            cursor.execute(
                f"CREATE TEMPORARY TABLE numbered AS SELECT nextval(pg_get_serial_sequence('{table}', 'id')) AS fresh,"
                f" id FROM (SELECT id FROM staged_{table} ORDER BY at, id) s"
            )
            joined = f" LEFT JOIN numbered r ON r.id = s.{refers}" if refers else ""
            cursor.execute(
                f"INSERT INTO {table} (id, {f'{refers}, ' if refers else ''}{columns})"
                f" SELECT n.fresh, {'r.fresh, ' if refers else ''}{read}"
                f" FROM staged_{table} s JOIN numbered n ON n.id = s.id{joined} ORDER BY n.fresh"
            )
            cursor.execute(f"DROP TABLE numbered, staged_{table}")


def authorise() -> None:
    """Departments are told of the consents in force of which they were not told yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO serving.authorised (uscc, category, consent_number, pdf_sha256, start_on, end_on)"
            " SELECT enterprise_id, unnest(categories), number, pdf_sha256, start_on, end_on FROM consents_consent"
            " c WHERE state = 'active' AND NOT EXISTS (SELECT FROM serving.authorised a"
            " WHERE a.consent_number = c.number)"
        )


def check_constraints() -> None:
    """Foreign keys are asked at the end of a transaction; here the loader itself is to fail."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# -- what must hold --------------------------------------------------------------------------------------------------

SHOWN_MAX = 3  # of the rows that break an invariant
_PARTS = re.split(r"^-- invariant: (.+)\n", Path(__file__).with_name("invariants.sql").read_text(), flags=re.MULTILINE)
INVARIANTS = dict(zip(_PARTS[1::2], _PARTS[2::2], strict=True))
# How long each move's clock runs: act, security, days of the table, whose promise of the product may be shorter.
CLOCKS: tuple[tuple[str, str, int, str], ...] = (
    (Act.SUBMIT, "", DAYS_MAX[Clock.ACCEPT], "accept"), (Act.ACCEPT, "", DAYS_MAX[Clock.CONTACT], ""),
    (Act.CONTACT, "", DAYS_MAX[Clock.DECIDE], "approve"), (Act.REOPEN, "", DAYS_MAX[Clock.DECIDE], "approve"),
    (Act.APPEAL, "", DAYS_MAX[Clock.RECONSIDER], ""),
    *((Act.ACCEPT_OFFER, security, days, "disburse") for security, days in DISBURSE_DAYS_MAX.items()),
)  # fmt: skip
MOVES = (("submit", "", "submitted"), *((one.act, was, one.target) for one in TRANSITIONS for was in one.sources))
ENTRIES = tuple((one.act, was, one.target or "") for one in LOAN_TRANSITIONS for was in one.sources or ("",))
STEPS = tuple((one.act, was, one.target) for one in DEMAND_TRANSITIONS for was in one.sources)
PATH = "(act text, source text, target text)"
TABLES: tuple[tuple[str, str, Sequence[Sequence[str | int]]], ...] = (
    ("may_move", PATH, MOVES), ("may_enter", PATH, ENTRIES), ("may_step", PATH, STEPS),
    ("coded", "(code text, basis text)", [(one.code, one.basis) for one in REFUSALS]),
    ("days_of", "(act text, security text, days int, promise text)", CLOCKS),
)  # fmt: skip


def broken(
    cursor: Any, *, at: datetime, notices: Notices, names: Iterable[str] = INVARIANTS
) -> dict[str, list[str]]:  # fmt: skip
    """Each invariant that does not hold at that moment, with some of the rows that break it."""
    today, found = local_day(at), {}
    for table, shape, rows in TABLES:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} {shape}")
        cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)
    cursor.execute("DROP TABLE IF EXISTS pg_temp.working_day")
    cursor.execute(
        "CREATE TEMPORARY TABLE working_day AS SELECT day, works, sum(works::int) OVER (ORDER BY day)::int AS upto FROM"
        " (SELECT d::date AS day, d::date = ANY(%s) OR extract(isodow FROM d) < 6 AND d::date <> ALL(%s) AS works"
        " FROM generate_series(date '2018-01-01', %s::date + 400, interval '1 day') d) days",
        [sorted(notices.days_worked), sorted(notices.days_off), today],
    )
    cursor.execute("ANALYZE working_day")
    for name in names:
        cursor.execute(f"SELECT * FROM ({INVARIANTS[name]}) AS breaking LIMIT {SHOWN_MAX}", {"today": today})
        if rows := cursor.fetchall():
            found[name] = [str(row[0]) for row in rows]
    return found
