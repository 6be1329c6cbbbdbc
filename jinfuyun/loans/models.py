"""Credit lines, loans (借据), and the loan book: every entry of every loan, added and never changed."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from jinfuyun.applications.models import Application
from jinfuyun.institutions.models import Institution
from jinfuyun.kit.actor import House, enterprise_house, institution_house
from jinfuyun.kit.lending import Drawdown as DrawdownKind
from jinfuyun.kit.lending import Repayment, Security
from jinfuyun.kit.schedule import Instalment, Plan
from jinfuyun.loans.content import Entry, Position, Terms, next_due
from jinfuyun.loans.rules import (
    GUARANTEED,
    Act,
    Grade,
    LineState,
    Renewal,
    State,
    UploadState,
    Way,
)


def _one_of(field: str, values: Iterable[str]) -> Q:
    return Q(**{f"{field}__in": [str(value) for value in values]})


class CreditLine(models.Model):
    """授信额度 under one contract (its number masked), opened when the application is funded."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="+")
    uscc = models.CharField(max_length=18)
    enterprise_name = models.CharField(max_length=120)
    region_code = models.CharField(max_length=6)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    product_name = models.CharField(max_length=60)
    consent_number = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    amount_fen = models.BigIntegerField()
    rate_bp = models.IntegerField()
    term_months = models.IntegerField()
    security = models.CharField(max_length=12)
    repayment = models.CharField(max_length=20)
    contract_number = models.CharField(max_length=40)
    signed_on = models.DateField()
    until_on = models.DateField()
    state = models.CharField(max_length=12)
    state_at = models.DateTimeField()

    class Meta:
        db_table = "loan_line"
        constraints = [
            models.CheckConstraint(condition=_one_of("state", LineState), name="loan_line_state"),
            models.CheckConstraint(condition=_one_of("kind", DrawdownKind), name="loan_line_kind"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="loan_line_amount"),
        ]
        indexes = [
            models.Index(fields=["uscc"], name="loan_line_of_enterprise"),
            models.Index(fields=["state", "until_on"], name="loan_line_by_end"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def enterprise_house(self) -> House:
        return enterprise_house(self.uscc)

    @property
    def institution_house(self) -> House:
        return institution_house(self.institution.code)

    @property
    def is_guaranteed(self) -> bool:
        return Security(self.security) in GUARANTEED


class Loan(models.Model):
    """借据. From `state` on, all columns are what its entries add up to (content.Position); only actions write them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="loans")
    uscc = models.CharField(max_length=18)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    rate_bp = models.IntegerField()
    drawn_on = models.DateField()
    agreed_due_on = models.DateField()
    purpose = models.CharField(max_length=12)
    purpose_text = models.CharField(max_length=200, blank=True)
    is_entrusted = models.BooleanField()
    is_first_loan = models.BooleanField()
    is_unsecured = models.BooleanField()
    renewal = models.CharField(max_length=12, blank=True)
    renews = models.ForeignKey("self", on_delete=models.PROTECT, related_name="renewed_by", null=True)
    reported_at = models.DateTimeField()
    # What the enterprise says of amount and rate.
    answer = models.CharField(max_length=10, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer_text = models.CharField(max_length=200, blank=True)
    reminded_days = models.SmallIntegerField(default=0)
    told_due_at = models.DateTimeField(null=True)  # that its end is near

    state = models.CharField(max_length=12)
    balance_fen = models.BigIntegerField()
    due_on = models.DateField()
    plan = models.JSONField()  # [due on, principal, interest]
    last_on = models.DateField()
    grade = models.CharField(max_length=12)
    principal_paid_fen = models.BigIntegerField()
    interest_paid_fen = models.BigIntegerField()
    compensated_fen = models.BigIntegerField()
    claim_fen = models.BigIntegerField()
    overdue_since = models.DateField(null=True)
    settled_on = models.DateField(null=True)
    way = models.CharField(max_length=12, blank=True)
    next_due_on = models.DateField(null=True)
    next_due_fen = models.BigIntegerField(null=True)

    class Meta:
        db_table = "loan"
        constraints = [
            models.CheckConstraint(condition=_one_of("state", State), name="loan_state"),
            models.CheckConstraint(condition=_one_of("grade", Grade), name="loan_grade"),
            models.CheckConstraint(condition=_one_of("renewal", Renewal), name="loan_renewal"),
            models.CheckConstraint(condition=_one_of("way", ["", *Way]), name="loan_way"),
            models.CheckConstraint(condition=_one_of("answer", ["", "confirmed", "disputed"]), name="loan_answer"),
            models.CheckConstraint(
                condition=Q(state="reversed") | Q(
                    balance_fen__gte=0, claim_fen__gte=0,
                    amount_fen=F("balance_fen") + F("principal_paid_fen") + F("compensated_fen"),
                ),
                name="loan_adds_up",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(balance_fen=0, claim_fen=0, settled_on__isnull=False),
                name="loan_settled_owes_nothing",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["uscc", "-drawn_on"], name="loan_of_enterprise"),
            models.Index(fields=["institution", "state", "due_on"], name="loan_on_desk"),
            models.Index(fields=["state", "next_due_on"], name="loan_by_next_due"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def enterprise_house(self) -> House:
        return enterprise_house(self.uscc)

    @property
    def institution_house(self) -> House:
        return institution_house(self.institution.code)

    @property
    def terms(self) -> Terms:
        return Terms(
            self.amount_fen, self.rate_bp, self.drawn_on, self.agreed_due_on, Repayment(self.line.repayment),
            self.line.is_guaranteed,
        )  # fmt: skip

    @property
    def schedule(self) -> Plan:
        return tuple(Instalment(date.fromisoformat(day), *amounts) for day, *amounts in self.plan)

    @property
    def position(self) -> Position:
        return Position(
            State(self.state), self.balance_fen, self.due_on, self.schedule, self.last_on, Grade(self.grade),
            self.principal_paid_fen, self.interest_paid_fen, self.compensated_fen, self.claim_fen, self.overdue_since,
            self.settled_on, Way(self.way) if self.way else None,
        )  # fmt: skip

    def stand(self, position: Position) -> None:
        """Write the position into the columns, without saving."""
        due = next_due(position)
        self.state, self.balance_fen, self.due_on = position.state, position.balance_fen, position.due_on
        self.plan = [[row.due_on.isoformat(), row.principal_fen, row.interest_fen] for row in position.plan]
        self.last_on, self.grade = position.last_on, position.grade
        self.principal_paid_fen, self.interest_paid_fen = position.principal_paid_fen, position.interest_paid_fen
        self.compensated_fen, self.claim_fen = position.compensated_fen, position.claim_fen
        self.overdue_since, self.settled_on, self.way = (
            position.overdue_since, position.settled_on, position.way or "",
        )  # fmt: skip
        self.next_due_on = due.due_on if due else None
        self.next_due_fen = due.principal_fen + due.interest_fen if due else None


# The columns that `stand` writes.
STANDING = (
    "state", "balance_fen", "due_on", "plan", "last_on", "grade", "principal_paid_fen", "interest_paid_fen",
    "compensated_fen", "claim_fen", "overdue_since", "settled_on", "way", "next_due_on", "next_due_fen",
)  # fmt: skip


class RenewalAsk(models.Model):
    """续贷: this application is to pay that loan; funding it settles the old one."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="+")
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="renewal_asks")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)

    class Meta:
        db_table = "loan_renewal_ask"


