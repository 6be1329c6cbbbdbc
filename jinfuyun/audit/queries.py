"""Reading the book."""

from collections.abc import Iterator
from datetime import UTC

from django.db import connection
from django.db.models import QuerySet

from jinfuyun.audit.models import Head, Line, Seal
from jinfuyun.audit.rules import Link, SignedHead

LINES_AT_ONCE = 2_000
SEALER_LOCK = 0x6A66_626F  # any number that nothing else locks


def about(uscc: str) -> QuerySet[Line]:
    """What the book says about one enterprise, newest first; the enterprise may read all of it."""
    return Line.objects.filter(uscc=uscc).order_by("-id")


def unsealed() -> QuerySet[Line]:
    """Lines that the sealer has not linked yet, oldest first."""
    return Line.objects.filter(seal__isnull=True).order_by("id")


def content(line: Line) -> dict[str, object]:
    """What is sealed of a line: everything."""
    return {
        "id": line.pk, "at": line.at.astimezone(UTC).isoformat(), "action": line.action, "actor": line.actor,
        "actor_label": line.actor_label, "subject": line.subject, "uscc": line.uscc,
        "consent_number": line.consent_number, "detail": line.detail,
    }  # fmt: skip


def chain() -> Iterator[Link]:
    """The whole sealed chain in order."""
    seals = Seal.objects.select_related("line").order_by("position")
    for seal in seals.iterator(chunk_size=LINES_AT_ONCE):
        yield Link(seal.position, content(seal.line), bytes(seal.digest))


def last_seal() -> Seal | None:
    return Seal.objects.order_by("-position").first()


def heads() -> Iterator[SignedHead]:
    for head in Head.objects.order_by("position").iterator():
        yield SignedHead(head.position, bytes(head.digest), head.at.astimezone(UTC).isoformat(), bytes(head.signature))


def take_sealer_lock() -> bool:
    """Whether this transaction is the only one that seals; the lock ends with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        return bool(cursor.fetchone()[0])
