"""What stands between a department's person and the data plane: files sent by page, until they are taken in."""

import uuid

from django.db import models
from django.db.models import Q

from jinfuyun.deliveries.rules import IN_WORK, AlarmKind, AlarmState, UploadState


class Upload(models.Model):
    """A file sent by page. `file` and `preview` are sealed files, destroyed when they are no longer needed ("")."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    department = models.CharField(max_length=40)
    feed = models.CharField(max_length=60)
    file_name = models.CharField(max_length=120)
    size_bytes = models.BigIntegerField()
    file = models.CharField(max_length=32, blank=True)
    preview = models.CharField(max_length=32, blank=True)
    covers_until = models.DateField(null=True)  # up to then it tells all there is of everybody who consented
    state = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    state_at = models.DateTimeField()
    delivery = models.CharField(max_length=20, blank=True)
    # How far the job is: what it does, its share in basis points, seconds left as far as can be told.
    stage = models.CharField(max_length=20, blank=True)
    share_bp = models.IntegerField(default=0)
    left_seconds = models.IntegerField(null=True)

    class Meta:
        db_table = "deliveries_upload"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in UploadState]), name="upload_state"),
            models.CheckConstraint(
                condition=~Q(state__in=[s.value for s in IN_WORK]) | ~Q(file=""), name="upload_in_work_has_file"
            ),
        ]
        indexes = [models.Index(fields=["department", "-made_at"])]


class Withdrawal(models.Model):
    """That a delivery is taken back, and why; `done_at` once the lake says so too."""

    delivery = models.CharField(max_length=20, unique=True)
    department = models.CharField(max_length=40)
    because = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=80)
    asked_by_label = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "deliveries_withdrawal"


class Alarm(models.Model):
    """Something is wrong with a feed. One per cause: the delivery it is about, or after which nothing came."""

    feed = models.CharField(max_length=60)
    department = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    subject = models.CharField(max_length=60, blank=True)  # the column, "" for the whole
    delivery = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=300)
    since = models.DateTimeField()
    state = models.CharField(max_length=8)
    taken_by = models.CharField(max_length=80, blank=True)
    taken_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    closed_by = models.CharField(max_length=80, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "deliveries_alarm"
        constraints = [
            models.UniqueConstraint(fields=["feed", "kind", "subject", "delivery"], name="alarm_once_per_cause"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in AlarmKind]), name="alarm_kind"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in AlarmState]), name="alarm_state"),
            models.CheckConstraint(condition=~Q(state="closed") | ~Q(note=""), name="alarm_closed_has_note"),
        ]
        indexes = [models.Index(fields=["department", "state"])]


class Switch(models.Model):
    """A department's own switch of a feed. The data plane owns the table and obeys it."""

    feed = models.TextField(primary_key=True)
    stopped_at = models.DateTimeField(null=True)
    because = models.TextField(default="")
    daily_quota = models.IntegerField(null=True)

    class Meta:
        db_table = '"serving"."feed_switch"'
        managed = False
