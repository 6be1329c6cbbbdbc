"""What an enterprise does with a figure that it thinks is wrong."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from jinfuyun.disputes import queries
from jinfuyun.disputes.actions.moving import move, tell_house, write_down
from jinfuyun.disputes.content import Figure, figure_of
from jinfuyun.disputes.models import Dispute
from jinfuyun.disputes.rules import Act, State, due_on, why_not_raise, why_not_text
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.actor import Actor, enterprise_house
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound, TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.rules import Template
from jinfuyun.reports import actions as reports
from jinfuyun.reports.models import Report


def raise_dispute(
    *, report: Report, category: str, key: str, reason: str, right: str, computed: bool = False, by: Actor, at: datetime
) -> Dispute:
    """Say that a figure of the own report is wrong. While one about it is open, saying it again gives the same one.

    Not atomic itself: looking at the figure is booked on its own, also when it is refused. Raises NotInOrder, NotFound
    (no such figure), NotGranted. `computed`: not what was delivered is wrong but how the platform reckoned.
    """
    require(Permission.DISPUTE_RAISE, by=by, over=enterprise_house(report.enterprise_id))
    reason, right = reason.strip(), right.strip()
    reasons = why_not_raise(reason, right)
    if reasons:
        raise NotInOrder(reasons)
    standing = queries.open_of(uscc=report.enterprise_id, category=category, key=key)
    if standing:
        return standing
    data = reports.view_report(report=report, how="dispute", by=by, at=at)
    figure = figure_of(data, category, key)
    if figure is None:
        raise NotFound
    return _keep(report, figure, queries.answerer(figure, computed=computed), (reason, right), by=by, at=at)


@transaction.atomic
def _keep(
    report: Report, figure: Figure, department: str, said: tuple[str, str], *, by: Actor, at: datetime
) -> Dispute:  # fmt: skip
    profile, today = enterprises.profile(report.enterprise_id), local_day(at)
    new = Dispute(
        number=f"YY{today:%Y%m%d}{secrets.randbelow(10**8):08d}", uscc=profile.uscc, enterprise_name=profile.name,
        region_code=profile.region_code, consent_number=report.consent_number, report_number=report.number,
        category=figure.category, key=figure.key, label=figure.label, department=department, shown=figure.to_json(),
        delivery_numbers=list(figure.deliveries), delivered_at=figure.delivered_at or report.made_at, reason=said[0],
        right=said[1], raised_at=at, raised_by=by.id, state=State.NEW, state_at=at, due_on=due_on(today),
    )  # fmt: skip
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:  # the second of two clicks
        standing = queries.open_of(uscc=profile.uscc, category=figure.category, key=figure.key)
        if standing is None:
            raise TooLate from None
        return standing
    write_down(dispute=new, act=Act.RAISE, source="", target=new.state, said="", by=by, at=at)
    tell_house(house=new.department_house, template=Template.DISPUTE_RAISED, context=queries.words_of(new), at=at)
    return new


@transaction.atomic
def supply(*, dispute: Dispute, text: str, by: Actor, at: datetime) -> None:
    """Answer what the department asked."""
    text = text.strip()
    reasons = why_not_text(text, "text")
    if reasons:
        raise NotInOrder(reasons)
    move(dispute=dispute, act=Act.SUPPLY, said=text, by=by, at=at)
    tell_house(
        house=dispute.department_house, template=Template.DISPUTE_SUPPLIED, context=queries.words_of(dispute), at=at
    )


@transaction.atomic
def withdraw(*, dispute: Dispute, by: Actor, at: datetime) -> None:
    """It is over and the figure is marked no more; the history stays."""
    move(dispute=dispute, act=Act.WITHDRAW, by=by, at=at, changes={"outcome": "withdrawn"})
    tell_house(
        house=dispute.department_house, template=Template.DISPUTE_WITHDRAWN, context=queries.words_of(dispute), at=at
    )


@transaction.atomic
def close(*, dispute: Dispute, by: Actor, at: datetime) -> None:
    """The answer was read."""
    move(dispute=dispute, act=Act.CLOSE, by=by, at=at)
