"""Proposals that a key means an enterprise, and what people decided."""

import uuid

from django.db import models
from django.db.models import Q

from jinfuyun.joins.rules import State


class Proposal(models.Model):
    """A key that rows wait under, and one enterprise it may mean. Weights are tenths of a bit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    key = models.CharField(max_length=40)
    told_name = models.CharField(max_length=200, blank=True)  # what stands beside the key
    feeds = models.JSONField()
    row_count = models.BigIntegerField()
    uscc = models.CharField(max_length=18)
    name = models.CharField(max_length=200)  # the name, perhaps a former one, under which the enterprise is alike
    weight_tenths = models.IntegerField()
    levels = models.JSONField()  # comparison → [level, weight in tenths]
    state = models.CharField(max_length=8, default=State.OPEN)
    made_at = models.DateTimeField()
    because = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_label = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "joins_proposal"
        constraints = [
            models.UniqueConstraint(fields=["key", "uscc"], name="proposal_once"),
            models.UniqueConstraint(fields=["key"], condition=Q(state="joined"), name="proposal_one_join_a_key"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="proposal_state"),
        ]
        indexes = [models.Index(fields=["state", "-row_count"])]


class JoinedKey(models.Model):
    """What the data plane reads: it owns the table."""

    key = models.TextField(primary_key=True)
    uscc = models.TextField()

    class Meta:
        db_table = '"serving"."joined_key"'
        managed = False
