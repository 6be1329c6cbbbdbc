"""The platform's database: three roles that may do less and less, and where to find them.

owner  makes tables (migrations) and owns the functions that check a consent before a document leaves;
app    pages, jobs, actions: cannot change the book, cannot read documents but through that function;
data   ingest and the nightly run: writes documents, reads no business table.
"""

import os
from dataclasses import dataclass

import psycopg
from psycopg import conninfo, sql

from jinfuyun.config import keys, places, postgres

NAME = "jinfuyun"
# What the data plane serves from; applied before the migrations, which put the last wall around it.
SERVING_TABLES = places.ROOT / "jinfuyun" / "data" / "lake" / "serving.sql"
ROLES = ("jinfuyun_owner", "jinfuyun_app", "jinfuyun_data")
PREPARING_LOCK = 0x6A66_7270  # any number that nothing else locks; gone with the connection


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is, and the login that may create roles and databases there."""

    host: str
    port: int
    admin: str
    admin_password: str
    database: str
    embedded: bool


def address() -> Address:
    """The outside server of DATABASE_URL, else the embedded one."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return Address(
            host=str(postgres.socket_folder(places.POSTGRES)), port=postgres.PORT, admin="postgres",
            admin_password=keys.database_passwords()["postgres"], database=NAME, embedded=True,
        )  # fmt: skip
    parts = conninfo.conninfo_to_dict(url)
    return Address(
        host=str(parts.get("host", "127.0.0.1")), port=int(parts.get("port") or 5432),
        admin=str(parts.get("user", "postgres")), admin_password=str(parts.get("password") or ""),
        database=str(parts.get("dbname") or NAME), embedded=False,
    )  # fmt: skip


def dsn(role: str, *, at: Address | None = None) -> str:
    """Connection string of one role."""
    place = at or address()
    return conninfo.make_conninfo(
        host=place.host, port=place.port, dbname=place.database, user=role, password=keys.database_passwords()[role]
    )


def admin_dsn(database: str, *, at: Address | None = None) -> str:
    place = at or address()
    return conninfo.make_conninfo(
        host=place.host, port=place.port, dbname=database, user=place.admin, password=place.admin_password
    )


def prepare() -> None:
    """Roles, database and rights, as often as one likes. Tables come from the migrations afterwards."""
    place = address()
    with psycopg.connect(admin_dsn("postgres"), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [PREPARING_LOCK])  # roles belong to the server: one at a time
        for role in ROLES:
            known = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            server.execute(
                sql.SQL("{} ROLE {} LOGIN NOSUPERUSER PASSWORD {}").format(
                    verb, sql.Identifier(role), sql.Literal(keys.database_passwords()[role])
                )
            )
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [place.database]).fetchone():
            server.execute(
                sql.SQL("CREATE DATABASE {} OWNER jinfuyun_owner ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(place.database)
                )
            )
    with psycopg.connect(admin_dsn(place.database), autocommit=True) as database:
        database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        database.execute("ALTER SCHEMA public OWNER TO jinfuyun_owner")
        database.execute("GRANT USAGE ON SCHEMA public TO jinfuyun_app")
        for rights in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES"):
            database.execute(
                sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE jinfuyun_owner IN SCHEMA public GRANT {} TO jinfuyun_app")
                .format(sql.SQL(rights))
            )  # fmt: skip
    with psycopg.connect(dsn("jinfuyun_owner"), autocommit=True) as owner:
        owner.execute(SERVING_TABLES.read_bytes())
