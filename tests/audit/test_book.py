"""The book: what is written stays, and every change by force is found.

Seen red, each alone: the rights of the application not taken away, the content or the digest before it left out of a
seal, the seal, the signature or the signed digest not compared, the gap not told.
"""

from datetime import UTC, datetime

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from jinfuyun.audit import actions, queries
from jinfuyun.audit.models import Line
from jinfuyun.audit.rules import next_digest, what_is_wrong
from jinfuyun.config import database
from jinfuyun.kit.actor import platform

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()


def wrong() -> list[str]:
    return what_is_wrong(queries.chain(), queries.heads(), KEY.public_key())


def write(count: int) -> None:
    for number in range(count):
        actions.record("test.line", subject=f"thing:{number}", by=platform("test"), at=MONDAY, number=number)


def by_force(statement: str) -> None:
    """As a superuser, with every guard of the database switched off."""
    with psycopg.connect(database.admin_dsn(database.address().database), autocommit=True) as server:
        server.execute("SET session_replication_role = replica")
        server.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE audit_line SET action = 'x'", "DELETE FROM audit_line",
                                       "TRUNCATE audit_line CASCADE", "DELETE FROM audit_seal"])  # fmt: skip
def test_the_application_can_neither_change_nor_remove_a_line(statement: str) -> None:
    write(1)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db
def test_sealing_links_every_line_once_and_signs_the_head() -> None:
    write(5)
    head = actions.seal(key=KEY, at=MONDAY)
    assert head is not None and head.position == 5
    assert actions.seal(key=KEY, at=MONDAY) is None
    write(2)
    assert queries.unsealed().count() == 2
    actions.seal(key=KEY, at=MONDAY)
    assert [link.position for link in queries.chain()] == list(range(1, 8))
    assert wrong() == []


@pytest.mark.parametrize(("damage", "said"), [
    ("UPDATE audit_line SET detail = '{\"number\": 9}' WHERE subject = 'thing:1'", "第 2 条与其封印不符"),
    ("UPDATE audit_line SET at = at + interval '1 hour' WHERE subject = 'thing:2'", "第 3 条与其封印不符"),
    ("DELETE FROM audit_seal WHERE position = 2", "第 2 条缺失或顺序被改动"),
    ("DELETE FROM audit_line WHERE subject = 'thing:1'", "第 2 条缺失或顺序被改动"),
    ("DELETE FROM audit_seal WHERE position = 4", "账本与已签名的第 4 条不符（被截断或改写）"),
    ("UPDATE audit_seal SET position = CASE position WHEN 1 THEN 102 ELSE 101 END WHERE position <= 2",
     "第 1 条缺失或顺序被改动"),
    ("UPDATE audit_head SET digest = '\\x00'", "第 4 条处的签名无效"),
    ("UPDATE audit_head SET at = at + interval '1 hour'", "第 4 条处的签名无效"),
])  # fmt: skip
def test_a_superuser_cannot_change_the_sealed_book_unseen(committed_db: None, damage: str, said: str) -> None:
    write(4)
    actions.seal(key=KEY, at=MONDAY)
    assert wrong() == []
    by_force(damage)
    assert said in wrong()


def test_a_line_changed_together_with_its_own_seal_does_not_fit_the_next_one(committed_db: None) -> None:
    write(4)
    actions.seal(key=KEY, at=MONDAY)
    by_force("UPDATE audit_line SET action = 'test.other' WHERE subject = 'thing:1'")
    first, second, *_ = queries.chain()
    by_force(
        f"UPDATE audit_seal SET digest = '\\x{next_digest(first.digest, second.content).hex()}' WHERE position = 2"
    )
    assert wrong() == ["第 3 条与其封印不符"]


def test_cutting_the_end_with_its_heads_is_found_by_whoever_kept_the_last_head(committed_db: None) -> None:
    write(2)
    actions.seal(key=KEY, at=MONDAY)
    write(2)
    kept = actions.seal(key=KEY, at=MONDAY)
    assert kept is not None
    by_force("DELETE FROM audit_seal WHERE position > 2")
    by_force("DELETE FROM audit_head WHERE position > 2")
    assert wrong() == []
    assert what_is_wrong(queries.chain(), [kept], KEY.public_key()) != []


@pytest.mark.django_db
def test_a_line_leaves_with_the_business_that_failed() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(1)
        1 / 0
    assert not Line.objects.exists()
