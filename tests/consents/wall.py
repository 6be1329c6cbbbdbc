"""Asking the database's last wall directly, past every check in Python."""

from django.db import connection

from jinfuyun.kit.grant import Category
from tests.documents import plant

EMPTY = {"department": "", "cut_off": "2020-01", "deliveries": [], "facts": [], "series": None}
ALL = [category.value for category in Category]


def put_documents(*usccs: str) -> None:
    """A document of every category for each enterprise, committed, as the nightly run would write it."""
    for uscc in usccs:
        plant(uscc, *(EMPTY | {"category": category} for category in ALL))


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
