"""One step of a declaration: the only place where its state changes. Whoever moves holds the row; the others wait."""

import secrets
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.coordination import queries
from jinfuyun.coordination.models import Declaration, Recommendation, Step
from jinfuyun.coordination.rules import (
    OPEN,
    ORIGIN_LABELS,
    Act,
    Answer,
    Origin,
    State,
    Transition,
    Wish,
    transition,
    why_not_wish,
)
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor, Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import Refused, TooLate
from jinfuyun.kit.permissions import MAY, Permission, require
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template

HANDLERS = MAY[Permission.COORDINATION_HANDLE]


class NotAgreed(Refused):
    message = "该企业的授权书没有同意对接推荐，或授权已暂停、终止，不能列入清单或推荐。"


class OnTheList(Refused):
    message = "该企业已在申报清单或推荐清单上，办结或撤回后才能再次申报。"


def _must_agree(uscc: str, at: datetime) -> None:
    """Raises NotAgreed: nobody is listed, judged or recommended without the 对接推荐 of the letter in force."""
    if not queries.is_agreed(uscc, at):
        raise NotAgreed


def _put_on_list(
    uscc: str, wish: Wish, origin: Origin, *, by: Actor, at: datetime, demand_number: str = "",
    excluded: list[str] | None = None,
) -> Declaration:  # fmt: skip
    """A new declaration with its first step. Raises NotAgreed, NotInOrder, OnTheList."""
    _must_agree(uscc, at)
    if reasons := why_not_wish(wish):
        raise NotInOrder(reasons)
    profile = enterprises.profile(uscc)
    city = regions.city_of(profile.region_code)
    new = Declaration(
        number=f"XT{local_day(at):%Y%m%d}{secrets.randbelow(10**8):08d}", uscc=uscc, enterprise_name=profile.name,
        region_code=profile.region_code, city_code=city.code if city else profile.region_code,
        contact_name=profile.contact_name, contact_phone=profile.contact_phone, amount_fen=wish.amount_fen,
        term_months=wish.term_months, purpose=wish.purpose, purpose_text=wish.purpose_text, origin=origin,
        demand_number=demand_number, excluded=excluded or [], state=State.DECLARED, state_at=at, declared_at=at,
        declared_by=by.label,
    )  # fmt: skip
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        raise OnTheList from None
    _write(new, Act.DECLARE, "", by, at, said=ORIGIN_LABELS[origin])
    audit.record("coordination.declare", subject=f"coordination:{new.number}", by=by, at=at, uscc=uscc, origin=origin)
    return new


def _held(declaration: Declaration) -> Declaration:
    """The row as it stands, for this transaction alone."""
    return Declaration.objects.select_for_update().get(pk=declaration.pk)


def _step(
    found: Declaration, act: Act, *, by: Actor, at: datetime, about: Recommendation | None = None, said: str = "",
    institution: str = "", **booked: Any,
) -> Transition:  # fmt: skip
    """Take the step that the table allows, TooLate if it allows none. `found` and `about` are as they stand now."""
    others = found.recommendations.filter(state__in=OPEN)
    others = others.exclude(pk=about.pk) if about else others
    row = transition(act, found.state, about.state if about else "", open_left=others.exists())
    if row is None:
        raise TooLate
    houses = {
        Permission.COORDINATION_HANDLE: about.institution_house if about else None,
        Permission.COORDINATION_WORK: by.house,
        Permission.COORDINATION_DECLARE: found.enterprise_house,
    }  # fmt: skip
    require(row.permission, by=by, over=houses.get(row.permission))
    source = found.state
    if row.target != source:
        found.state, found.state_at = row.target, at
        found.save(update_fields=["state", "state_at"])
    _write(found, act, source, by, at, said=said, institution=about.institution.name if about else institution)
    audit.record(
        f"coordination.{act}", subject=f"coordination:{found.number}", by=by, at=at, uscc=found.uscc, source=source,
        target=row.target, **booked,
    )  # fmt: skip
    return row


def _write(
    found: Declaration, act: str, source: str, by: Actor, at: datetime, *, said: str = "", institution: str = ""
) -> None:
    Step.objects.create(
        declaration=found, act=act, source=source, target=found.state, at=at, by=by.id, by_label=by.label,
        institution=institution, said=said,
    )  # fmt: skip


def _end_open(found: Declaration, *, at: datetime) -> None:
    """Whoever still owes an answer owes none any more, and is told to leave the enterprise alone."""
    for one in found.recommendations.filter(state__in=OPEN).select_related("institution", "unit"):
        one.state, one.state_at = Answer.ENDED, at
        one.save(update_fields=["state", "state_at"])
        _tell_institution(one, Template.COORDINATION_ENDED, queries.words_of(found), at=at)


def _tell_institution(
    about: Recommendation, template: Template, context: dict[str, str], *, at: datetime,
    roles: frozenset[Role] = HANDLERS,
) -> None:  # fmt: skip
    """Inside the platform: the officer whose it is and those with one of the roles who see it."""
    for person in accounts.staff_of(about.institution_house):
        sees_it = institutions.sees(person.unit_id, about.unit) and roles & set(person.roles)
        if accounts.is_open(person) and (sees_it or str(person.pk) == about.officer):
            notify(user_id=person.pk, template=template, context=context, at=at)


def _tell_enterprise(found: Declaration, template: Template, *, at: datetime, **context: str) -> None:
    """By short message to the contact, and in the platform to the account that holds the enterprise."""
    notify(
        phone=found.contact_phone, user_id=enterprises.holder_id(found.uscc), template=template, at=at,
        context=queries.words_of(found) | {"enterprise": found.enterprise_name} | context,
    )  # fmt: skip
