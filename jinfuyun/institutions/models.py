"""Institutions, known everywhere by their `code`."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jinfuyun.institutions.rules import (
    KIND_LABELS,
    LEVEL_LABELS,
    REQUEST_LABELS,
    STATE_LABELS,
    Draft,
    Kind,
    RequestState,
    State,
)
from jinfuyun.kit import refusals
from jinfuyun.kit.actor import House, institution_house
from jinfuyun.kit.four_eyes import digest
from jinfuyun.kit.pinyin import search_text, sort_key
from jinfuyun.storage.fields import EncryptedTextField, mark_of

DRAFT_FIELDS = tuple(Draft.__dataclass_fields__)


class Institution(models.Model):
    """A bank, guarantor, lessor … that publishes products and handles applications."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60, unique=True)
    name_key = models.CharField(max_length=200, db_index=True)
    search_text = models.TextField()
    kind = models.CharField(max_length=20, choices=[(k.value, label) for k, label in KIND_LABELS.items()])
    licence_number = models.CharField(max_length=20, unique=True)
    region_code = models.CharField(max_length=6)
    hotline = models.CharField(max_length=20)
    contact_name = EncryptedTextField()
    contact_phone = EncryptedTextField()

    state = models.CharField(max_length=20, choices=[(s.value, label) for s, label in STATE_LABELS.items()])
    state_at = models.DateTimeField()
    # Who submitted it, and what: the second person must be another one and approve exactly this.
    submitted_by = models.CharField(max_length=80, blank=True)
    submitted_mark = models.BinaryField(default=bytes)
    submitted_digest = models.CharField(max_length=64, blank=True)
    # Why it was sent back, suspended or left; a code only where it was sent back.
    remark_code = models.CharField(max_length=20, blank=True)
    remark = models.CharField(max_length=200, blank=True)
    admitted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "institution"
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=[s.value for s in State]), name="institution_state"),
            models.CheckConstraint(condition=models.Q(kind__in=[k.value for k in Kind]), name="institution_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def house(self) -> House:
        return institution_house(self.code)

    @property
    def remark_words(self) -> str:
        return refusals.in_words(self.remark_code, self.remark)

    def write(self, draft: Draft) -> None:
        """Take the draft over, with the keys that sorting and searching go by."""
        for field in DRAFT_FIELDS:
            setattr(self, field, getattr(draft, field))
        self.name_key, self.search_text = sort_key(draft.name), search_text(draft.name, draft.code)

    def content_digest(self) -> str:
        """Of everything a reviewer approves."""
        content = {field: getattr(self, field) for field in DRAFT_FIELDS}
        for field in ("contact_name", "contact_phone"):  # a plain digest of a phone could be found by trying
            content[field] = mark_of(field, str(content[field])).hex()
        return digest(content)


class Unit(models.Model):
    """A branch (分行) or sub-branch (支行). The head office is no row: whatever has no unit is its."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    level = models.CharField(max_length=10, choices=[(one.value, label) for one, label in LEVEL_LABELS.items()])
    name = models.CharField(max_length=40)
    regions = ArrayField(models.CharField(max_length=6))  # of cities and counties, as products have them
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "institution_unit"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "name"], condition=models.Q(closed_at=None), name="institution_unit_name"
            ),
            models.CheckConstraint(
                condition=models.Q(level="branch", parent=None) | models.Q(level="subbranch"),
                name="institution_unit_level",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AdmissionRequest(models.Model):
    """入驻申请: what somebody said of an institution on the public form. Nothing of it counts until an operator took it
    up as a draft of his own; then it takes the same way as every other draft."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    licence_number = models.CharField(max_length=20)
    region_code = models.CharField(max_length=6)
    hotline = models.CharField(max_length=20)
    contact_name = EncryptedTextField()
    contact_phone = EncryptedTextField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(s.value, label) for s, label in REQUEST_LABELS.items()])
    decided_at = models.DateTimeField(null=True)
    decided_by_label = models.CharField(max_length=120, blank=True)
    institution_code = models.CharField(max_length=12, blank=True)
    remark_code = models.CharField(max_length=20, blank=True)
    remark = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "institution_request"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in RequestState]), name="institution_request_state"
            )
        ]
        indexes = [models.Index(fields=["state", "made_at"], name="institution_request_desk")]

    def __str__(self) -> str:
        return self.number

    @property
    def declined_because(self) -> str:
        return refusals.in_words(self.remark_code, self.remark)
