"""Consents: who may see which categories of whose data, for what, until when."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jinfuyun.consents.rules import State, TermKind
from jinfuyun.storage.fields import EncryptedTextField


class Consent(models.Model):
    """One letter. `categories` are those that may be collected and queried: a utility only if its check passed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=40, unique=True)
    enterprise = models.ForeignKey("enterprises.Enterprise", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State.choices)
    term_kind = models.CharField(max_length=20, choices=TermKind.choices)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    categories = ArrayField(models.CharField(max_length=30))
    purposes = ArrayField(models.CharField(max_length=20))
    utilities = models.JSONField(default=list)
    personal_notice = models.BooleanField()
    recommend = models.BooleanField()
    letter_version = models.CharField(max_length=20)
    letter = EncryptedTextField()
    text_sha256 = models.CharField(max_length=64)
    prepared_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    signed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    signed_at = models.DateTimeField(null=True)
    evidence = EncryptedTextField(null=True)
    ended_at = models.DateTimeField(null=True)
    pdf_file = models.CharField(max_length=32, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    form_token = models.UUIDField(null=True, unique=True)  # the page it was signed on: sent twice, signed once
    collected_at = models.DateTimeField(null=True)  # every department that it names has answered
    erased_at = models.DateTimeField(null=True)  # it ended, and nothing that needs it is kept any more

    class Meta:
        db_table = "consents_consent"
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"], condition=models.Q(state__in=["active", "paused"]), name="one_living_consent"
            )
        ]
        indexes = [
            models.Index(fields=["signed_at"], condition=models.Q(collected_at=None), name="consents_to_collect"),
            models.Index(fields=["ended_at"], condition=models.Q(erased_at=None), name="consents_to_erase"),
        ]


class NamedInstitution(models.Model):
    """An institution that may query under the consent, because of `because` (an application's number)."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT)
    institution_code = models.CharField(max_length=40)
    institution_name = models.CharField(max_length=120)
    because = models.CharField(max_length=60)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "consents_named_institution"
        indexes = [models.Index(fields=["consent", "institution_code"])]


class SignLink(models.Model):
    """The link in an SMS by which the legal representative signs what a clerk prepared; works once."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT)
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "consents_sign_link"


class Authorised(models.Model):
    """What departments are told: whose data of which category may be collected. The data plane owns the table."""

    pk = models.CompositePrimaryKey("uscc", "category")
    uscc = models.TextField()
    category = models.TextField()
    consent_number = models.TextField()
    pdf_sha256 = models.TextField()
    start_on = models.DateField()
    end_on = models.DateField(null=True)

    class Meta:
        db_table = '"serving"."authorised"'
        managed = False
