"""What was said to whom: short messages on their way out, and the messages a person finds after logging in."""

import uuid

from django.db import models

from jinfuyun.storage.fields import EncryptedTextField


class State(models.TextChoices):
    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    EXPIRED = "expired", "已过时"
    WITHHELD = "withheld", "不发送"


class Message(models.Model):
    """A short message. `withheld` ones are never sent: they make an absent account cost as much as a present one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.CharField(max_length=40)
    phone = EncryptedTextField()
    text = EncryptedTextField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    made_at = models.DateTimeField()
    useless_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_message"


class Notice(models.Model):
    """A message inside the platform, for one user. No foreign key: users stand a floor above."""

    user_id = models.UUIDField()
    template = models.CharField(max_length=40)
    text = models.TextField()
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_notice"
        indexes = [models.Index(fields=["user_id", "-id"], name="notifications_notice_user")]


class Muted(models.Model):
    """A kind of messages that a person does not want: neither inside the platform nor on his own phone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.UUIDField()
    phone_mark = models.BinaryField()
    topic = models.CharField(max_length=12)

    class Meta:
        db_table = "notifications_muted"
        constraints = [models.UniqueConstraint(fields=["user_id", "topic"], name="notifications_muted_once")]
        indexes = [models.Index(fields=["phone_mark", "topic"], name="notifications_muted_phone")]
