"""Putting a scheme in force: one person proposes it from a month on, another confirms exactly that."""

from datetime import datetime

from django.db import IntegrityError, transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.evaluation.models import Adoption, Round
from jinfuyun.evaluation.queries.schemes import digest_now, of_the_province, scheme
from jinfuyun.evaluation.rules import Cadence, State, cadence_of, months_of, periods
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import Refused, TooLate
from jinfuyun.kit.four_eyes import Person, Seen, why_not_approve
from jinfuyun.kit.period import month_of, shifted
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.supervision.rules import is_month


class FourEyes(Refused):
    """Not this person, or not this content."""


@transaction.atomic
def propose(*, name: str, from_month: str, by: Actor, at: datetime) -> Adoption:
    """Counts for nothing before another person confirmed it. Raises NotFound, Refused."""
    require(Permission.EVALUATION_DECIDE, by=by, over=None)
    of_the_province(by)
    wanted = scheme(name)
    if not is_month(from_month) or from_month < month_of(wanted.valid_from):
        raise Refused(f"请写明生效月份，不早于 {month_of(wanted.valid_from)}。")
    if wanted.cadence is Cadence.QUARTER and not _begins_a_quarter(from_month):
        raise Refused("按季评价的方案应自季度首月起生效。")
    if _evaluated_since(from_month, wanted.cadence):
        raise Refused(f"{from_month} 或其后已有评价结果，请改自之后的周期起生效。")
    new = Adoption(
        scheme=name, digest=wanted.content_digest(), cadence=wanted.cadence, from_month=from_month,
        state=State.PROPOSED, proposed_at=at, proposed_by=by.id, proposed_by_label=by.label,
        proposed_mark=accounts.person(by).phone_mark,
    )  # fmt: skip
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError as taken:
        raise TooLate("已有一个方案等待复核，请先复核或退回。") from taken
    audit.record("evaluation.proposed", subject=f"scheme:{name}", by=by, at=at, from_month=from_month)
    return new


def _begins_a_quarter(month: str) -> bool:
    return bool(periods([shifted(month, by) for by in range(3)], Cadence.QUARTER))


def _evaluated_since(month: str, cadence: Cadence) -> bool:
    made = Round.objects.filter(nth=0).values_list("period", flat=True)
    return any(cadence_of(period) is cadence and months_of(period)[-1] >= month for period in made)


@transaction.atomic
def confirm(*, adoption: Adoption, on_screen: str, by: Actor, at: datetime) -> None:
    """The second person's yes. Raises FourEyes, TooLate, Refused."""
    require(Permission.EVALUATION_DECIDE, by=by, over=None)
    of_the_province(by)
    seen = Seen(submitted=adoption.content_digest(adoption.digest), on_screen=on_screen, now=digest_now(adoption))
    proposer = Person(adoption.proposed_by, bytes(adoption.proposed_mark))
    reasons = why_not_approve(proposer=proposer, reviewer=accounts.person(by), seen=seen)
    if reasons:
        raise FourEyes("".join(reasons))
    if _evaluated_since(adoption.from_month, Cadence(adoption.cadence)):
        raise Refused(f"{adoption.from_month} 或其后已有评价结果，请退回后改自之后的周期起生效。")
    _decide(adoption, State.IN_FORCE, by=by, at=at)


@transaction.atomic
def send_back(*, adoption: Adoption, by: Actor, at: datetime) -> None:
    """Not like this; its own proposer may take it back so, too. Raises TooLate."""
    require(Permission.EVALUATION_DECIDE, by=by, over=None)
    of_the_province(by)
    _decide(adoption, State.SENT_BACK, by=by, at=at)


def _decide(adoption: Adoption, state: State, *, by: Actor, at: datetime) -> None:
    proposed = Adoption.objects.filter(pk=adoption.pk, state=State.PROPOSED)
    if not proposed.update(state=state, decided_at=at, decided_by_label=by.label):
        raise TooLate
    audit.record(
        f"evaluation.{state}", subject=f"scheme:{adoption.scheme}", by=by, at=at, from_month=adoption.from_month
    )
    adoption.refresh_from_db()