class LoanUpload(models.Model):
    """A sheet of entries that an institution sent. `file` and `wrong_file` are sealed files ("" once destroyed)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120)
    file = models.CharField(max_length=32, blank=True)
    wrong_file = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=200, blank=True)
    made_by = models.CharField(max_length=80)
    made_by_label = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    state_at = models.DateTimeField()
    share_bp = models.IntegerField(default=0)
    row_count = models.IntegerField(default=0)
    loaded_count = models.IntegerField(default=0)
    repeated_count = models.IntegerField(default=0)
    wrong_count = models.IntegerField(default=0)
    wrong = models.JSONField(default=list)  # the first ones as the page shows them: [row, reference, reasons]

    class Meta:
        db_table = "loan_upload"
        constraints = [
            models.CheckConstraint(condition=_one_of("state", UploadState), name="loan_upload_state"),
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(row_count=F("loaded_count") + F("repeated_count") + F("wrong_count")),
                name="loan_upload_adds_up",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["institution", "-made_at"], name="loan_upload_on_desk")]


class LoanEvent(models.Model):
    """One entry of the loan book. The application's database role may add and read them, nothing else (see migration).

    A wrong one is undone by a later one that names it in `reverses`.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="events", db_index=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=12)
    on = models.DateField()
    principal_fen = models.BigIntegerField(default=0)
    interest_fen = models.BigIntegerField(default=0)
    balance_fen = models.BigIntegerField()  # of the loan after this entry
    due_on = models.DateField(null=True)
    grade = models.CharField(max_length=12, blank=True)
    way = models.CharField(max_length=12, blank=True)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    reference = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=200, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)
    upload = models.ForeignKey(LoanUpload, on_delete=models.PROTECT, related_name="events", null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)

    class Meta:
        db_table = "loan_event"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=_one_of("act", Act), name="loan_event_act"),
            models.CheckConstraint(
                condition=Q(principal_fen__gte=0, interest_fen__gte=0, balance_fen__gte=0), name="loan_event_amounts"
            ),
            models.CheckConstraint(
                condition=Q(act="reverse", reverses__isnull=False) | ~Q(act="reverse") & Q(reverses__isnull=True),
                name="loan_event_reverses",
            ),
            models.UniqueConstraint(
                fields=["institution", "reference"], condition=~Q(reference=""), name="loan_event_reference_once"
            ),
            models.UniqueConstraint(fields=["loan"], condition=Q(act="draw"), name="loan_event_one_draw"),
        ]
        indexes = [
            models.Index(fields=["loan", "id"], name="loan_event_of_loan"),
            BrinIndex(fields=["on"], name="loan_event_by_day"),  # a month's, of all that were ever entered
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.act} {self.on}"

    @property
    def entry(self) -> Entry:
        return Entry(
            Act(self.act), self.on, self.principal_fen, self.interest_fen, None, self.due_on,
            Grade(self.grade) if self.grade else None, Way(self.way) if self.way else None,
        )  # fmt: skip
