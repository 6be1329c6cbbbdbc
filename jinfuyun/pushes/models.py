"""A file that a department's program pushes in parts, what became of it, and the request ids already used."""

import uuid

from django.db import models

from jinfuyun.pushes.rules import State


class Push(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.CharField(max_length=40)
    feed = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    rows = models.BigIntegerField(null=True)  # what the manifest says, if there is one
    sums = models.JSONField(default=dict)
    covers_until = models.DateField(null=True)
    idempotency_key = models.CharField(max_length=100)
    asked = models.CharField(max_length=64)  # mark of what was asked under that key
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in State], default=State.OPEN)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=40, default="")
    share = models.FloatField(default=0.0)
    delivery_number = models.CharField(max_length=40, default="")
    counts = models.JSONField(default=dict)
    reason = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "idempotency_key"], name="push_once"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="push_has_bytes"),
        ]


class Part(models.Model):
    push = models.ForeignKey(Push, on_delete=models.CASCADE, related_name="parts")
    number = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    reference = models.CharField(max_length=32)  # of the sealed file

    class Meta:
        constraints = [models.UniqueConstraint(fields=["push", "number"], name="part_once")]


class UsedRequest(models.Model):
    department = models.CharField(max_length=40)
    request_id = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["department", "request_id"], name="request_used_once")]
