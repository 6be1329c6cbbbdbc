"""Personal data at rest: sealed in its row, found by its mark, and opened by nobody else.

Seen red: with one place for every cell; with values kept as they are.
"""

import os
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps

from jinfuyun.accounts.models import User
from jinfuyun.accounts.rules import Kind
from jinfuyun.kit.crypto import CannotOpen, KeyRing
from jinfuyun.storage import keys
from jinfuyun.storage.fields import EncryptedTextField, LookUpField, mark_of

RED, BLUE = "13800001111", "13900002222"
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def ring() -> Iterator[KeyRing]:
    """The ring in use, put back afterwards."""
    before = keys.field_keys()
    yield before
    keys.use_keys(before)


def person(phone: str) -> User:
    user = User(kind=Kind.ENTERPRISE, phone=phone, name="林晓", made_at=MONDAY)
    user.save()
    return user


def cell(user: User) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_user WHERE id = %s", [user.pk])
        return bytes(cursor.fetchone()[0])


@pytest.mark.django_db
def test_the_column_holds_no_plain_value() -> None:
    user = person(RED)
    assert RED.encode() not in cell(user)
    assert User.objects.get(pk=user.pk).phone == RED


@pytest.mark.django_db
def test_equal_values_look_different_and_have_equal_marks() -> None:
    one, other = person(RED), person(BLUE)
    other.phone = RED
    assert mark_of("phone", RED) == mark_of("phone", RED) != mark_of("phone", BLUE)
    assert mark_of("phone", RED) != mark_of("id_number", RED)
    first = cell(one)
    one.save()
    assert cell(one) != first


@pytest.mark.django_db
def test_a_cell_moved_to_another_row_does_not_open() -> None:
    one, other = person(RED), person(BLUE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET phone = %s WHERE id = %s", [cell(other), one.pk])
    with pytest.raises(CannotOpen):
        _ = User.objects.get(pk=one.pk).phone


@pytest.mark.django_db
def test_a_cell_moved_to_another_column_does_not_open() -> None:
    one = person(RED)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET name = phone WHERE id = %s", [one.pk])
    with pytest.raises(CannotOpen):
        _ = User.objects.get(pk=one.pk).name


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0, 3, 10, 20, -1])
def test_a_changed_byte_does_not_open(place: int) -> None:
    one = person(RED)
    sealed = bytearray(cell(one))
    sealed[place] ^= 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET phone = %s WHERE id = %s", [bytes(sealed), one.pk])
    with pytest.raises(CannotOpen):
        _ = User.objects.get(pk=one.pk).phone


@pytest.mark.django_db
def test_a_new_key_seals_what_is_written_and_the_old_one_still_opens(ring: KeyRing) -> None:
    old = person(RED)
    keys.use_keys(replace(ring, current=2, keys={**ring.keys, 2: os.urandom(32)}))
    new = person(BLUE)
    assert cell(old)[1:5] == ring.current.to_bytes(4, "big")
    assert cell(new)[1:5] == (2).to_bytes(4, "big")
    assert User.objects.get(pk=old.pk).phone == RED
    again = User.objects.get(pk=old.pk)
    assert again.phone == RED
    again.save()
    assert cell(old)[1:5] == (2).to_bytes(4, "big")
    keys.use_keys(ring)
    with pytest.raises(CannotOpen):  # without the new key, what it sealed stays shut
        _ = User.objects.get(pk=new.pk).phone


@isolate_apps("jinfuyun.storage")
def test_a_sealed_field_cannot_be_searched() -> None:
    class Card(models.Model):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        number = EncryptedTextField()
        number_mark = LookUpField(source="number", kind="id_number")

        class Meta:
            app_label = "storage"

    with pytest.raises((TypeError, FieldError), match="encrypted"):
        Card.objects.filter(number="1")
    with pytest.raises((TypeError, FieldError), match="encrypted"):
        Card.objects.filter(number__contains=b"1")
