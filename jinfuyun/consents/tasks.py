"""What the worker does for consents: making the signed letter, fetching and erasing data, ending what is over."""

import hashlib
import uuid
from datetime import datetime

from django.conf import settings

from jinfuyun.audit import actions as audit
from jinfuyun.consents import actions, letter, queries
from jinfuyun.consents.models import Consent
from jinfuyun.consents.rules import State
from jinfuyun.data import door
from jinfuyun.kit.actor import platform
from jinfuyun.kit.errors import TooLate, Unreachable
from jinfuyun.kit.grant import Category
from jinfuyun.storage import files, signing
from jinfuyun.storage.typesetting import typesetter


def render_letter(*, consent_id: str, at: datetime) -> None:
    """Typeset, sign, keep. If the signature fails the job is tried again: nothing unsigned is kept."""
    consent = Consent.objects.get(pk=uuid.UUID(consent_id))
    if consent.pdf_file:
        return  # an earlier try got as far as keeping it
    assert consent.signed_at is not None  # only a signed consent is deferred
    data = queries.letter_of(consent)
    plain = letter.render_letter(data, setter=typesetter(settings.DOCUMENT_FONTS), at=consent.signed_at)
    signed = signing.sign(plain, keys=settings.DOCUMENT_KEYS, reason="采集查询授权委托书", at=at)
    actions.keep_letter(
        consent=consent, pdf_file=files.put(signed), pdf_sha256=hashlib.sha256(signed).hexdigest(),
        by=platform("render_letter"), at=at,
    )  # fmt: skip


def pull_facts(*, uscc: str, at: datetime) -> None:
    """Fetch what the departments have of an enterprise that has just signed, through the ordinary ingest."""
    consent = queries.in_force(uscc, at)
    if consent is None:
        return  # ended before the worker came to it
    deliveries = door.pull([uscc], at=at)
    silent = [delivery.feed for delivery in deliveries if delivery.state == "unreachable"]
    rows = {delivery.feed: delivery.accepted for delivery in deliveries}
    audit.record(
        "data.collected", subject=f"enterprise:{uscc}", by=platform("pull_facts"), at=at, uscc=uscc,
        consent_number=consent.number, rows=rows, silent=silent,
    )  # fmt: skip
    if silent:
        raise Unreachable  # the worker asks again later; what was fetched is not fetched twice


def erase_facts(*, consent_number: str, uscc: str, at: datetime) -> None:
    """After a consent ended: everything that needs one is erased from current, history and documents."""
    if queries.living(uscc) is not None:
        return  # signed anew meanwhile
    erased = door.forget(uscc, [category for category in Category if category is not Category.REGISTRATION], at=at)
    audit.record(
        "data.erased", subject=f"enterprise:{uscc}", by=platform("erase_facts"), at=at, uscc=uscc,
        consent_number=consent_number, rows=erased,
    )  # fmt: skip


def end_consent(*, uscc: str, made_before: str, at: datetime) -> None:
    """The enterprise passed to another legal representative: what the former one signed no longer stands.

    What his successor prepared or signed since (after `made_before`, ISO) is left alone.
    """
    moment, by = datetime.fromisoformat(made_before), platform("end_consent")
    actions.void_unsigned(uscc=uscc, prepared_before=moment, by=by, at=at)
    consent = queries.living(uscc)
    if consent is not None and consent.signed_at is not None and consent.signed_at < moment:
        actions.end(consent=consent, state=State.SUPERSEDED, by=by, at=at)


def end_old_consents(*, at: datetime) -> None:
    """Every night: terms that are over."""
    for consent in queries.over_but_living(at):
        try:
            actions.end(consent=consent, state=State.EXPIRED, by=platform("end_old_consents"), at=at)
        except TooLate:
            continue  # the enterprise ended it itself in this moment
