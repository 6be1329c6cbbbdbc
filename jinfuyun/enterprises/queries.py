"""Reading enterprises, runs of the wizard, mandates and manual cases. Reads begin with what the reader may see."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.rules import Known
from jinfuyun.enterprises.models import Case, Enterprise, Holding, Mandate, Run
from jinfuyun.enterprises.rules import OPEN_STATES, CaseState, RunState, differences
from jinfuyun.kit.actor import Actor, Role, enterprise_house
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.four_eyes import digest
from jinfuyun.kit.identity import mask_name
from jinfuyun.storage.fields import mark_of

OWNER, CLERK = Role.ENTERPRISE_OWNER, Role.ENTERPRISE_CLERK
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Profile:
    """What other nouns need to know of an enterprise."""

    uscc: str
    tax_number: str
    name: str
    region_code: str
    industry_code: str
    nature: str
    legal_name: str
    legal_id_type: str
    legal_id_number: str
    legal_phone: str
    contact_name: str
    contact_phone: str
    registered: dict[str, Any]
    registered_as_of: date | None
    authenticated_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """An enterprise that a user may enter, and as what."""

    uscc: str
    name: str
    role: Role
    acts: tuple[str, ...] = ()


def profile(uscc: str) -> Profile:
    """Raises NotFound."""
    found = Enterprise.objects.filter(uscc=uscc).first()
    if found is None:
        raise NotFound
    return Profile(**{field: getattr(found, field) for field in Profile.__dataclass_fields__})


def registered_beside(found: Profile) -> dict[str, str]:
    """登记值, in words, of each field that the enterprise declared otherwise."""
    declared = {
        "name": found.name, "region": found.region_code, "industry": found.industry_code, "nature": found.nature
    }  # fmt: skip
    return differences(declared, found.registered)


def exists(uscc: str) -> bool:
    return Enterprise.objects.filter(uscc=uscc).exists()


def everybody() -> Iterator[tuple[str, str, str, str]]:
    """USCC, region, industry and nature of every enterprise, as they were declared."""
    return Enterprise.objects.values_list("uscc", "region_code", "industry_code", "nature").iterator()


def names(usccs: list[str]) -> dict[str, str]:
    """Name by USCC."""
    return dict(Enterprise.objects.filter(uscc__in=usccs).values_list("uscc", "name"))


def holder_id(uscc: str) -> uuid.UUID | None:
    """The account that holds the enterprise now."""
    return Holding.objects.filter(enterprise_id=uscc, until=None).values_list("user_id", flat=True).first()


def is_another_person(uscc: str, id_number: str) -> bool:
    """Whether the enterprise is known with another legal representative than the holder of that document."""
    known = Enterprise.objects.filter(uscc=uscc).values_list("legal_id_mark", flat=True).first()
    return known is not None and bytes(known) != mark_of("id_number", id_number)


def holds_for_others(user_id: uuid.UUID, *, but: str, id_number: str) -> bool:
    """Whether the account holds an enterprise (other than `but`) of another person than that document's."""
    held = Holding.objects.filter(user_id=user_id, until=None).exclude(enterprise_id=but)
    return held.exclude(enterprise__legal_id_mark=mark_of("id_number", id_number)).exists()


def of_user(user_id: uuid.UUID, *, phone: str, at: datetime) -> list[Held]:
    """The enterprises that this account holds, then those it has mandates of: one row each, with all their acts."""
    own = Holding.objects.filter(user_id=user_id, until=None).select_related("enterprise").order_by("-since")
    held = {holding.enterprise_id: Held(holding.enterprise_id, holding.enterprise.name, OWNER) for holding in own}
    mandates = mandates_in_force(at).filter(_given_to(user_id, phone)).select_related("enterprise")
    for mandate in mandates.order_by("-given_at"):
        uscc = mandate.enterprise_id
        before = held.get(uscc, Held(uscc, mandate.enterprise.name, CLERK))
        if before.role is CLERK:
            held[uscc] = replace(before, acts=tuple(sorted({*before.acts, *mandate.acts})))
    return list(held.values())


def _given_to(user_id: uuid.UUID, phone: str) -> Q:
    """Mandates of this account, and those for its phone that no account has yet."""
    return Q(user_id=user_id) | Q(user=None, phone_mark=mark_of("phone", phone))


