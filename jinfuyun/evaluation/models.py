"""Schemes put in force, results as they were counted then, corrections beside them, and appeals.

Of rounds, results and publications the application's database role may add and read, nothing else (see the migration).
"""

import uuid

from django.db import models
from django.db.models import Q

from jinfuyun.evaluation.rules import CADENCE_LABELS, OUTCOME_LABELS, STATE_LABELS, Outcome, State
from jinfuyun.kit.actor import House, institution_house
from jinfuyun.kit.four_eyes import digest
from jinfuyun.storage.fields import EncryptedTextField


class Adoption(models.Model):
    """A scheme is to be in force from a month on: proposed by one, confirmed by another. `digest`: of its content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scheme = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    cadence = models.CharField(max_length=10, choices=[(c.value, text) for c, text in CADENCE_LABELS.items()])
    from_month = models.CharField(max_length=7)
    state = models.CharField(max_length=10, choices=[(s.value, text) for s, text in STATE_LABELS.items()])
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    proposed_by_label = models.CharField(max_length=120)
    proposed_mark = models.BinaryField(default=bytes)
    decided_at = models.DateTimeField(null=True)
    decided_by_label = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "evaluation_adoption"
        constraints = [
            models.UniqueConstraint(
                fields=["cadence"], condition=Q(state="proposed"), name="evaluation_one_proposed"
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="evaluation_adoption_state"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.scheme} {self.from_month}"

    def content_digest(self, scheme_digest: str) -> str:
        """Of what the second person confirms: this scheme, with the content that it has now, from this month on."""
        return digest({"scheme": self.scheme, "digest": scheme_digest, "from": self.from_month})


class Round(models.Model):
    """A period is evaluated once (nth 0); each later correction is one more, with its reason.

    `versions`: of the definitions of the scheme's indicators.
    """

    period = models.CharField(max_length=7)
    nth = models.SmallIntegerField()
    why = models.CharField(max_length=200, blank=True)
    scheme = models.CharField(max_length=40)
    scheme_label = models.CharField(max_length=80)
    scheme_digest = models.CharField(max_length=64)
    versions = models.JSONField()
    made_at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)

    class Meta:
        db_table = "evaluation_round"
        ordering = ["period", "nth"]
        constraints = [
            models.UniqueConstraint(fields=["period", "nth"], name="evaluation_once"),
            models.CheckConstraint(
                condition=Q(nth=0, why="") | (Q(nth__gt=0) & ~Q(why="")), name="evaluation_says_why"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.period} {self.nth}"


class Result(models.Model):
    """One institution's points of one period. `marks`: rules.Mark as JSON; `total`: hundredths of a point, or None."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="results")
    institution_code = models.CharField(max_length=12)
    institution_name = models.CharField(max_length=60)
    peers = models.CharField(max_length=40)
    marks = models.JSONField()
    total = models.IntegerField(null=True)

    class Meta:
        db_table = "evaluation_result"
        constraints = [models.UniqueConstraint(fields=["round", "institution_code"], name="evaluation_result_once")]
        indexes = [models.Index(fields=["institution_code"], name="evaluation_result_own")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.institution_code}"

    @property
    def institution_house(self) -> House:
        return institution_house(self.institution_code)


class Publication(models.Model):
    """Ranks and totals of a period are public, or no longer: the last line decides."""

    period = models.CharField(max_length=7)
    is_public = models.BooleanField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)

    class Meta:
        db_table = "evaluation_publication"
        indexes = [models.Index(fields=["period", "-id"], name="evaluation_public_last")]

    def __str__(self) -> str:
        return f"{self.period} {self.is_public}"


class Appeal(models.Model):
    """An institution says that its result is wrong; once a result, answered in writing. The words are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    result = models.OneToOneField(Result, on_delete=models.PROTECT, related_name="appeal")
    indicator = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    reason = EncryptedTextField()
    raised_at = models.DateTimeField()
    raised_by = models.CharField(max_length=80)
    raised_by_label = models.CharField(max_length=120)
    told_late_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=12, blank=True, choices=[(o.value, text) for o, text in OUTCOME_LABELS.items()]
    )
    answer = EncryptedTextField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "evaluation_appeal"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(o.value for o in Outcome)]), name="evaluation_appeal_outcome"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, outcome="") | Q(answered_at__isnull=False, answer__isnull=False)
                & ~Q(outcome=""),
                name="evaluation_answered_in_writing",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["answered_at", "raised_at"], name="evaluation_appeal_desk")]

    def __str__(self) -> str:
        return self.number
