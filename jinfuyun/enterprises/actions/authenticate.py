"""From five elements to an enterprise of one's own."""

import json
import uuid
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.actions import reserve_all, use_code
from jinfuyun.accounts.rules import CodePurpose, Limit
from jinfuyun.audit import actions as audit
from jinfuyun.data import door
from jinfuyun.enterprises import queries
from jinfuyun.enterprises.actions.holding import make_room
from jinfuyun.enterprises.actions.runs import move
from jinfuyun.enterprises.models import Enterprise, Holding, Run
from jinfuyun.enterprises.rules import (
    CHECKABLE,
    Elements,
    ProfileForm,
    RunState,
    as_kept,
    differences,
    names_of,
    proven_code,
    why_not_elements,
    why_not_profile,
)
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor, enterprise_house
from jinfuyun.kit.errors import NotFound, Refused, TooLate, TooMany, Unreachable
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.uscc import is_uscc
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.storage.fields import mark_of

TAX_RETRY_AFTER = timedelta(minutes=2)


class Incomplete(Refused):
    """Fields that cannot stand: `wrong` has a sentence for each."""

    message = "请更正标出的内容后再提交。"

    def __init__(self, wrong: dict[str, str]) -> None:
        super().__init__()
        self.wrong = wrong


class OthersEnterprise(Refused):
    """The account already holds enterprises of another person; this one needs a mandate from its own."""

    message = "您的账号已用于另一位法定代表人的企业，这家企业须由其法定代表人本人的账号认证。"


@transaction.atomic
def keep_draft(
    *, run: Run | None, typed: dict[str, Any], new_id: uuid.UUID | None = None, by: Actor, at: datetime
) -> Run:
    """Keep what was typed in step 1, sealed; an edit after the check forgets the later steps. Not booked: a draft.

    Without a run: the draft of this account in which the same was typed goes on; else a new one, named `new_id` by the
    page that was filled in, so that a page sent twice makes one. Raises NotFound if that is another's.
    """
    require(Permission.ENTERPRISE_ADD, by=by, over=None)
    text = json.dumps({"elements": typed}, ensure_ascii=False)
    if run is not None:
        move(run, RunState.DRAFT, at=at, draft=text, uscc="", verified_at=None)
        return run
    user_id = uuid.UUID(by.id)
    same = next((one for one in queries.drafts(user_id) if queries.draft_of(one)["elements"] == typed), None)
    if same is not None:
        return same
    begun = {"user_id": user_id, "state": RunState.DRAFT, "draft": text, "started_at": at, "changed_at": at}
    kept, _ = Run.objects.get_or_create(id=new_id or uuid.uuid4(), defaults=begun)
    if kept.user_id != user_id:
        raise NotFound
    return kept


def check_elements(*, run: Run, elements: Elements, code: str, session: str, by: Actor, at: datetime) -> Run:
    """身份核验: the code, the limit, then the tax department; ends in one atomic step with what it answered.

    The limit is reserved first and the department is asked outside any transaction, so this is not atomic itself.
    Raises Incomplete, WrongCode, TooMany.
    """
    require(Permission.ENTERPRISE_ADD, by=by, over=None)
    if wrong := why_not_elements(elements):
        raise Incomplete(wrong)
    if run.state not in CHECKABLE:
        raise TooLate
    use_code(phone=elements.phone, purpose=CodePurpose.TAX_ELEMENTS, session=session, code=code, at=at)
    # An old number leads to its code; a code is one already, and nobody has to wait for the registry first.
    registered = None if is_uscc(elements.tax_number) else look_up(elements.tax_number, at=at)
    _count_try(names_of(elements.tax_number, registered.uscc if registered else None), at=at)
    verdict = ask_tax(elements, at=at)
    return settle_check(run=run, elements=elements, verdict=verdict, registered=registered, by=by, at=at)


def _count_try(names: tuple[str, ...], *, at: datetime) -> None:
    try:
        reserve_all([(Limit.TAX_CHECK, mark_of("tax_number", name).hex()) for name in names], at=at)
    except TooMany as used_up:
        raise TooMany("该企业今日的核验次数已用完（每日5次），请明天再试，或提交人工核验。") from used_up


def ask_tax(elements: Elements, *, at: datetime) -> door.Verdict:
    """The tax department's answer; silence is UNREACHABLE, never a yes."""
    asked = door.FiveElements(
        tax_number=elements.tax_number, legal_name=elements.legal_name, id_type=door.IdType(elements.id_type),
        id_number=elements.id_number, phone=elements.phone,
    )  # fmt: skip
    return door.verify_taxpayer(asked, at=at)


def settle_check(
    *,
    run: Run,
    elements: Elements,
    verdict: door.Verdict,
    registered: door.Registration | None = None,
    by: Actor,
    at: datetime,
) -> Run:
    """Ask the registry what it knows (only after a match, if nobody has), then write down where the run stands."""
    if verdict is not door.Verdict.MATCHES:
        registered = None
    elif registered is None:
        registered = look_up(elements.tax_number, at=at)
    return write_verdict(run=run, elements=elements, verdict=verdict, registered=registered, by=by, at=at)


def look_up(tax_number: str, *, at: datetime) -> door.Registration | None:
    """What market regulation knows; unreachable or unknown alike leave the fields to be typed."""
    try:
        return door.look_up_registration(tax_number, at=at)
    except Unreachable:
        return None


