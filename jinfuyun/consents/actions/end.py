"""Pausing, revoking and ending a consent; naming institutions under it."""

from datetime import datetime

from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.consents import queries
from jinfuyun.consents.models import Authorised, Consent, NamedInstitution, SignLink
from jinfuyun.consents.rules import State, may_come_from
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor, enterprise_house
from jinfuyun.kit.errors import NotGranted, TooLate
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template


@transaction.atomic
def pause(*, consent: Consent, by: Actor, at: datetime) -> None:
    """New collection and new queries stop until it is resumed."""
    require(Permission.CONSENT_REVOKE, by=by, over=enterprise_house(consent.enterprise_id))
    _become(consent, State.PAUSED, by=by, at=at)
    Authorised.objects.filter(consent_number=consent.number).delete()


@transaction.atomic
def revoke(*, consent: Consent, by: Actor, at: datetime) -> None:
    """From `at` on, nothing is collected and nobody may query; what was collected is erased by a job."""
    require(Permission.CONSENT_REVOKE, by=by, over=enterprise_house(consent.enterprise_id))
    _become(consent, State.REVOKED, by=by, at=at, ended_at=at)
    _close(consent, at=at)
    enterprise = enterprises.profile(consent.enterprise_id)
    context = {"enterprise": enterprise.name, "number": consent.number}
    notify(phone=enterprise.legal_phone, template=Template.CONSENT_REVOKED, context=context, at=at)


@transaction.atomic
def end(*, consent: Consent, state: State, by: Actor, at: datetime) -> None:
    """The platform ends it: its term is over, the loan is settled, or the enterprise passed on."""
    require(Permission.CONSENT_ENFORCE, by=by, over=enterprise_house(consent.enterprise_id))
    _become(consent, state, by=by, at=at, ended_at=at)
    _close(consent, at=at)


@transaction.atomic
def void_unsigned(*, uscc: str, prepared_before: datetime, by: Actor, at: datetime) -> None:
    """Letters that name a former legal representative cannot be signed any more; a letter nobody signed is not kept."""
    require(Permission.CONSENT_ENFORCE, by=by, over=enterprise_house(uscc))
    waiting = Consent.objects.filter(enterprise_id=uscc, state=State.PENDING, prepared_at__lt=prepared_before)
    SignLink.objects.filter(consent__in=waiting).delete()
    voided, _ = waiting.delete()
    audit.record("consent.voided", subject=f"enterprise:{uscc}", by=by, at=at, uscc=uscc, letters=voided)


def _become(consent: Consent, state: State, *, by: Actor, at: datetime, ended_at: datetime | None = None) -> None:
    changed = Consent.objects.filter(pk=consent.pk, state__in=may_come_from(state)).update(
        state=state, ended_at=ended_at
    )
    if not changed:
        raise TooLate("该授权的状态刚刚已改变，请刷新后再看。")
    consent.state = state
    audit.record(
        f"consent.{state.value}", subject=f"consent:{consent.number}", by=by, at=at, uscc=consent.enterprise_id,
        consent_number=consent.number,
    )  # fmt: skip


def _close(consent: Consent, *, at: datetime) -> None:
    NamedInstitution.objects.filter(consent=consent, until=None).update(until=at)
    Authorised.objects.filter(consent_number=consent.number).delete()
    defer(Job.ERASE_FACTS, consent_number=consent.number, uscc=consent.enterprise_id)


@transaction.atomic
def name_institution(
    *, uscc: str, institution_code: str, institution_name: str, because: str, by: Actor, at: datetime
) -> None:
    """Submitting an application names its institution. Raises NotGranted without a consent in force."""
    require(Permission.APPLICATION_SUBMIT, by=by, over=enterprise_house(uscc))
    consent = queries.in_force(uscc, at)
    if consent is None:
        raise NotGranted("授权书未签署或已失效，请先签署授权书。")
    NamedInstitution.objects.create(
        consent=consent, institution_code=institution_code, institution_name=institution_name, because=because, since=at
    )
    audit.record(
        "consent.institution_named", subject=f"consent:{consent.number}", by=by, at=at, uscc=uscc,
        consent_number=consent.number, institution=institution_code, because=because,
    )  # fmt: skip


@transaction.atomic
def release_institution(*, uscc: str, institution_code: str, because: str, by: Actor, at: datetime) -> None:
    """The matter is over: the institution may no longer query because of it. Nothing to do is no error."""
    require(Permission.APPLICATION_CLOSE, by=by, over=None)
    rows = NamedInstitution.objects.filter(
        consent__enterprise_id=uscc, institution_code=institution_code, because=because, until=None
    )
    released = rows.update(until=at)
    audit.record(
        "consent.institution_released", subject=f"enterprise:{uscc}", by=by, at=at, uscc=uscc,
        institution=institution_code, because=because, released=released,
    )  # fmt: skip
