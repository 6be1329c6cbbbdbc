"""Applications, and every move they made."""

import uuid
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from jinfuyun.applications.checks import SCAN_LABELS, FileKind, Scan
from jinfuyun.applications.rules import (
    ENDED,
    HOLDER,
    OPEN,
    STATE_LABELS,
    TRANSITION,
    Act,
    Bounds,
    Clock,
    Holder,
    Promise,
    Running,
    State,
    after,
    release_on,
)
from jinfuyun.institutions.models import Institution, Unit
from jinfuyun.kit.actor import House, enterprise_house, institution_house
from jinfuyun.kit.calendar import Notices, local_day
from jinfuyun.kit.lending import LOAN_PURPOSE_LABELS, Security
from jinfuyun.kit.refusals import BASIS_LABELS
from jinfuyun.products.models import Product, Version
from jinfuyun.storage.fields import EncryptedTextField

INSTITUTION, ENTERPRISE, NOBODY = Holder.INSTITUTION, Holder.ENTERPRISE, Holder.NOBODY


def _held(holder: Holder) -> Q:
    """The states in which it is this one's turn, as the desk asks for them."""
    return Q(state__in=[state.value for state in State if HOLDER[state] is holder])


class Application(models.Model):
    """What an enterprise asks of one institution for one version of a product."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    # One page of the form makes one application, however often it is sent.
    form_token = models.UUIDField(unique=True)
    uscc = models.CharField(max_length=18)
    enterprise_name = models.CharField(max_length=120)
    region_code = models.CharField(max_length=6)
    industry_code = models.CharField(max_length=4, blank=True)
    contact_name = EncryptedTextField()
    contact_phone = EncryptedTextField()
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    # The branch whose work it is; none: the head office's.
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    consent_number = models.CharField(max_length=40)
    amount_fen = models.BigIntegerField()
    term_months = models.IntegerField()
    purpose = models.CharField(max_length=12, choices=[(p.value, text) for p, text in LOAN_PURPOSE_LABELS.items()])
    purpose_text = models.CharField(max_length=200, blank=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=80)

    state = models.CharField(max_length=16, choices=[(s.value, text) for s, text in STATE_LABELS.items()])
    state_at = models.DateTimeField()
    clock_since = models.DateField(null=True)
    clock_days = models.IntegerField(null=True)
    due_on = models.DateField(null=True)
    due_provisional = models.BooleanField(default=False)
    # How far the reminders of this clock have come, and when it was taken out of slow hands.
    reminded_percent = models.SmallIntegerField(default=0)
    passed_on_at = models.DateTimeField(null=True)

    # The material that the institution waits for, where it named one.
    asked_material = models.CharField(max_length=40, blank=True)

    # Who handles it and so will call: shown to the enterprise before anybody does.
    caller_account = models.CharField(max_length=80, blank=True)
    caller_name = EncryptedTextField(null=True)
    caller_phone = EncryptedTextField(null=True)

    refusal_code = models.CharField(max_length=24, blank=True)
    refusal_basis = models.CharField(max_length=16, blank=True)
    refusal_text = models.CharField(max_length=200, blank=True)
    refusal_fact = models.JSONField(null=True)  # the fact it is bound to, as it stood in the report
    decided_at = models.DateTimeField(null=True)

    offer_amount_fen = models.BigIntegerField(null=True)
    offer_rate_bp = models.IntegerField(null=True)
    offer_term_months = models.IntegerField(null=True)
    offer_security = models.CharField(max_length=12, blank=True)
    offer_repayment = models.CharField(max_length=20, blank=True)
    offer_valid_till = models.DateField(null=True)

    contract_number = models.CharField(max_length=40, blank=True)
    signed_on = models.DateField(null=True)
    funded_fen = models.BigIntegerField(null=True)
    funded_rate_bp = models.IntegerField(null=True)
    funded_on = models.DateField(null=True)
    is_first_loan = models.BooleanField(null=True)
    # What the enterprise says of the reported drawdown.
    drawdown_answer = models.CharField(max_length=10, blank=True)
    drawdown_answered_at = models.DateTimeField(null=True)
    drawdown_text = models.CharField(max_length=200, blank=True)

    # Until when the institution stays named in the consent after the end; None while it is open or after release.
    release_on = models.DateField(null=True)

    class Meta:
        db_table = "application"
        constraints = [
            models.UniqueConstraint(
                fields=["uscc", "product"], condition=Q(state__in=[s.value for s in OPEN]), name="application_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="application_state"),
            models.CheckConstraint(
                condition=Q(refusal_basis__in=["", *(b.value for b in BASIS_LABELS)]), name="application_basis"
            ),
            models.CheckConstraint(
                condition=Q(drawdown_answer__in=["", "confirmed", "disputed"]), name="application_answer"
            ),
        ]
        indexes = [
            models.Index(fields=["uscc", "-submitted_at"]),
            models.Index(fields=["institution", "state", "due_on"]),
            models.Index(fields=["due_on"]),
            # One for each tray of the desk, in its order (queries.TRAYS).
            models.Index("institution", "due_on", "state_at", name="application_todo", condition=_held(INSTITUTION)),
            models.Index("institution", "due_on", "state_at", name="application_waiting", condition=_held(ENTERPRISE)),
            models.Index("institution", F("state_at").desc(), name="application_ended", condition=_held(NOBODY)),
            models.Index(
                "institution", "passed_on_at", "due_on", "state_at", name="application_assigning",
                condition=Q(state__in=[state.value for state in OPEN]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def enterprise_house(self) -> House:
        return enterprise_house(self.uscc)

    @property
    def institution_house(self) -> House:
        return institution_house(self.institution.code)

    @property
    def running(self) -> Running:
        return Running(self.clock_since, self.clock_days, self.due_on, self.due_provisional)

    @property
    def promise(self) -> Promise:
        return Promise(self.version.accept_days, self.version.approve_days, self.version.disburse_days)

    @property
    def bounds(self) -> Bounds:
        return bounds_of(self.version)

    def stepped(
        self, act: Act, *, at: datetime, notices: Notices, security: Security | None = None,
        offer_until: date | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """The columns that a step of the table changes, its clock with them; nothing is written."""
        step, today = TRANSITION[act], local_day(at)
        clock = after(
            step.clock, self.running, today=today, promise=self.promise, security=security, offer_until=offer_until,
            notices=notices,
        )  # fmt: skip
        columns = {
            "state": step.target, "state_at": at, "clock_since": clock.since, "clock_days": clock.days,
            "due_on": clock.due_on, "due_provisional": clock.provisional,
        }  # fmt: skip
        if step.clock is not Clock.GO_ON:  # a clock that begins anew has reminded nobody yet
            columns |= {"reminded_percent": 0, "passed_on_at": None}
        if step.target in ENDED:
            columns["release_on"] = release_on(step.target, today)
        return columns


def bounds_of(version: Version) -> Bounds:
    """What the version allows an enterprise to ask and an institution to offer."""
    return Bounds(
        version.amount_min_fen, version.amount_max_fen, version.term_min_months, version.term_max_months,
        version.rate_min_bp or 0, version.rate_max_bp or 0, tuple(version.securities), tuple(version.repayments),
    )  # fmt: skip


class Move(models.Model):
    """One step of one application: who, when, why, from where to where, and until when the next one is due.

    The application's database role may add moves and read them, nothing else (see the migration).
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="moves", db_index=False)
    act = models.CharField(max_length=16)
    source = models.CharField(max_length=16, blank=True)
    target = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)
    why = models.CharField(max_length=400, blank=True)
    due_on = models.DateField(null=True)

    class Meta:
        db_table = "application_move"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["application", "id"], name="application_move_of"),
            BrinIndex(fields=["at"], name="application_move_by_time"),  # a month's, of all that were ever made
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.source}→{self.target}"


class Document(models.Model):
    """A file that the enterprise gave to its application: one version of one material. The bytes lie sealed on disk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    material = models.CharField(max_length=40)
    version = models.SmallIntegerField()
    file_name = EncryptedTextField(null=True)
    kind = models.CharField(max_length=8, choices=[(one.value, one.value) for one in FileKind])
    size_bytes = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    reference = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=[(s.value, text) for s, text in SCAN_LABELS.items()])
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)
    added_by_label = models.CharField(max_length=120)

    class Meta:
        db_table = "application_document"
        ordering = ["material", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["application", "material", "version"], name="application_document_once"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in Scan]), name="application_document_state"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.material} {self.version}"