@transaction.atomic
def write_verdict(
    *,
    run: Run,
    elements: Elements,
    verdict: door.Verdict,
    registered: door.Registration | None,
    by: Actor,
    at: datetime,
) -> Run:
    """The tax department's answer becomes the run's state; a pending one is asked again by a job."""
    require(Permission.ENTERPRISE_ADD, by=by, over=None)
    state = {
        door.Verdict.MATCHES: RunState.VERIFIED,
        door.Verdict.UNREACHABLE: RunState.PENDING,
    }.get(verdict, RunState.DIFFERS)
    draft = {"elements": asdict(elements), "verdict": verdict.value, "registered": as_kept(registered)}
    text, was_pending = json.dumps(draft, ensure_ascii=False), run.state == RunState.PENDING
    move(run, state, at=at, draft=text, verified_at=at if state is RunState.VERIFIED else None)
    if state is RunState.PENDING:
        defer(Job.RETRY_TAX_CHECK, run_id=str(run.pk), run_at=at + TAX_RETRY_AFTER)
    elif was_pending:
        passed = state is RunState.VERIFIED
        phone = accounts.user(run.user_id).phone
        notify(
            phone=phone, user_id=run.user_id, template=Template.TAX_CHECK_ANSWERED, context={"passed": passed}, at=at
        )
    audit.record("enterprise.elements_checked", subject=f"run:{run.pk}", by=by, at=at, verdict=verdict.value)
    return run


def learn_registered(*, run: Run, by: Actor, at: datetime) -> Run:
    """While nobody has told what is registered, ask market regulation again; the run remembers what it answers.

    The department is asked outside any transaction. Its silence changes nothing.
    """
    draft = queries.draft_of(run)
    registered = None if draft.get("registered") else look_up(draft["elements"]["tax_number"], at=at)
    if registered is None:
        return run
    return keep_registered(run=run, registered=registered, by=by, at=at)


@transaction.atomic
def keep_registered(*, run: Run, registered: door.Registration, by: Actor, at: datetime) -> Run:
    """Part of the draft of step 2, as if it had been known at step 1."""
    require(Permission.ENTERPRISE_ADD, by=by, over=None)
    draft = queries.draft_of(run) | {"registered": as_kept(registered)}
    move(run, RunState(run.state), at=at, draft=json.dumps(draft, ensure_ascii=False))
    return run


@transaction.atomic
def submit_profile(*, run: Run, profile: ProfileForm, by: Actor, at: datetime) -> Enterprise:
    """提交信息: the enterprise exists, and this account holds it.

    Raises Incomplete, HeldByAnother, OthersEnterprise, TooLate.
    """
    require(Permission.ENTERPRISE_ADD, by=by, over=None)
    draft = queries.draft_of(run)
    if run.verified_at is None:
        raise TooLate
    confirmed, registered = draft["elements"], draft.get("registered") or {}
    if wrong := why_not_profile(profile, proven_code=proven_code(draft), legal_name=confirmed["legal_name"]):
        raise Incomplete(wrong)
    _one_person_only(run, uscc=profile.uscc, id_number=confirmed["id_number"])
    move(run, RunState.PROFILED, at=at, uscc=profile.uscc)
    becomes_holder = make_room(
        uscc=profile.uscc, user_id=run.user_id, id_number=confirmed["id_number"],
        may_take_over=bool(draft.get("may_take_over")), at=at,
    )  # fmt: skip
    enterprise, _ = Enterprise.objects.update_or_create(
        uscc=profile.uscc,
        defaults={
            "tax_number": confirmed["tax_number"], "name": profile.name, "region_code": profile.region,
            "industry_code": profile.industry, "nature": profile.nature, "legal_name": confirmed["legal_name"],
            "legal_id_type": confirmed["id_type"], "legal_id_number": confirmed["id_number"],
            "legal_phone": confirmed["phone"], "contact_name": profile.contact_name,
            "contact_phone": profile.contact_phone, "registered": _registered_values(registered),
            "registered_as_of": registered.get("as_of"), "authenticated_at": run.verified_at,
        },
    )  # fmt: skip
    if becomes_holder:
        Holding.objects.create(enterprise=enterprise, user_id=run.user_id, since=at)
    audit.record(
        "enterprise.profiled", subject=f"enterprise:{enterprise.uscc}", by=by, at=at, uscc=enterprise.uscc,
        differs=sorted(differences(asdict(profile), enterprise.registered)),
    )  # fmt: skip
    return enterprise


def _one_person_only(run: Run, *, uscc: str, id_number: str) -> None:
    """All enterprises of an account have one legal representative. The account's runs are locked while we look."""
    list(Run.objects.select_for_update().filter(user_id=run.user_id).order_by("pk").values_list("pk"))
    if queries.holds_for_others(run.user_id, but=uscc, id_number=id_number):
        raise OthersEnterprise


def _registered_values(registered: dict[str, Any]) -> dict[str, Any]:
    """What of the registry's answer stays with the enterprise: no names of people."""
    kept = ("name", "region", "industry", "nature", "kind", "capital", "registered_on", "status", "as_of")
    return {field: registered[field] for field in kept if registered.get(field)}


@transaction.atomic
def finish_run(*, uscc: str, by: Actor, at: datetime) -> None:
    """The consent is signed: the wizard's runs for this enterprise are over, and what was typed is forgotten."""
    require(Permission.CONSENT_GIVE, by=by, over=enterprise_house(uscc))
    for run in Run.objects.filter(uscc=uscc, state=RunState.PROFILED):
        move(run, RunState.DONE, at=at, draft="{}")
    audit.record("enterprise.run_finished", subject=f"enterprise:{uscc}", by=by, at=at, uscc=uscc)


@transaction.atomic
def drop_run(*, run: Run, by: Actor, at: datetime) -> None:
    """Give a run up; what was typed is forgotten."""
    require(Permission.ENTERPRISE_ADD, by=by, over=None)
    move(run, RunState.DROPPED, at=at, draft="{}")
    audit.record("enterprise.run_dropped", subject=f"run:{run.pk}", by=by, at=at)
