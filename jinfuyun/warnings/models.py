"""Warnings, each with every step it made."""

import uuid

from django.db import models
from django.db.models import Q

from jinfuyun.kit.actor import House, HouseKind
from jinfuyun.warnings.rules import (
    ACT_LABELS,
    OPEN,
    SCOPE_LABELS,
    SEVERITY_LABELS,
    STATE_LABELS,
    Act,
    Scope,
    Severity,
    State,
)


class EarlyWarning(models.Model):
    """One cause: a rule that the figures of one subject break. It grows while they do.

    `region_code`: whose regulators see it beside the province's; `owner_region`: whose see to it. `gone_at`: since when
    the cause is not there any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    rule = models.CharField(max_length=20)
    label = models.CharField(max_length=60)
    valid_from = models.DateField()
    severity = models.CharField(max_length=8, choices=[(one.value, text) for one, text in SEVERITY_LABELS.items()])
    scope = models.CharField(max_length=12, choices=[(one.value, text) for one, text in SCOPE_LABELS.items()])
    subject = models.CharField(max_length=60)
    subject_label = models.CharField(max_length=120)
    region_code = models.CharField(max_length=6)
    owner_region = models.CharField(max_length=6)
    value = models.BigIntegerField()
    bound = models.BigIntegerField()
    sample = models.BigIntegerField(null=True)
    text = models.CharField(max_length=200)
    raised_at = models.DateTimeField()
    seen_on = models.DateField()
    days = models.IntegerField(default=1)
    gone_at = models.DateTimeField(null=True)

    state = models.CharField(max_length=12, choices=[(one.value, text) for one, text in STATE_LABELS.items()])
    state_at = models.DateTimeField()
    owner = models.CharField(max_length=80, blank=True)
    owner_label = models.CharField(max_length=120, blank=True)
    due_on = models.DateField()
    late_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "warning"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject"], condition=Q(gone_at=None), name="warning_once_per_cause"
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="warning_state"),
            models.CheckConstraint(condition=Q(scope__in=[s.value for s in Scope]), name="warning_scope"),
            models.CheckConstraint(condition=Q(severity__in=[s.value for s in Severity]), name="warning_severity"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in OPEN]) | ~Q(outcome=""), name="warning_ended_says_how"
            ),
        ]
        indexes = [models.Index(fields=["region_code", "state", "-raised_at"], name="warning_on_desk")]

    def __str__(self) -> str:
        return self.number

    @property
    def owner_house(self) -> House:
        return House(HouseKind.REGION, self.owner_region)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Step(models.Model):
    """One step of one warning. The application's database role may add steps and read them, nothing else."""

    warning = models.ForeignKey(EarlyWarning, on_delete=models.PROTECT, related_name="steps")
    nth = models.SmallIntegerField()
    act = models.CharField(max_length=8, choices=[(one.value, text) for one, text in ACT_LABELS.items()])
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)
    said = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "warning_step"
        ordering = ["nth"]
        constraints = [
            models.UniqueConstraint(fields=["warning", "nth"], name="warning_step_once"),
            models.CheckConstraint(condition=Q(act__in=[a.value for a in Act]), name="warning_step_act"),
        ]

    def __str__(self) -> str:
        return f"{self.warning_id} {self.act}"
