"""What the end of a loan ends: the institution's place in the consent, and a consent that lasts until settlement."""

from datetime import datetime

from django.db import transaction

from jinfuyun.consents import actions as consents
from jinfuyun.consents import queries as consents_read
from jinfuyun.consents.rules import State as ConsentState
from jinfuyun.kit.actor import Actor, platform
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.loans import queries
from jinfuyun.loans.actions.keeping import tell_enterprise, tell_institution
from jinfuyun.loans.models import CreditLine, Loan
from jinfuyun.loans.rules import WAY_LABELS, Way
from jinfuyun.notifications.rules import Template

ENDING = "end_consent_of_settled_loans"


@transaction.atomic
def settle_up(*, loan: Loan, by: Actor, at: datetime) -> None:
    """Both sides are told that the loan is settled; then as `release_line`."""
    require(Permission.LOAN_KEEP, by=by, over=loan.institution_house)
    way = WAY_LABELS[Way(loan.way)]
    tell_enterprise(loan=loan, template=Template.LOAN_SETTLED, at=at, way=way, enterprise=loan.line.enterprise_name)
    tell_institution(
        line=loan.line, template=Template.LOAN_SETTLED, at=at, number=loan.number, way=way,
        institution=loan.institution.name, enterprise=loan.line.enterprise_name,
    )  # fmt: skip
    release_line(line=loan.line, by=by, at=at)


@transaction.atomic
def release_line(*, line: CreditLine, by: Actor, at: datetime) -> None:
    """Once nothing is owed under the line and none can be drawn, its institution may query no longer because of it.

    With the last such line of an enterprise that asks for nothing else, a consent "until settlement" ends.
    """
    require(Permission.LOAN_KEEP, by=by, over=line.institution_house)
    if queries.is_under_way(line):
        return
    consents.release_institution(
        uscc=line.uscc, institution_code=line.institution.code, because=line.application.number, by=by, at=at
    )
    consent = queries.consent_to_end(line.uscc)
    if consent is None or consents_read.named(consent.pk).exists():
        return
    consents.end(consent=consent, state=ConsentState.SETTLED, by=platform(ENDING), at=at)
    last = line.loans.order_by("-settled_on").select_related("institution").first()
    assert last is not None, "a line is opened with its first loan"
    words = {"enterprise": line.enterprise_name, "consent": consent.number}
    tell_enterprise(loan=last, template=Template.CONSENT_SETTLED, at=at, **words)
    tell_institution(line=line, template=Template.CONSENT_SETTLED, at=at, **words)
