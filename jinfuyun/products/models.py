"""Products and their versions. A product is what everybody sees; what it says stands in its current version."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from jinfuyun.institutions.models import Institution
from jinfuyun.kit import refusals
from jinfuyun.kit.actor import HouseKind
from jinfuyun.kit.all_in import Basis, CostKind, Fee, Payer
from jinfuyun.kit.conditions import condition_of
from jinfuyun.kit.four_eyes import digest
from jinfuyun.kit.lending import PRODUCT_KIND_LABELS
from jinfuyun.kit.pinyin import search_text, sort_key
from jinfuyun.products.rules import OPEN_REVIEWS, Material, Review, State, Terms, content, rates_bp, yearly_fees_bp


def _words(size: int = 20) -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=size), default=list)


class Product(models.Model):
    """`code` is the institution's code with a running number: MLYH001."""

    code = models.CharField(max_length=20, unique=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12)
    state_at = models.DateTimeField()
    # While it is paused: by the platform or by its institution, and why ("": before that was kept).
    paused_by = models.CharField(max_length=20, blank=True)
    paused_why = models.CharField(max_length=200, blank=True)
    # The version that enterprises see; none before the first listing.
    current = models.OneToOneField("Version", null=True, on_delete=models.PROTECT, related_name="+")
    listed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "product"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="product_state"),
            models.CheckConstraint(
                condition=~Q(state__in=["listed", "paused", "delisted", "expired"]) | Q(current__isnull=False),
                name="product_listed_has_version",
            ),
        ]
        indexes = [models.Index(fields=["institution", "state"])]

    def __str__(self) -> str:
        return self.code

    @property
    def is_paused_by_platform(self) -> bool:
        return self.state == State.PAUSED and self.paused_by == HouseKind.PLATFORM


class MarketChange(models.Model):
    """Something of the market was written; triggers add the rows, `actions.tend` forgets old ones."""

    class Meta:
        db_table = "market_change"


class Version(models.Model):
    """The terms, frozen once submitted; a change makes the next number."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    review = models.CharField(max_length=12)
    drafted_by = models.CharField(max_length=80)
    drafted_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=80, blank=True)
    submitted_mark = models.BinaryField(default=bytes)
    submitted_digest = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField(null=True)
    # The institution's own second person.
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_mark = models.BinaryField(default=bytes)
    confirmed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=80, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    # Why it was sent back; without a code: before there were any.
    remark_code = models.CharField(max_length=20, blank=True)
    remark = models.CharField(max_length=200, blank=True)

    name = models.CharField(max_length=60)
    name_key = models.CharField(max_length=200)
    search_text = models.TextField()
    kind = models.CharField(max_length=20, choices=[(k.value, label) for k, label in PRODUCT_KIND_LABELS.items()])
    summary = models.CharField(max_length=200)
    amount_min_fen = models.BigIntegerField()
    amount_max_fen = models.BigIntegerField()
    term_min_months = models.IntegerField()
    term_max_months = models.IntegerField()
    rate_kind = models.CharField(max_length=10)
    rate_min_bp = models.IntegerField(null=True)
    rate_max_bp = models.IntegerField(null=True)
    lpr_tenor = models.CharField(max_length=2, null=True)
    spread_min_bp = models.IntegerField(null=True)
    spread_max_bp = models.IntegerField(null=True)
    fees = models.JSONField(default=list)
    securities = _words()
    repayments = _words()
    repayment_frequency = models.CharField(max_length=12)
    drawdown = models.CharField(max_length=12)
    prepayment = models.CharField(max_length=12)
    borrowers = _words()
    regions = _words(6)
    industries = _words(2)
    sizes = _words()
    age_months_min = models.IntegerField(default=0)
    tax_grades = _words(1)
    titles = _words()
    conditions = models.JSONField(default=list)
    materials = models.JSONField(default=list)
    accept_days = models.IntegerField()
    approve_days = models.IntegerField()
    disburse_days = models.IntegerField()
    categories = _words()
    purpose = models.CharField(max_length=20)
    tags = _words()
    branch = models.CharField(max_length=200, blank=True)
    hotline = models.CharField(max_length=20)
    listed_until = models.DateField(null=True)

    class Meta:
        db_table = "product_version"
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="product_version_number"),
            models.UniqueConstraint(
                fields=["product"], condition=Q(review__in=[r.value for r in OPEN_REVIEWS]), name="product_one_open"
            ),
            models.CheckConstraint(condition=Q(review__in=[r.value for r in Review]), name="product_version_review"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    def write(self, terms: Terms, *, institution_name: str, lpr_bp: dict[Any, int]) -> None:
        """Take the terms over; a floating rate is stored as what it is today, for filters and sorting."""
        for name, value in content(terms).items():
            setattr(self, name, list(value) if isinstance(value, tuple) else value)
        self.rate_min_bp, self.rate_max_bp = rates_bp(terms, lpr_bp)
        self.name_key = sort_key(terms.name)
        self.search_text = search_text(terms.name, institution_name)

    def terms(self) -> Terms:
        values: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(Terms)}
        values["conditions"] = tuple(map(condition_of, self.conditions))
        values["fees"] = fees_of(self.fees)
        values["materials"] = tuple(Material(**row) for row in self.materials)
        values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        return Terms(**values)

    @property
    def sent_back_because(self) -> str:
        return refusals.in_words(self.remark_code, self.remark)

    @property
    def fee_year_bp(self) -> int:
        return yearly_fees_bp(fees_of(self.fees))

    def content_digest(self) -> str:
        """Of everything a reviewer approves; not of a floating rate's value today, which moves with the LPR."""
        values = content(self.terms())
        if self.rate_kind == "floating":
            values["rate_min_bp"] = values["rate_max_bp"] = None
        return digest(values)


def fees_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Fee, ...]:
    """As they are stored."""
    return tuple(
        Fee(CostKind(row["kind"]), Payer(row["payer"]), Basis(row["basis"]), row["value"], row["text"]) for row in rows
    )


class Unfinished(models.Model):
    """What somebody has typed so far into the form of a product, as it was typed: nothing of it is terms yet."""

    id = models.UUIDField(primary_key=True, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="+")
    # None: of a product that is not there yet.
    product = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="+")
    typed = models.JSONField()
    kept_by = models.CharField(max_length=80)
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "product_unfinished"
        constraints = [models.UniqueConstraint(fields=["product", "kept_by"], name="product_one_unfinished")]

    @property
    def name(self) -> str:
        return str(self.typed.get("name", ""))
