"""Writing the book: `record` in the business transaction, `seal` by the one sealer."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from jinfuyun.audit import queries
from jinfuyun.audit.models import Head, Line, Seal
from jinfuyun.audit.rules import START, SignedHead, head_text, next_digest
from jinfuyun.kit.actor import Actor, HouseKind

LINES_AT_ONCE = 2_000


def record(
    action: str, *, subject: str, by: Actor, at: datetime, uscc: str = "", consent_number: str = "", **detail: Any
) -> None:
    """One line, in the caller's transaction. `detail` is JSON; never personal data, only ids and figures.

    Whoever acts for an institution is booked with its code.
    """
    if by.house and by.house.kind is HouseKind.INSTITUTION:
        detail["institution"] = by.house.code
    Line.objects.create(
        action=action, subject=subject, actor=by.id, actor_label=by.label, at=at, uscc=uscc,
        consent_number=consent_number, detail=detail,
    )  # fmt: skip


def record_many(*, lines: Iterable[tuple[str, str, str, str, dict[str, object]]], by: Actor, at: datetime) -> None:
    """As `record`, thousands at once: action, subject, enterprise, consent and detail of each."""
    house = {"institution": by.house.code} if by.house and by.house.kind is HouseKind.INSTITUTION else {}
    Line.objects.bulk_create(
        [
            Line(
                action=action, subject=subject, actor=by.id, actor_label=by.label, at=at, uscc=uscc,
                consent_number=consent_number, detail=detail | house,
            )
            for action, subject, uscc, consent_number, detail in lines
        ],
        LINES_AT_ONCE,
    )  # fmt: skip


@transaction.atomic
def seal(*, key: Ed25519PrivateKey, at: datetime) -> SignedHead | None:
    """Link the lines that came since, sign the new head; None if there is nothing, or another sealer is at work."""
    if not queries.take_sealer_lock():
        return None
    lines = list(queries.unsealed()[:LINES_AT_ONCE])
    if not lines:
        return None
    last = queries.last_seal()
    position, digest = (last.position, bytes(last.digest)) if last else (0, START)
    seals = []
    for line in lines:
        position, digest = position + 1, next_digest(digest, queries.content(line))
        seals.append(Seal(position=position, line=line, digest=digest))
    Seal.objects.bulk_create(seals)
    signature = key.sign(head_text(position, digest, at.astimezone(UTC).isoformat()))
    Head.objects.create(position=position, digest=digest, at=at, signature=signature)
    return SignedHead(position, digest, at.astimezone(UTC).isoformat(), signature)
