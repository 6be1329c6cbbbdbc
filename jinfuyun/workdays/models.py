"""Notices of days off that operators keep; for a year without one the installed package's stand."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from jinfuyun.kit.four_eyes import digest
from jinfuyun.workdays.rules import STATE_LABELS, State


class Notice(models.Model):
    """What one document of the State Council says of one year, proposed by one operator and confirmed by another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.SmallIntegerField()
    document = models.CharField(max_length=80)
    days_off = ArrayField(models.DateField())
    days_worked = ArrayField(models.DateField())
    state = models.CharField(max_length=10, choices=[(s.value, text) for s, text in STATE_LABELS.items()])
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    proposed_by_label = models.CharField(max_length=120)
    proposed_mark = models.BinaryField(default=bytes)
    decided_at = models.DateTimeField(null=True)
    decided_by_label = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "workdays_notice"
        constraints = [
            models.UniqueConstraint(fields=["year"], condition=Q(state="in_force"), name="workdays_one_in_force"),
            models.UniqueConstraint(fields=["year"], condition=Q(state="proposed"), name="workdays_one_proposed"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="workdays_state"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.document}"

    def content_digest(self) -> str:
        """Of everything that the second person confirms."""
        return digest(
            {
                "year": self.year, "document": self.document, "off": [f"{day}" for day in self.days_off],
                "worked": [f"{day}" for day in self.days_worked],
            }
        )  # fmt: skip
