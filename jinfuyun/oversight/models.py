"""Notes to institutions, complaints, every step of both, and looks at named enterprises."""

import uuid
from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jinfuyun.applications.checks import SCAN_LABELS
from jinfuyun.institutions.models import Institution, Unit
from jinfuyun.kit.actor import PLATFORM_HOUSE, House, HouseKind, enterprise_house, institution_house
from jinfuyun.oversight.rules import (
    ABOUT_LABELS,
    COMPLAINT_LABELS,
    LOOK_LABELS,
    MATTER_LABELS,
    NOTE_LABELS,
    SATISFACTION_LEAST,
    SATISFACTION_MOST,
    TOPIC_LABELS,
    About,
    ComplaintState,
    NoteState,
)
from jinfuyun.storage.fields import EncryptedTextField


def _one_of(field: str, values: Iterable[str], *others: str) -> Q:
    return Q(**{f"{field}__in": [*others, *(str(value) for value in values)]})


class Note(models.Model):
    """督办: a regulator asks an institution to put something right and to say so in writing.

    `about_words` is what the institution reads; it names no enterprise. `sender_code`: the regulator's region.
    `told`: how far reminders have come, 1 on the due day, 2 when it is late.
    """

    kind: ClassVar = "note"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    about = models.CharField(max_length=12)
    about_number = models.CharField(max_length=24)
    about_words = models.CharField(max_length=160)
    uscc = models.CharField(max_length=18)
    region_code = models.CharField(max_length=6)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    # The branch and the person whose work it is about; none: the head office's.
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    handler = models.CharField(max_length=80, blank=True)
    sender_code = models.CharField(max_length=6)
    sent_at = models.DateTimeField()
    text = EncryptedTextField()
    state = models.CharField(max_length=12)
    state_at = models.DateTimeField()
    days = models.SmallIntegerField()  # working days, from when it was sent or returned
    due_on = models.DateField()
    due_provisional = models.BooleanField(default=False)
    told = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "oversight_note"
        constraints = [
            models.UniqueConstraint(
                fields=["about", "about_number", "institution"], condition=~Q(state=NoteState.CLOSED.value),
                name="oversight_note_one_open",
            ),
            models.CheckConstraint(condition=_one_of("state", NOTE_LABELS), name="oversight_note_state"),
            models.CheckConstraint(condition=_one_of("about", ABOUT_LABELS), name="oversight_note_about"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["institution", "state", "due_on"], name="oversight_note_on_desk"),
            models.Index(fields=["region_code", "state"], name="oversight_note_of_region"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def sender_house(self) -> House:
        return House(HouseKind.REGION, self.sender_code)

    @property
    def answering_house(self) -> House:
        return institution_house(self.institution.code)

    @property
    def about_label(self) -> str:
        return ABOUT_LABELS[About(self.about)]


class Complaint(models.Model):
    """An enterprise is not content with an institution, or with the platform (`institution` none).

    `due_on`: the last day of whoever has to answer now; `answer_due_on` that of the first answer, which figures need.
    """

    kind: ClassVar = "complaint"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    form_token = models.UUIDField(unique=True)  # one page of the form makes one complaint, however often it is sent
    uscc = models.CharField(max_length=18)
    enterprise_name = models.CharField(max_length=200)
    region_code = models.CharField(max_length=6)
    contact_name = EncryptedTextField()
    contact_phone = EncryptedTextField()
    institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    handler = models.CharField(max_length=80, blank=True)
    topic = models.CharField(max_length=12)
    matter = models.CharField(max_length=12, blank=True)
    matter_number = models.CharField(max_length=40, blank=True)
    text = EncryptedTextField()

    file_reference = models.CharField(max_length=32, blank=True)
    file_name = EncryptedTextField(null=True)
    file_kind = models.CharField(max_length=8, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_state = models.CharField(max_length=10, blank=True)

    filed_at = models.DateTimeField()
    state = models.CharField(max_length=12)
    state_at = models.DateTimeField()
    due_on = models.DateField()
    answer_due_on = models.DateField()
    told = models.SmallIntegerField(default=0)
    answer = EncryptedTextField(null=True)
    answered_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField(null=True)
    settlement = EncryptedTextField(null=True)
    settled_at = models.DateTimeField(null=True)
    satisfaction = models.SmallIntegerField(null=True)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "oversight_complaint"
        constraints = [
            models.CheckConstraint(condition=_one_of("state", COMPLAINT_LABELS), name="oversight_complaint_state"),
            models.CheckConstraint(condition=_one_of("topic", TOPIC_LABELS), name="oversight_complaint_topic"),
            models.CheckConstraint(condition=_one_of("matter", MATTER_LABELS, ""), name="oversight_complaint_matter"),
            models.CheckConstraint(
                condition=_one_of("file_state", SCAN_LABELS, ""), name="oversight_complaint_file"
            ),
            models.CheckConstraint(
                condition=(Q(answered_at=None) | Q(answer__isnull=False))
                & (Q(settled_at=None) | Q(settlement__isnull=False)),
                name="oversight_complaint_answered_in_writing",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__range=(SATISFACTION_LEAST, SATISFACTION_MOST)),
                name="oversight_complaint_satisfaction",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["uscc", "-filed_at"], name="oversight_complaint_of_firm"),
            models.Index(fields=["institution", "state", "due_on"], name="oversight_complaint_on_desk"),
            models.Index(fields=["region_code", "state"], name="oversight_complaint_of_region"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def enterprise_house(self) -> House:
        return enterprise_house(self.uscc)

    @property
    def answering_house(self) -> House:
        return institution_house(self.institution.code) if self.institution else PLATFORM_HOUSE

    @property
    def against(self) -> str:
        return self.institution.name if self.institution else "平台"

    @property
    def is_closed(self) -> bool:
        return self.state in (ComplaintState.CLOSED, ComplaintState.WITHDRAWN)


class Step(models.Model):
    """One step of a note or of a complaint (`number`): who, when, from where to where, and the sealed words of it.

    The application's database role may add steps and read them, nothing else (see the migration).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24)
    nth = models.SmallIntegerField()
    act = models.CharField(max_length=12)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)
    said = EncryptedTextField(null=True)

    class Meta:
        db_table = "oversight_step"
        ordering = ["nth"]
        constraints = [models.UniqueConstraint(fields=["number", "nth"], name="oversight_step_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.source}→{self.target}"


class Look(models.Model):
    """A regulator looks at one enterprise by name. One for a registered case is shown to it after `ends_on` only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    uscc = models.CharField(max_length=18)
    enterprise_name = models.CharField(max_length=200)
    house_code = models.CharField(max_length=6)
    case_number = models.CharField(max_length=40)
    reason = EncryptedTextField()
    is_case = models.BooleanField()
    state = models.CharField(max_length=8)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_label = models.CharField(max_length=120)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_label = models.CharField(max_length=120, blank=True)
    ends_on = models.DateField()
    opened_count = models.IntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # since when the enterprise has been told

    class Meta:
        db_table = "oversight_look"
        constraints = [
            models.CheckConstraint(condition=_one_of("state", LOOK_LABELS), name="oversight_look_state"),
            models.CheckConstraint(
                condition=Q(is_case=False, told_at__isnull=False)
                | Q(is_case=True) & (~Q(state="open") | ~Q(decided_by="") & ~Q(decided_by=F("asked_by"))),
                name="oversight_look_four_eyes",
            ),
        ]
        indexes = [
            models.Index(fields=["uscc", "-asked_at"], name="oversight_look_of_enterprise"),
            models.Index(fields=["house_code", "-asked_at"], name="oversight_look_of_house"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def house(self) -> House:
        return House(HouseKind.REGION, self.house_code)
