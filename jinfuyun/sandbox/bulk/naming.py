"""Who may query under a consent because of which application, how long, and when the consent itself ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from jinfuyun.applications.rules import ENDED, KEEP_AFTER_REJECTION_DAYS, State
from jinfuyun.consents.models import Consent, NamedInstitution
from jinfuyun.consents.rules import State as ConsentState
from jinfuyun.kit.calendar import SHANGHAI, local_day
from jinfuyun.sandbox.bulk.cases import NIGHT, Case

Named = list[tuple[Case, NamedInstitution]]


def named_by(cases: Sequence[tuple[Case, datetime | None]]) -> Named:
    """Each application with when its line was over; the rows have no consent yet."""
    return [
        (
            case,
            NamedInstitution(
                institution_code=case.application.institution.code, institution_name=case.application.institution.name,
                because=case.application.number, since=case.application.submitted_at, until=_until(case, over),
            ),
        )
        for case, over in cases
    ]  # fmt: skip


def _until(case: Case, over: datetime | None) -> datetime | None:
    application = case.application
    if application.state == State.FUNDED:
        return over
    if application.state not in ENDED or application.release_on is not None:
        return None
    if application.state != State.REJECTED:
        return application.state_at
    last = local_day(application.state_at) + timedelta(days=KEEP_AFTER_REJECTION_DAYS)
    return datetime.combine(last, NIGHT, SHANGHAI)


def settled_at(named: Named) -> datetime | None:
    """When the last loan was settled with nothing else under way: a consent "until settlement" ends with it."""
    ends = sorted(row.until for _, row in named if row.until is not None)
    for at in ends:
        lent = any(case.application.state == State.FUNDED and row.until and row.until <= at for case, row in named)
        if lent and not any(row.since <= at and (row.until is None or row.until > at) for _, row in named):
            return at
    return None


def asked_after(named: Named, at: datetime | None) -> bool:
    return at is not None and any(row.since > at for _, row in named)


def end(consent: Consent, state: ConsentState, at: datetime) -> None:
    """Nothing was collected under it, so nothing is left to erase."""
    consent.state, consent.ended_at, consent.erased_at = state, at, at
