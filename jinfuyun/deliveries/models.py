"""What stands between a department's person and the data plane: files sent by page, until they are taken in."""

import uuid

from django.db import models
from django.db.models import Q

from jinfuyun.deliveries.rules import IN_WORK, UploadState


class Upload(models.Model):
    """A file sent by page. `file` and `preview` are sealed files, destroyed when they are no longer needed ("")."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    department = models.CharField(max_length=40)
    feed = models.CharField(max_length=60)
    file_name = models.CharField(max_length=120)
    size_bytes = models.BigIntegerField()
    file = models.CharField(max_length=32, blank=True)
    preview = models.CharField(max_length=32, blank=True)
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
