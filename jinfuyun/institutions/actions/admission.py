"""Admitting institutions: one operator proposes, another admits exactly what was proposed."""

from datetime import datetime

from django.db import IntegrityError, transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.institutions import queries
from jinfuyun.institutions.models import Institution
from jinfuyun.institutions.rules import MOVES, Draft, State, why_not_propose
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import Refused, TooLate
from jinfuyun.kit.four_eyes import Person, Seen, why_not_approve
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason, said
from jinfuyun.kit.refusals import Desk, why_refused


class FourEyes(Refused):
    """Not this person, or not this content."""


@transaction.atomic
def propose(*, draft: Draft, by: Actor, at: datetime) -> Institution:
    """Write a new institution down as a draft; raises NotInOrder."""
    require(Permission.INSTITUTION_PROPOSE, by=by, over=None)
    new = Institution(state=State.DRAFT, state_at=at)
    _write(new, draft)
    audit.record("institution.proposed", subject=f"institution:{new.code}", by=by, at=at)
    return new


@transaction.atomic
def revise(*, code: str, draft: Draft, by: Actor, at: datetime) -> Institution:
    """Change a draft; raises NotInOrder, or TooLate once it is submitted. The code stays."""
    found = _locked(code)
    require(Permission.INSTITUTION_PROPOSE, by=by, over=found.house)
    if found.state != State.DRAFT:
        raise TooLate
    if draft.code != code:
        raise NotInOrder([Reason("code", "机构编码不能更改。")])
    _write(found, draft)
    audit.record("institution.revised", subject=f"institution:{code}", by=by, at=at)
    return found


def _in_order(draft: Draft) -> None:
    if wrong := why_not_propose(draft):
        raise NotInOrder([Reason(field, text) for field, text in wrong.items()])


def _write(institution: Institution, draft: Draft) -> None:
    _in_order(draft)
    institution.write(draft)
    try:
        with transaction.atomic():
            institution.save()
    except IntegrityError as taken:
        raise NotInOrder([Reason("", "机构编码、名称或许可证编码与已有机构重复，请核对。")]) from taken


def _locked(code: str) -> Institution:
    queries.institution(code)
    return Institution.objects.select_for_update().get(code=code)


@transaction.atomic
def submit(*, code: str, by: Actor, at: datetime) -> str:
    """Hand the draft to a second operator; returns the digest of what was handed over."""
    found = _locked(code)
    require(Permission.INSTITUTION_PROPOSE, by=by, over=found.house)
    digest = found.content_digest()
    _move(
        found, "submit", by=by, at=at, submitted_by=by.id, submitted_mark=accounts.person(by).phone_mark,
        submitted_digest=digest, remark_code="", remark="",
    )  # fmt: skip
    return digest


@transaction.atomic
def admit(*, code: str, on_screen: str, by: Actor, at: datetime) -> None:
    """The second person's approval; `on_screen` is the digest of what he was shown. Raises FourEyes, TooLate."""
    found = queries.institution(code)
    require(Permission.INSTITUTION_ADMIT, by=by, over=found.house)
    if found.state != State.IN_REVIEW:
        raise TooLate
    proposer = Person(found.submitted_by, bytes(found.submitted_mark))
    seen = Seen(submitted=found.submitted_digest, on_screen=on_screen, now=found.content_digest())
    reasons = why_not_approve(proposer=proposer, reviewer=accounts.person(by), seen=seen)
    if reasons:
        raise FourEyes("".join(reasons))
    _move(found, "admit", by=by, at=at, admitted_at=at)


@transaction.atomic
def send_back(*, code: str, ground: str, remark: str, by: Actor, at: datetime) -> None:
    """Back to the proposer, who is told why (`ground`: of GROUNDS)."""
    found = queries.institution(code)
    require(Permission.INSTITUTION_ADMIT, by=by, over=found.house)
    _move(found, "send_back", by=by, at=at, **why_refused(Desk.ADMISSION, ground, remark))


@transaction.atomic
def suspend(*, code: str, why: str, by: Actor, at: datetime) -> None:
    """Its products leave the market until it is resumed; running applications go on."""
    found = queries.institution(code)
    require(Permission.INSTITUTION_ADMIT, by=by, over=found.house)
    _move(found, "suspend", by=by, at=at, remark_code="", remark=said(why))


@transaction.atomic
def resume(*, code: str, why: str, by: Actor, at: datetime) -> None:
    found = queries.institution(code)
    require(Permission.INSTITUTION_ADMIT, by=by, over=found.house)
    _move(found, "resume", by=by, at=at, remark_code="", remark=said(why))


@transaction.atomic
def leave(*, code: str, why: str, by: Actor, at: datetime) -> None:
    """For good. Its running applications are ended by itself or withdrawn by the enterprises."""
    found = queries.institution(code)
    require(Permission.INSTITUTION_ADMIT, by=by, over=found.house)
    _move(found, "leave", by=by, at=at, remark_code="", remark=said(why))


def _move(found: Institution, act: str, *, by: Actor, at: datetime, **changes: object) -> None:
    """The guarded update: only from the states that the table allows, and only the content that was judged."""
    sources, target = MOVES[act]
    same = Institution.objects.filter(
        pk=found.pk, state__in=sources, state_at=found.state_at, submitted_digest=found.submitted_digest
    )
    if not same.update(state=target, state_at=at, **changes):
        raise TooLate
    audit.record(f"institution.{act}", subject=f"institution:{found.code}", by=by, at=at, state=target)
