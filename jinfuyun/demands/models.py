"""Demands, the institutions that are at them, their proposals, and every step."""

import uuid
from dataclasses import asdict
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from jinfuyun.applications.models import Application
from jinfuyun.demands.content import Sheet, Wanted
from jinfuyun.demands.rules import (
    AT_IT,
    HAND_BACK_REASONS,
    LOAN_KIND_LABELS,
    PARTY_LABELS,
    PLACES,
    STATE_LABELS,
    UNMET_REASONS,
    Origin,
    PartyState,
    State,
)
from jinfuyun.institutions.models import Institution, Unit
from jinfuyun.kit.actor import House, enterprise_house, institution_house
from jinfuyun.kit.lending import LOAN_PURPOSE_LABELS, SIZE_LABELS
from jinfuyun.products.models import Product
from jinfuyun.storage.fields import EncryptedTextField


def _words(size: int = 20) -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=size), default=list)


class Demand(models.Model):
    """What an enterprise asks of all institutions. A draft may lack anything; what is published is whole."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    uscc = models.CharField(max_length=18)
    enterprise_name = models.CharField(max_length=200)
    region_code = models.CharField(max_length=6)
    city_code = models.CharField(max_length=6)
    industry_code = models.CharField(max_length=4, blank=True)
    founded_on = models.DateField(null=True)  # as registered; unknown stays unknown
    contact_name = EncryptedTextField()
    contact_phone = EncryptedTextField()

    amount_fen = models.BigIntegerField(null=True)
    term_months = models.IntegerField(null=True)
    rate_max_bp = models.IntegerField(null=True)
    purpose = models.CharField(
        max_length=12, blank=True, choices=[(p.value, text) for p, text in LOAN_PURPOSE_LABELS.items()]
    )
    purpose_text = models.CharField(max_length=200, blank=True)
    securities = _words()
    collateral = models.CharField(max_length=200, blank=True)
    needed_on = models.DateField(null=True)
    loan_kind = models.CharField(
        max_length=10, blank=True, choices=[(k.value, text) for k, text in LOAN_KIND_LABELS.items()]
    )
    existing_fen = models.BigIntegerField(null=True)
    size = models.CharField(max_length=10, blank=True, choices=[(s.value, text) for s, text in SIZE_LABELS.items()])
    preferred = _words(12)
    excluded = _words(12)
    anonymous = models.BooleanField(default=True)
    contact_time = models.CharField(max_length=60, blank=True)
    open_until = models.DateField(null=True)

    state = models.CharField(max_length=12, choices=[(s.value, text) for s, text in STATE_LABELS.items()])
    state_at = models.DateTimeField()
    drafted_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)
    posted_by = models.CharField(max_length=80, blank=True)
    escalated_at = models.DateTimeField(null=True)
    unmet_reason = models.CharField(max_length=20, blank=True)
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "demand"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="demand_state"),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(posted_at__isnull=False, amount_fen__gt=0, term_months__gt=0, open_until__isnull=False),
                name="demand_posted_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(unmet_reason__in=["", *UNMET_REASONS]) & (~Q(state="unmet") | ~Q(unmet_reason="")),
                name="demand_unmet_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["chosen", "closed"]) | Q(application__isnull=False),
                name="demand_chosen_is_application",
            ),
        ]
        indexes = [
            models.Index(fields=["uscc", "-drafted_at"], name="demand_of_enterprise"),
            models.Index(fields=["state", "-posted_at"], name="demand_on_market"),
            models.Index(fields=["city_code", "escalated_at"], name="demand_escalated"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def enterprise_house(self) -> House:
        return enterprise_house(self.uscc)

    def write(self, wanted: Wanted) -> None:
        for name, value in asdict(wanted).items():
            setattr(self, name, list(value) if isinstance(value, tuple) else value)

    @property
    def wanted(self) -> Wanted:
        values: dict[str, Any] = {name: getattr(self, name) for name in Wanted.__dataclass_fields__}
        values = {name: tuple(one) if isinstance(one, list) else one for name, one in values.items()}
        return Wanted(**values)


class Party(models.Model):
    """An institution at a demand, by claim or by assignment. While it is at it, it has one of the places.

    The places are the database's: a sixth institution finds no number left, whoever is fastest.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="parties")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    # The branch whose work it is; none: the head office's.
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=12)
    # Why the platform assigned it to this one: the rule's points, part by part.
    reasons = models.JSONField(default=list)
    place = models.SmallIntegerField(null=True)
    state = models.CharField(max_length=12, choices=[(s.value, text) for s, text in PARTY_LABELS.items()])
    state_at = models.DateTimeField()
    joined_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    due_provisional = models.BooleanField(default=False)
    reminded_percent = models.SmallIntegerField(default=0)  # how far the reminders of this clock have come
    officer = models.CharField(max_length=80, blank=True)
    officer_label = models.CharField(max_length=120, blank=True)
    left_because = models.CharField(max_length=20, blank=True)  # of LEFT_REASONS
    left_text = models.CharField(max_length=200, blank=True)
    disclosed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "demand_party"
        constraints = [
            models.UniqueConstraint(fields=["demand", "institution"], name="demand_party_once"),
            models.UniqueConstraint(fields=["demand", "place"], name="demand_party_place"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in PartyState]), name="demand_party_state"),
            models.CheckConstraint(condition=Q(origin__in=[o.value for o in Origin]), name="demand_party_origin"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in AT_IT], place__gte=1, place__lte=PLACES)
                | (~Q(state__in=[s.value for s in AT_IT]) & Q(place__isnull=True)),
                name="demand_party_places",
            ),
            models.CheckConstraint(
                condition=~Q(state="handed_back") | Q(left_because__in=list(HAND_BACK_REASONS)),
                name="demand_party_says_why",
            ),
        ]
        indexes = [models.Index(fields=["institution", "state", "due_on"], name="demand_party_desk")]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.state}"

    @property
    def institution_house(self) -> House:
        return institution_house(self.institution.code)


class Proposal(models.Model):
    """意向方案. Nobody but its institution reads it before the enterprise looks; then the enterprise alone does too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="proposal")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    product_name = models.CharField(max_length=60)
    amount_fen = models.BigIntegerField()
    rate_bp = models.IntegerField()
    term_months = models.IntegerField()
    security = models.CharField(max_length=12)
    repayment = models.CharField(max_length=20)
    fee_year_bp = models.IntegerField()
    fees_text = models.CharField(max_length=200, blank=True)
    needs = models.CharField(max_length=400)
    valid_till = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "demand_proposal"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, rate_bp__gt=0, term_months__gt=0, fee_year_bp__gte=0),
                name="demand_proposal_figures",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_name} {self.amount_fen}"

    def write(self, sheet: Sheet) -> None:
        for name, value in asdict(sheet).items():
            if name != "product_code":
                setattr(self, name, value)


class Step(models.Model):
    """One step of one demand. The application's database role may add and read them, nothing else (see migration)."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=14)
    source = models.CharField(max_length=12)
    target = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)
    institution = models.CharField(max_length=60, blank=True)
    said = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "demand_step"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.source}→{self.target}"
