"""Declarations, who they were recommended to and what came of it; visits; zones of the market."""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from jinfuyun.coordination.content import NEEDS, VISIT_LABELS, VisitState, ZoneState, ZoneText
from jinfuyun.coordination.rules import (
    ANSWER_LABELS,
    LIVE,
    ORIGIN_LABELS,
    STANDARDS,
    STATE_LABELS,
    Answer,
    State,
)
from jinfuyun.institutions.models import Institution, Unit
from jinfuyun.kit.actor import House, enterprise_house, institution_house
from jinfuyun.kit.lending import LOAN_PURPOSE_LABELS
from jinfuyun.kit.refusals import REFUSAL
from jinfuyun.storage.fields import EncryptedTextField


def _words(size: int = 40) -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=size), default=list, blank=True)


class Declaration(models.Model):
    """One enterprise on the 申报清单, and on the 推荐清单 once it is recommended. One at a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    uscc = models.CharField(max_length=18)
    enterprise_name = models.CharField(max_length=200)
    region_code = models.CharField(max_length=6)
    city_code = models.CharField(max_length=6)
    contact_name = EncryptedTextField()
    contact_phone = EncryptedTextField()
    amount_fen = models.BigIntegerField()
    term_months = models.IntegerField()
    purpose = models.CharField(max_length=12, choices=[(p.value, text) for p, text in LOAN_PURPOSE_LABELS.items()])
    purpose_text = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=12, choices=[(o.value, text) for o, text in ORIGIN_LABELS.items()])
    demand_number = models.CharField(max_length=24, blank=True)
    excluded = _words()  # institutions that the enterprise did not want to see its demand
    state = models.CharField(max_length=12, choices=[(s.value, text) for s, text in STATE_LABELS.items()])
    state_at = models.DateTimeField()
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=120)

    class Meta:
        db_table = "coordination_declaration"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="coordination_state"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0, term_months__gt=0), name="coordination_wish"),
            models.UniqueConstraint(
                fields=["uscc"], condition=Q(state__in=[s.value for s in LIVE]), name="coordination_one_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["city_code", "state", "-declared_at"], name="coordination_list"),
            models.Index(fields=["uscc", "-declared_at"], name="coordination_of_enterprise"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def enterprise_house(self) -> House:
        return enterprise_house(self.uscc)


class Judgement(models.Model):
    """What a person found of one standard; the last one counts. Added and read, never changed (see migration)."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="judgements")
    standard = models.CharField(max_length=12, choices=list(STANDARDS.items()))
    met = models.BooleanField()
    note = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        db_table = "coordination_judgement"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.declaration_id} {self.standard} {self.met}"


class Recommendation(models.Model):
    """An institution that the enterprise was recommended to, and its answer within a month."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="recommendations")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    # The branch whose work it is; none: the head office's.
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=[(s.value, text) for s, text in ANSWER_LABELS.items()])
    state_at = models.DateTimeField()
    recommended_at = models.DateTimeField()
    due_on = models.DateField()
    # The smallest of REMIND_DAYS_LEFT that was told; -1: that it is late.
    reminded_days_left = models.SmallIntegerField(null=True)
    officer = models.CharField(max_length=80, blank=True)
    officer_label = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)
    granted_fen = models.BigIntegerField(null=True)
    refusal = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "coordination_recommendation"
        constraints = [
            models.UniqueConstraint(fields=["declaration", "institution"], name="coordination_recommended_once"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in Answer]), name="coordination_answer"),
            models.CheckConstraint(
                condition=Q(state="granted", granted_fen__gt=0) | (~Q(state="granted") & Q(granted_fen__isnull=True)),
                name="coordination_granted_says_how_much",
            ),
            models.CheckConstraint(
                condition=Q(state="refused", refusal__in=list(REFUSAL)) | (~Q(state="refused") & Q(refusal="")),
                name="coordination_refused_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["granted", "refused"], answered_at__isnull=False)
                | (~Q(state__in=["granted", "refused"]) & Q(answered_at__isnull=True)),
                name="coordination_answered_when",
            ),
        ]
        indexes = [models.Index(fields=["institution", "state", "due_on"], name="coordination_desk")]

    def __str__(self) -> str:
        return f"{self.declaration_id} {self.state}"

    @property
    def institution_house(self) -> House:
        return institution_house(self.institution.code)


class Step(models.Model):
    """One step of one declaration. Added and read, never changed (see migration)."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=12)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)
    institution = models.CharField(max_length=120, blank=True)
    said = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "coordination_step"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.declaration_id} {self.source}→{self.target}"


class Visit(models.Model):
    """走访: planned by a working group, done with a result. `uscc` is empty where the visitor does not know it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    region_code = models.CharField(max_length=6)
    uscc = models.CharField(max_length=18, blank=True)
    enterprise_name = models.CharField(max_length=100)
    visitor = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=[(s.value, text) for s, text in VISIT_LABELS.items()])
    planned_on = models.DateField()
    done_on = models.DateField(null=True)
    need = models.CharField(max_length=12, blank=True, choices=list(NEEDS.items()))
    problem = models.CharField(max_length=400, blank=True)
    next_step = models.CharField(max_length=400, blank=True)
    declaration = models.ForeignKey(Declaration, null=True, on_delete=models.PROTECT, related_name="+")
    hinted_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    class Meta:
        db_table = "coordination_visit"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in VisitState]), name="visit_state"),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False, need__in=list(NEEDS))
                | (~Q(state="done") & Q(done_on__isnull=True, need="")),
                name="visit_done_has_result",
            ),
            models.UniqueConstraint(
                fields=["region_code", "enterprise_name", "planned_on"],
                condition=~Q(state="cancelled"),
                name="visit_planned_once",
            ),
        ]
        indexes = [
            models.Index(fields=["region_code", "state", "planned_on"], name="visit_list"),
            models.Index(fields=["uscc", "planned_on"], name="visit_of_enterprise"),
        ]

    def __str__(self) -> str:
        return self.number


class Zone(models.Model):
    """专区: products, policies and words gathered for a time. Products by choice, by condition, or both."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=40)
    words = models.CharField(max_length=1000)
    since = models.DateField()
    until = models.DateField()
    region_code = models.CharField(max_length=6, blank=True)  # "": the whole province
    product_codes = _words()
    policy_codes = _words()
    tag = models.CharField(max_length=20, blank=True)
    security = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=12)
    house_code = models.CharField(max_length=40)  # whose it is: the platform, or a regulator's region
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    class Meta:
        db_table = "coordination_zone"
        ordering = ["-since", "slug"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in ZoneState]), name="zone_state"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="zone_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["state", "until"], name="zone_running")]

    def __str__(self) -> str:
        return self.slug

    @property
    def text(self) -> ZoneText:
        told: dict[str, Any] = {name: getattr(self, name) for name in ZoneText.__dataclass_fields__}
        told = {name: tuple(one) if isinstance(one, list) else one for name, one in told.items()}
        return ZoneText(**told)
