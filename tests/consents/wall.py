"""Asking the database's last wall directly, past every check in Python."""

import psycopg
from django.db import connection

from jinfuyun.config import database
from jinfuyun.kit.grant import Category

ALL = [category.value for category in Category]


def put_documents(*usccs: str) -> None:
    """A document of every category for each enterprise, committed, as the nightly run would write it."""
    with psycopg.connect(database.dsn("jinfuyun_data"), autocommit=True) as data:
        for uscc in usccs:
            for category in ALL:
                data.execute(
                    "INSERT INTO serving.document (uscc, category, release, body) VALUES (%s, %s, 1, '{}')"
                    " ON CONFLICT DO NOTHING",
                    [uscc, category],
                )


def ask(
    consent: str, *, reader: tuple[str, str], purpose: str, categories: list[str], at: object, because: str = ""
) -> tuple[str | None, set[str]]:
    """Why it was refused (None if not), and the categories that came out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT refusal, category FROM serving.read_documents(%s, %s, %s, %s, %s, 'tester', 'tester', %s, %s)",
            [consent, *reader, purpose, categories, at, because],
        )
        rows = cursor.fetchall()
    refusals = [row[0] for row in rows if row[0]]
    return (refusals[0] if refusals else None), {row[1] for row in rows if row[1]}
