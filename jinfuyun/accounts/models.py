"""People who log in, what they may still try, and where they are logged in."""

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from jinfuyun.accounts.rules import CodePurpose, Kind, Rate
from jinfuyun.storage.fields import EncryptedTextField, LookUpField

KINDS = [(kind.value, kind.value) for kind in Kind]


class User(AbstractBaseUser):
    """A person. Enterprises' people log in by phone, staff by `account` and belong to a house."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=KINDS)
    account = models.CharField(max_length=60, unique=True, null=True)
    phone = EncryptedTextField()
    phone_mark = LookUpField(source="phone", kind="phone", null=True)
    name = EncryptedTextField()
    roles = ArrayField(models.CharField(max_length=30), default=list)
    house_kind = models.CharField(max_length=12, blank=True)
    house_code = models.CharField(max_length=40, blank=True)
    # The branch of an institution; none: its head office. No foreign key: units stand a floor above.
    unit_id = models.UUIDField(null=True)
    totp_secret = EncryptedTextField(null=True)
    totp_step = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    last_login = None  # the sign-ins know it
    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "accounts_user"
        constraints = [
            models.UniqueConstraint(
                fields=["phone_mark"], condition=models.Q(kind="enterprise"), name="accounts_user_one_per_phone"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="enterprise", account__isnull=True, house_code="", totp_secret__isnull=True)
                | (~models.Q(kind="enterprise") & models.Q(account__isnull=False, totp_secret__isnull=False)),
                name="accounts_user_kind_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["house_kind", "house_code"], name="accounts_user_house")]


class SignIn(models.Model):
    """One log-in on one device; the session names it, and every request asks whether it still stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "accounts_sign_in"
        indexes = [models.Index(fields=["user", "ended_at"], name="accounts_sign_in_user")]


class Device(models.Model):
    """A browser from which this person has logged in before; it keeps its own count of tries."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    mark = models.BinaryField(unique=True)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_device"


class Code(models.Model):
    """An SMS code, known here only by its mark."""

    phone_mark = models.BinaryField()
    session_mark = models.BinaryField()
    purpose = models.CharField(max_length=20, choices=[(purpose.value, purpose.value) for purpose in CodePurpose])
    code_mark = models.BinaryField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_code"
        indexes = [models.Index(fields=["phone_mark", "purpose", "session_mark", "-id"], name="accounts_code_newest")]


class Captcha(models.Model):
    """The one question a session has to answer now. Deleted by the first answer, right or wrong."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session_mark = models.BinaryField(unique=True)
    answer = EncryptedTextField()
    is_sound = models.BooleanField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_captcha"


class Invitation(models.Model):
    """A seat in a house, waiting for the person it was made for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mark = models.BinaryField(unique=True)
    kind = models.CharField(max_length=12, choices=KINDS)
    account = models.CharField(max_length=60)
    phone = EncryptedTextField()
    name = EncryptedTextField()
    roles = ArrayField(models.CharField(max_length=30))
    house_kind = models.CharField(max_length=12)
    house_code = models.CharField(max_length=40)
    unit_id = models.UUIDField(null=True)
    totp_secret = EncryptedTextField()
    invited_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_invitation"


class Reservations(models.Manager["Reservation"]):
    def take(self, *, limit: str, mark: bytes, rates: tuple[Rate, ...], at: datetime) -> bool:
        """Write `at` down if every rate still allows it, in one statement: two at a time cannot both be the last."""
        statement = """
            INSERT INTO accounts_reservation AS kept ("limit", mark, moments)
            VALUES (%(limit)s, %(mark)s, ARRAY[%(at)s])
            ON CONFLICT ("limit", mark) DO UPDATE
            SET moments = (kept.moments || excluded.moments)[greatest(1, cardinality(kept.moments) + 2 - %(keep)s):]
            WHERE NOT EXISTS (
                SELECT 1 FROM unnest(%(most)s::int[], %(span)s::interval[]) AS rate (most, span)
                WHERE rate.most <= (SELECT count(*) FROM unnest(kept.moments) AS m WHERE m > %(at)s - rate.span)
            )
            RETURNING 1"""
        values: dict[str, Any] = {
            "limit": limit, "mark": mark, "at": at, "keep": max(rate.most for rate in rates),
            "most": [rate.most for rate in rates], "span": [rate.span for rate in rates],
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone() is not None

    def forget(self, *, before: datetime) -> int:
        """Delete what was last taken before that moment; returns how many."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_reservation WHERE moments[cardinality(moments)] < %s", [before])
            return cursor.rowcount


class Reservation(models.Model):
    """The last moments at which something limited was done; `mark` hides for whom."""

    limit = models.CharField(max_length=20)
    mark = models.BinaryField()
    moments = ArrayField(models.DateTimeField())

    objects = Reservations()

    class Meta:
        db_table = "accounts_reservation"
        constraints = [models.UniqueConstraint(fields=["limit", "mark"], name="accounts_reservation_once")]


class Budgets(models.Manager["Budget"]):
    def take(self, *, limit: str, day: date, most: int) -> bool:
        """Count one more on that day unless the day's budget is spent; one statement, as above."""
        statement = """
            INSERT INTO accounts_budget AS kept ("limit", day, spent) VALUES (%(limit)s, %(day)s, 1)
            ON CONFLICT ("limit", day) DO UPDATE SET spent = kept.spent + 1 WHERE kept.spent < %(most)s
            RETURNING 1"""
        with connection.cursor() as cursor:
            cursor.execute(statement, {"limit": limit, "day": day, "most": most})
            return cursor.fetchone() is not None


class Budget(models.Model):
    """How much of a day's common budget is spent."""

    limit = models.CharField(max_length=20)
    day = models.DateField()
    spent = models.PositiveIntegerField()

    objects = Budgets()

    class Meta:
        db_table = "accounts_budget"
        constraints = [models.UniqueConstraint(fields=["limit", "day"], name="accounts_budget_once")]
