"""Disputes of figures with every step they made, reports that a correction overtook, and questions to institutions."""

import uuid

from django.db import models
from django.db.models import Q

from jinfuyun.disputes.rules import OPEN, PLATFORM, SCORE, SCORE_CHAPTER, STATE_LABELS, Outcome, State
from jinfuyun.kit.actor import PLATFORM_HOUSE, House, HouseKind, enterprise_house, institution_house
from jinfuyun.kit.grant import CATEGORY_LABELS, Category
from jinfuyun.storage.fields import EncryptedTextField


class Dispute(models.Model):
    """An enterprise says that a figure of its report is wrong. What people wrote, and the figure, are sealed.

    `key`: a fact's name, a list's label, "record" or "by_month". `shown`: what stood there, as JSON
    (content.Figure); it is the dispute's own copy and outlives the report and the consent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    uscc = models.CharField(max_length=18)
    enterprise_name = models.CharField(max_length=120)
    region_code = models.CharField(max_length=6)
    consent_number = models.CharField(max_length=40)
    report_number = models.CharField(max_length=40)
    category = models.CharField(max_length=24, choices=[(one.value, one.value) for one in Category])
    key = models.CharField(max_length=80)
    label = models.CharField(max_length=120)
    department = models.CharField(max_length=40)
    shown = EncryptedTextField()
    delivery_numbers = models.JSONField()
    delivered_at = models.DateTimeField()  # since when the figure can have been in reports
    reason = EncryptedTextField()
    right = EncryptedTextField()  # what the enterprise thinks is right; "" where it did not say
    raised_at = models.DateTimeField()
    raised_by = models.CharField(max_length=80)

    state = models.CharField(max_length=16, choices=[(s.value, text) for s, text in STATE_LABELS.items()])
    state_at = models.DateTimeField()
    due_on = models.DateField()
    reminded_percent = models.SmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True)

    outcome = models.CharField(max_length=12, blank=True)
    # Of kit.refusals.GROUNDS where it was rejected; "": before there were codes.
    rejected_code = models.CharField(max_length=20, blank=True)
    correction = models.CharField(max_length=20, blank=True)  # the delivery that put it right
    answer = EncryptedTextField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "dispute"
        constraints = [
            models.UniqueConstraint(
                fields=["uscc", "category", "key"],
                condition=Q(state__in=[s.value for s in OPEN]),
                name="dispute_one_open",
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="dispute_state"),
            models.CheckConstraint(condition=Q(outcome__in=["", *(o.value for o in Outcome)]), name="dispute_outcome"),
            models.CheckConstraint(
                condition=~Q(state__in=["resolved", "rejected"]) | Q(answer__isnull=False),
                name="dispute_answered_in_writing",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="corrected") | ~Q(correction=""), name="dispute_corrected_by_delivery"
            ),
        ]
        indexes = [
            models.Index(fields=["uscc", "-raised_at"], name="dispute_of_enterprise"),
            models.Index(fields=["department", "state", "due_on"], name="dispute_on_desk"),
            models.Index(fields=["state", "due_on"], name="dispute_by_clock"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def enterprise_house(self) -> House:
        return enterprise_house(self.uscc)

    @property
    def is_platforms(self) -> bool:
        """About what the platform itself recorded or reckoned: its operators answer."""
        return self.department == PLATFORM

    @property
    def department_house(self) -> House:
        return PLATFORM_HOUSE if self.is_platforms else House(HouseKind.DEPARTMENT, self.department)

    @property
    def category_label(self) -> str:
        return SCORE_CHAPTER if self.key == SCORE else CATEGORY_LABELS[Category(self.category)]


class Step(models.Model):
    """One step of one dispute: who, when, from where to where, and the sealed words that belong to it.

    The application's database role may add steps and read them, nothing else (see the migration).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="steps")
    nth = models.SmallIntegerField()
    act = models.CharField(max_length=12)
    source = models.CharField(max_length=16, blank=True)
    target = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)
    said = EncryptedTextField(null=True)

    class Meta:
        db_table = "dispute_step"
        ordering = ["nth"]
        constraints = [models.UniqueConstraint(fields=["dispute", "nth"], name="dispute_step_once")]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.source}→{self.target}"


class Overtaken(models.Model):
    """A report at an institution whose figure was corrected since: it stays as it is, and says so."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="overtaken")
    report = models.ForeignKey("reports.Report", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "dispute_overtaken"
        constraints = [models.UniqueConstraint(fields=["report", "dispute"], name="dispute_overtaken_once")]


class Question(models.Model):
    """An enterprise asks an institution why it read a report; once a report, answered in writing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    report = models.OneToOneField("reports.Report", on_delete=models.PROTECT, related_name="+")
    uscc = models.CharField(max_length=18)
    enterprise_name = models.CharField(max_length=120)
    region_code = models.CharField(max_length=6)
    institution_code = models.CharField(max_length=40)
    institution_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    due_on = models.DateField()
    due_provisional = models.BooleanField(default=False)
    escalated_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "dispute_question"
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answer__isnull=False), name="question_answered_in_writing"
            )
        ]
        indexes = [
            models.Index(fields=["institution_code", "answered_at", "due_on"], name="question_on_desk"),
            models.Index(fields=["uscc", "-asked_at"], name="question_of_enterprise"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def enterprise_house(self) -> House:
        return enterprise_house(self.uscc)

    @property
    def institution_house(self) -> House:
        return institution_house(self.institution_code)
