"""The business of a loaded platform so many times over, by set-based SQL: each copy is other enterprises'.

Keys of copies are made of the old key and the copy's number. What is numbered in time stays in time: the copies of an
entry follow it. As the database's administrator, without the look-ups of foreign keys, which hold by construction.
"""

import psycopg

KEY = "md5({0}::text || k)::uuid"
# Columns that name a row of a copied table, of whatever type; the others are copied as they are.
UUIDS = {
    "application": ("id", "form_token"), "application_move": ("application_id",),
    "loan_line": ("id", "application_id"), "loan": ("id", "line_id"), "loan_event": ("loan_id",),
}  # fmt: skip
TEXTS = {"uscc": "left({0}, 16) || lpad(k::text, 2, '0')", "number": "{0} || '-' || k"}
NUMBERED = ("application_move", "loan_event")
LEAN = {"contact_name": "''::bytea", "contact_phone": "''::bytea", "caller_name": "NULL", "caller_phone": "NULL"}


def multiply(times: int) -> int:
    """How many entries of loan books there are then."""
    from jinfuyun.config import database

    with psycopg.connect(database.admin_dsn(database.address().database), autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("SET maintenance_work_mem = '1GB'")
        for table in UUIDS:
            _multiply(admin, table, times)
        return admin.execute("SELECT count(*) FROM loan_event").fetchone()[0]


def _multiply(admin: psycopg.Connection, table: str, times: int) -> None:
    """Its indexes but the key's are dropped and built again, as whoever fills a table so does."""
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
    columns = ", ".join(f'"{name}"' for name in names)
    made = ", ".join(_copied(table, name, times) for name in names)
    if table in NUMBERED:  # first to where the copies leave room between the entries
        most = admin.execute(f"SELECT max(id) FROM {table}").fetchone()[0]
        made = made.replace("{MOST}", str(most))
    admin.execute(
        f"INSERT INTO {table} ({columns}) SELECT {made} FROM {table} t CROSS JOIN generate_series(1, {times - 1}) k"
        + (" ORDER BY t.id, k" if table in NUMBERED else "")
    )
    for _, definition in indexes:
        admin.execute(definition)
    admin.execute(f"ANALYZE {table}")


def _copied(table: str, name: str, times: int) -> str:
    column = f't."{name}"'
    if name in UUIDS[table]:
        return KEY.format(column)
    if name in ("id", "reverses_id"):
        return f"{{MOST}} + ({column} - 1) * {times - 1} + k"
    return LEAN.get(name) or TEXTS.get(name, "{0}").format(column)