def known_of(phone: str, *, at: datetime) -> Known:
    """What the enterprises of who has this phone tell others of him: their codes, and the own name as legal
    representative. Whoever calls has proved to have the phone."""
    user = accounts.by_phone(phone)
    user_id = user.pk if user else uuid.UUID(int=0)
    his = Q(legal_phone_mark=mark_of("phone", phone)) | Q(holding__user_id=user_id, holding__until=None)
    own = list(Enterprise.objects.filter(his).distinct())
    serves = mandates_in_force(at).filter(_given_to(user_id, phone)).values_list("enterprise_id", flat=True)
    return Known((*(one.uscc for one in own), *serves), tuple({one.legal_name for one in own}))


def actor_for(*, user_id: uuid.UUID, phone: str, uscc: str, label: str, at: datetime) -> Actor:
    """The user acting for this enterprise; raises NotFound where it may not."""
    for held in of_user(user_id, phone=phone, at=at):
        if held.uscc == uscc:
            return as_actor(held, user_id=user_id, label=label)
    raise NotFound


def as_actor(held: Held, *, user_id: uuid.UUID, label: str) -> Actor:
    """The user acting for an enterprise that it may enter."""
    roles = frozenset({Role.ENTERPRISE_USER, held.role})
    return Actor(
        id=str(user_id), label=label, roles=roles, house=enterprise_house(held.uscc), acts=frozenset(held.acts)
    )


def mandates_in_force(at: datetime) -> QuerySet[Mandate]:
    """The end day is included, Asia/Shanghai."""
    return Mandate.objects.filter(taken_back_at=None, ends_on__gte=at.astimezone(SHANGHAI).date())


def mandates_of(uscc: str) -> QuerySet[Mandate]:
    return Mandate.objects.filter(enterprise_id=uscc).order_by("-given_at")


def mandate(mandate_id: uuid.UUID, *, uscc: str) -> Mandate:
    found = Mandate.objects.filter(id=mandate_id, enterprise_id=uscc).first()
    if found is None:
        raise NotFound
    return found


def run(run_id: uuid.UUID, *, user_id: uuid.UUID) -> Run:
    """One's own run of the wizard; raises NotFound."""
    found = Run.objects.filter(id=run_id, user_id=user_id).first()
    if found is None:
        raise NotFound
    return found


def begun(run_id: uuid.UUID, *, user_id: uuid.UUID) -> Run | None:
    """The run with the name that a page was given before there was one. Raises NotFound if it is another's."""
    found = Run.objects.filter(id=run_id).first()
    if found is not None and found.user_id != user_id:
        raise NotFound
    return found


def open_runs(user_id: uuid.UUID) -> QuerySet[Run]:
    """Runs to be continued, newest first."""
    return Run.objects.filter(user_id=user_id, state__in=OPEN_STATES).order_by("-changed_at")


def drafts(user_id: uuid.UUID) -> QuerySet[Run]:
    """Runs that wait at step 1, newest first."""
    return open_runs(user_id).filter(state=RunState.DRAFT)


def draft_of(run: Run) -> dict[str, Any]:
    """What was typed so far."""
    draft: dict[str, Any] = json.loads(run.draft)
    return draft


def open_cases() -> QuerySet[Case]:
    """The manual desk's inbox, oldest first; whose run was given up meanwhile waits for nobody."""
    waiting = Q(state__in=[CaseState.NEW, CaseState.FIRST], run__state=RunState.MANUAL)
    return Case.objects.filter(waiting).select_related("run").order_by("submitted_at")


def case(case_id: uuid.UUID) -> Case:
    """Raises NotFound, also once what was typed is forgotten."""
    found = Case.objects.filter(id=case_id).select_related("run").first()
    if found is None or "elements" not in draft_of(found.run):
        raise NotFound
    return found


def refusal_of(run: Run) -> str:
    """What the operators answered, if theirs is the last word on this run; else nothing."""
    if draft_of(run).get("verdict") != "refused":
        return ""
    return Case.objects.filter(run=run, state=CaseState.REJECTED).values_list("answer", flat=True).first() or ""


def seen_of(case: Case) -> str:
    """The digest of everything a reviewer decides on."""
    return digest(
        {"reason": case.reason, "note": case.note, "licence": case.licence_sha256, "uscc": case.uscc,
         "draft": case.run.draft}
    )  # fmt: skip


def owner_of(uscc: str) -> Actor:
    """The legal representative himself, known by the code sent to his phone rather than by a login."""
    holder = Holding.objects.filter(enterprise_id=uscc, until=None).select_related("enterprise").first()
    if holder is None:
        raise NotFound
    roles = frozenset({Role.ENTERPRISE_USER, Role.ENTERPRISE_OWNER})
    label = f"{mask_name(holder.enterprise.legal_name)}（法定代表人）"
    return Actor(id=str(holder.user_id), label=label, roles=roles, house=enterprise_house(uscc))
