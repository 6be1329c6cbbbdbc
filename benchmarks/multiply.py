"""The business of a loaded platform so many times over, by set-based SQL: each copy is other enterprises'.

Keys and numbers of copies are made of the old one and the copy's number, so they fit each other everywhere. What is
numbered in time stays in time: copies of an entry follow it. As the database's administrator and without looking up
foreign keys, which hold by construction. What no figure counts is not copied: accounts, names in consents, demands,
and the long columns, so that a province's hundred million fit on a disk.
"""

import psycopg

UUIDS = {
    "enterprises_enterprise": (), "consents_consent": ("id",), "application": ("id", "form_token"),
    "application_move": ("application_id",), "loan_line": ("id", "application_id"), "loan": ("id", "line_id"),
    "loan_event": ("loan_id",),
}  # fmt: skip
TEXTS = {"uscc": 18, "enterprise_id": 18, "number": 24}
LONG = {
    "enterprises_enterprise": {"registered": "'{}'"}, "consents_consent": {"letter": "''", "evidence": "''"},
    "loan": {"plan": "'[]'"},
}  # fmt: skip
NUMBERED = ("application_move", "loan_event")
FIRST_COPY = 1_000  # the next multiplying begins behind, so that no copy's copy meets a copy


def multiply(times: int, *, turn: int) -> int:
    """How many entries of loan books there are then; `turn`: how often it was multiplied before."""
    from jinfuyun.config import database

    with psycopg.connect(database.admin_dsn(database.address().database), autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("SET maintenance_work_mem = '1GB'")
        for table in UUIDS:
            _multiply(admin, table, times, FIRST_COPY * (turn + 1))
        return admin.execute("SELECT count(*) FROM loan_event").fetchone()[0]


def _multiply(admin: psycopg.Connection, table: str, times: int, first: int) -> None:
    """Its indexes but the keys are dropped and built again, as whoever fills a table does."""
    indexes = admin.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint)", [table],
    ).fetchall()  # fmt: skip
    for name, _ in indexes:
        admin.execute(f'DROP INDEX "{name}"')
    names = [
        name for (name,) in admin.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public'"
            " ORDER BY ordinal_position", [table],
        )
    ]  # fmt: skip
    most = admin.execute(f"SELECT max(id) FROM {table}").fetchone()[0] if table in NUMBERED else 0
    made = ", ".join(_copied(table, name, f"{most} + (t.id - 1) * {times} + k - {first}") for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    admin.execute(
        f"INSERT INTO {table} ({columns}) SELECT {made} FROM {table} t"
        f" CROSS JOIN generate_series({first + 1}, {first + times - 1}) k"
        + (" ORDER BY t.id, k" if table in NUMBERED else "")
    )
    for _, definition in indexes:
        admin.execute(definition)


def _copied(table: str, name: str, number: str) -> str:
    column = f't."{name}"'
    if empty := LONG.get(table, {}).get(name):
        return empty
    if name in UUIDS[table]:
        return f"md5({column}::text || k)::uuid"
    if name in TEXTS:
        return f"left(md5({column} || k), {TEXTS[name]})"
    if name in ("id", "reverses_id"):
        return number.replace("t.id", column)
    return column
