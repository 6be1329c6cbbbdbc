"""The book. Lines are inserted in the transaction of what they tell; one sealer links them afterwards.

The application's role may INSERT and SELECT here and nothing else (see the migration).
"""

from django.db import models


class Line(models.Model):
    """Who did or read what, when, about which enterprise, under which consent."""

    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    actor_label = models.CharField(max_length=120)
    subject = models.CharField(max_length=120)
    uscc = models.CharField(max_length=18, blank=True)
    consent_number = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_line"
        indexes = [models.Index(fields=["uscc", "-id"]), models.Index(fields=["subject"])]


class Seal(models.Model):
    """A line's place in the chain: digest = SHA-256(previous digest + the line)."""

    position = models.BigIntegerField(primary_key=True)
    line = models.OneToOneField(Line, on_delete=models.PROTECT)
    digest = models.BinaryField()

    class Meta:
        db_table = "audit_seal"


class Head(models.Model):
    """A signed statement of how long the chain was and how it ended."""

    position = models.BigIntegerField(unique=True)
    digest = models.BinaryField()
    at = models.DateTimeField()
    signature = models.BinaryField()

    class Meta:
        db_table = "audit_head"
