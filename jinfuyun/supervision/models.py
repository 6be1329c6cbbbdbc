"""Closed months: every figure as it was counted then, what was corrected later, beside it; their bulletins; targets.

Of closed months the application's database role may add and read, nothing else (see the migration).
"""

import uuid

from django.db import models
from django.db.models import F, Q


class Closing(models.Model):
    """A month is closed once (nth 0); each later correction of it is one more, with its reason."""

    month = models.CharField(max_length=7)
    nth = models.SmallIntegerField()
    why = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)

    class Meta:
        db_table = "statistics_closing"
        ordering = ["month", "nth"]
        constraints = [
            models.UniqueConstraint(fields=["month", "nth"], name="statistics_closed_once"),
            models.CheckConstraint(
                condition=Q(nth=0, why="") | (Q(nth__gt=0) & ~Q(why="")), name="statistics_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.nth}"


class Snapshot(models.Model):
    """One figure of one place. The province stands twice, with Xiamen and without; a city's is in both."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="snapshots")
    indicator = models.CharField(max_length=40)
    version = models.SmallIntegerField()
    region_code = models.CharField(max_length=6, blank=True)  # "": outside the province
    with_xiamen = models.BooleanField()
    numerator = models.BigIntegerField(null=True)
    denominator = models.BigIntegerField(null=True)
    value = models.BigIntegerField(null=True)

    class Meta:
        db_table = "statistics_snapshot"
        constraints = [
            models.UniqueConstraint(
                fields=["closing", "indicator", "region_code", "with_xiamen"], name="statistics_figure_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.closing_id} {self.indicator} {self.region_code}"


class Target(models.Model):
    """What a figure of the table is to come to in a place, or at an institution there, from month to month."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    indicator = models.CharField(max_length=40)
    region_code = models.CharField(max_length=6)
    institution_code = models.CharField(max_length=40, blank=True)  # "": everybody in that place
    since = models.CharField(max_length=7)
    until = models.CharField(max_length=7)
    goal = models.BigIntegerField()  # in the figure's own unit
    at_most = models.BooleanField(default=False)
    set_at = models.DateTimeField()
    by_label = models.CharField(max_length=120)

    class Meta:
        db_table = "statistics_target"
        ordering = ["-until", "since", "indicator", "region_code", "institution_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "region_code", "institution_code", "since", "until"], name="statistics_target_once"
            ),
            models.CheckConstraint(condition=Q(goal__gt=0, since__lte=F("until")), name="statistics_target_sound"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.region_code} {self.institution_code} {self.since}–{self.until}"


class Slice(models.Model):
    """A count behind a closed month's figures, told apart once more: drawdowns by kind, every count by county.

    Only what is not zero; a correction may set one to zero. Shares and sums come from these when they are shown.
    """

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="slices")
    dimension = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, blank=True)
    region_code = models.CharField(max_length=6, blank=True)  # the city; "": outside the province
    name = models.CharField(max_length=40)
    count = models.BigIntegerField()

    class Meta:
        db_table = "statistics_slice"
        constraints = [
            models.UniqueConstraint(
                fields=["closing", "dimension", "kind", "region_code", "name"], name="statistics_slice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.closing_id} {self.dimension} {self.kind} {self.name}"


class Bulletin(models.Model):
    """月度简报: one edition for the closing, and one for each correction. `content` is frozen, `sha256` of the PDF."""

    closing = models.OneToOneField(Closing, on_delete=models.PROTECT, related_name="bulletin")
    number = models.CharField(max_length=24, unique=True)
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "statistics_bulletin"
        ordering = ["-closing__month", "-closing__nth"]

    def __str__(self) -> str:
        return self.number
