"""Credit reports: frozen documents, kept sealed."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jinfuyun.storage.fields import EncryptedTextField


class Report(models.Model):
    """One report. Its content is a sealed file; `content_sha256` is the hash of that content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=40, unique=True)
    enterprise = models.ForeignKey("enterprises.Enterprise", on_delete=models.PROTECT, related_name="+")
    consent_number = models.CharField(max_length=40)
    reader_kind = models.CharField(max_length=20)
    reader_code = models.CharField(max_length=40)
    reader_name = models.CharField(max_length=120)
    opened_by = models.CharField(max_length=120)
    purpose = models.CharField(max_length=20)
    because = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    content_file = models.CharField(max_length=32)
    content_sha256 = models.CharField(max_length=64)
    feeds = ArrayField(models.CharField(max_length=60), null=True)  # on whose deliveries it rests; None: not noted yet

    class Meta:
        db_table = "reports_report"
        indexes = [
            models.Index(fields=["reader_code", "because", "-made_at"]),
            models.Index(fields=["enterprise", "-made_at"]),
        ]


class Printed(models.Model):
    """A report on paper, signed once and kept sealed; `sha256` is that of the whole file."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, primary_key=True, related_name="printed")
    file = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "reports_printed"


class Statement(models.Model):
    """What an enterprise says of itself in its reports (企业声明): the newest counts, an empty one takes it back.

    The application's database role may add rows and read them, nothing else (see the migration).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    enterprise = models.ForeignKey("enterprises.Enterprise", on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField()
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=120)

    class Meta:
        db_table = "reports_statement"
        indexes = [models.Index(fields=["enterprise", "-written_at"], name="statement_newest")]
