"""What the worker does for consents: making the signed letter, fetching and erasing data, ending what is over."""

import hashlib
import uuid
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.consents import actions, letter, queries
from jinfuyun.consents.models import Consent
from jinfuyun.consents.rules import SHANGHAI, State, day
from jinfuyun.data import door
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import platform
from jinfuyun.kit.errors import TooLate, Unreachable
from jinfuyun.kit.grant import Category
from jinfuyun.kit.jobs import Job
from jinfuyun.storage import files, signing
from jinfuyun.storage.typesetting import typesetter

TRIES_END_AFTER_HOURS = 2  # the tries of a job take an hour; after two nobody is at it any more


def render_letter(*, consent_id: str, at: datetime) -> None:
    """Typeset, sign, keep. If the signature fails the job is tried again: nothing unsigned is kept."""
    consent = Consent.objects.get(pk=uuid.UUID(consent_id))
    if consent.pdf_file:
        return  # an earlier try got as far as keeping it
    assert consent.signed_at is not None  # only a signed consent is deferred
    data = queries.letter_of(consent)
    plain = letter.render_letter(data, setter=typesetter(settings.DOCUMENT_FONTS), at=consent.signed_at)
    signed = signing.sign(
        plain, keys=settings.DOCUMENT_KEYS, stamps=settings.STAMPS, reason="采集查询授权委托书", at=at
    )
    actions.keep_letter(
        consent=consent, pdf_file=files.put(signed), pdf_sha256=hashlib.sha256(signed).hexdigest(),
        by=platform("render_letter"), at=at,
    )  # fmt: skip


def pull_facts(*, uscc: str, at: datetime) -> None:
    """Fetch what the departments have of an enterprise that has just signed, through the ordinary ingest."""
    consent = queries.in_force(uscc, at)
    if consent is None:
        _wait_for_its_first_day(uscc, at)
        return  # not yet, or ended before the worker came to it
    deliveries = door.pull([uscc], at=at)
    silent = [delivery.feed for delivery in deliveries if delivery.state == "unreachable"]
    rows = {delivery.feed: delivery.accepted for delivery in deliveries}
    with transaction.atomic():
        if not silent:
            Consent.objects.filter(pk=consent.pk).update(collected_at=at)
        audit.record(
            "data.collected", subject=f"enterprise:{uscc}", by=platform("pull_facts"), at=at, uscc=uscc,
            consent_number=consent.number, rows=rows, silent=silent,
        )  # fmt: skip
    if silent:
        raise Unreachable  # the worker asks again later; what was fetched is not fetched twice


def _wait_for_its_first_day(uscc: str, at: datetime) -> None:
    """A key of its own: one signed anew to start at once must not wait behind it."""
    consent = queries.living(uscc)
    if consent is not None and consent.start_on > day(at):
        first = datetime.combine(consent.start_on, time(), tzinfo=SHANGHAI)
        defer(Job.PULL_FACTS, run_at=first, once=f"pull:{uscc}:{consent.start_on}", uscc=uscc)


def erase_facts(*, consent_number: str, uscc: str, at: datetime) -> None:
    """After a consent ended or was narrowed: what no living one covers goes from current, history and documents."""
    doomed = _not_covered(uscc)
    if doomed:
        erased = door.forget(uscc, doomed, at=at)
        audit.record(
            "data.erased", subject=f"enterprise:{uscc}", by=platform("erase_facts"), at=at, uscc=uscc,
            consent_number=consent_number, rows=erased,
        )  # fmt: skip
        defer(Job.TELL_DEPARTMENTS, consent_number=consent_number, uscc=uscc)
        if set(doomed) - set(_not_covered(uscc)):  # signed anew while we erased: what came already may be gone again
            defer(Job.PULL_FACTS, once=f"pull:{uscc}", uscc=uscc)
    Consent.objects.filter(number=consent_number).update(erased_at=at)


def tell_departments(*, consent_number: str, uscc: str, at: datetime) -> None:
    """Each department lets the enterprise go and gives a receipt for the book; a silent one is asked again later."""
    feeds = door.consented_feeds(of=_not_covered(uscc))
    if not feeds:
        return  # signed anew meanwhile
    receipts = {feed: door.end_authorisation(feed, consent_number, uscc, at=at) for feed in feeds}
    audit.record(
        "data.erasure_receipts", subject=f"enterprise:{uscc}", by=platform(Job.TELL_DEPARTMENTS), at=at, uscc=uscc,
        consent_number=consent_number, receipts=receipts,
    )  # fmt: skip


def _not_covered(uscc: str) -> list[Category]:
    living = queries.living(uscc)
    covered = set(living.categories) if living else set()
    return [each for each in Category if each is not Category.REGISTRATION and each not in covered]


def make_good(*, at: datetime) -> None:
    """Every hour: what the ordinary jobs tried in vain (a long outage, a job lost) is begun again until it is done."""
    before = at - timedelta(hours=TRIES_END_AFTER_HOURS)
    for consent in queries.without_letter(signed_before=before):
        defer(Job.RENDER_LETTER, once=f"letter:{consent.number}", consent_id=str(consent.pk))
    for consent in queries.not_collected(at, signed_before=before):
        defer(Job.PULL_FACTS, once=f"pull:{consent.enterprise_id}", uscc=consent.enterprise_id)
    for consent in queries.not_erased(ended_before=before):
        defer(
            Job.ERASE_FACTS, once=f"erase:{consent.number}", consent_number=consent.number, uscc=consent.enterprise_id
        )


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
