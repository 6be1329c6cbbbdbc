"""Enterprises, who holds them, who may act for them, and the runs of the wizard that lead there."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jinfuyun.enterprises.rules import CaseState, RunState
from jinfuyun.kit.identity import ID_TYPE_LABELS
from jinfuyun.kit.uscc import NATURE_LABELS
from jinfuyun.storage.fields import EncryptedTextField, LookUpField


class Enterprise(models.Model):
    """An enterprise that passed authentication. `registered` is what the registry said, beside what was declared."""

    uscc = models.CharField(max_length=18, primary_key=True)
    tax_number = models.CharField(max_length=20, db_index=True)
    name = models.CharField(max_length=200)
    region_code = models.CharField(max_length=6, db_index=True)
    industry_code = models.CharField(max_length=2)
    nature = models.CharField(max_length=20, choices=list(NATURE_LABELS.items()))
    legal_name = EncryptedTextField()
    legal_id_type = models.CharField(max_length=20, choices=list(ID_TYPE_LABELS.items()))
    legal_id_number = EncryptedTextField()
    legal_id_mark = LookUpField(source="legal_id_number", kind="id_number")
    legal_phone = EncryptedTextField()
    legal_phone_mark = LookUpField(source="legal_phone", kind="phone")
    contact_name = EncryptedTextField()
    contact_phone = EncryptedTextField()
    registered = models.JSONField(default=dict)
    registered_as_of = models.DateField(null=True)
    authenticated_at = models.DateTimeField()

    class Meta:
        db_table = "enterprises_enterprise"


class Holding(models.Model):
    """Which account the enterprise belongs to; one at a time."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "enterprises_holding"
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"], condition=models.Q(until=None), name="one_holder_of_an_enterprise"
            )
        ]


class Mandate(models.Model):
    """The legal representative lets another registered phone act for the enterprise; never sign.

    It was given to a phone; once that phone has an account it is the account's, whatever becomes of the phone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT)
    given_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    phone = EncryptedTextField()
    phone_mark = LookUpField(source="phone", kind="phone")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    acts = ArrayField(models.CharField(max_length=30))
    ends_on = models.DateField()
    given_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "enterprises_mandate"


class Run(models.Model):
    """One run of 企业用户认证授权. What was typed is kept here, sealed, until the run is over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=RunState.choices)
    draft = EncryptedTextField()
    uscc = models.CharField(max_length=18, blank=True)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "enterprises_run"
        indexes = [models.Index(fields=["user", "state"])]


class Case(models.Model):
    """A run that the tax department could not confirm, looked at by two operators."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    run = models.OneToOneField(Run, on_delete=models.PROTECT)
    reason = models.CharField(max_length=30)
    note = EncryptedTextField(null=True)
    licence_file = models.CharField(max_length=32)
    licence_sha256 = models.CharField(max_length=64)
    # As the first operator read it on the licence, where the tax number itself is no code.
    uscc = models.CharField(max_length=18, blank=True)
    state = models.CharField(max_length=20, choices=CaseState.choices)
    submitted_at = models.DateTimeField()
    first_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    first_at = models.DateTimeField(null=True)
    first_sha256 = models.CharField(max_length=64, blank=True)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "enterprises_case"
