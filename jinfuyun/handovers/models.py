"""Who handed his work to whom, from when until when, and what it was."""

import uuid
from typing import Any

from django.db import models

from jinfuyun.handovers.rules import KIND_LABELS, STANDING, STATE_LABELS, State


class Handover(models.Model):
    """`items`: what changed hands, each [what, its key, how it stood right afterwards] (see actions)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution_code = models.CharField(max_length=12)
    person_id = models.UUIDField()
    person_label = models.CharField(max_length=120)
    to_id = models.UUIDField(null=True)
    to_label = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=8, choices=[(one.value, label) for one, label in KIND_LABELS.items()])
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    why = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=[(one.value, label) for one, label in STATE_LABELS.items()])
    state_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by_label = models.CharField(max_length=120)
    items: Any = models.JSONField(default=list)

    class Meta:
        db_table = "handover"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=models.Q(state__in=[s.value for s in STANDING]), name="handover_one"
            ),
            models.CheckConstraint(condition=models.Q(state__in=[s.value for s in State]), name="handover_state"),
        ]
        indexes = [models.Index(fields=["institution_code", "-made_at"], name="handover_of_institution")]

    def __str__(self) -> str:
        return f"{self.person_label} → {self.to_label}"
