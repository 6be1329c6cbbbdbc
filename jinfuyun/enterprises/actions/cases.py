"""The manual desk: what the tax department could not confirm, two operators look at (四眼)."""

import hashlib
import json
import uuid
from datetime import datetime

from django.db import transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.data import door
from jinfuyun.enterprises import queries
from jinfuyun.enterprises.actions.authenticate import Incomplete
from jinfuyun.enterprises.actions.runs import move
from jinfuyun.enterprises.models import Case, Run
from jinfuyun.enterprises.rules import (
    CASE_REASONS,
    ODD_CHARACTERS,
    CaseState,
    RunState,
    as_kept,
    why_not_licence,
)
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import NotAllowed, TooLate
from jinfuyun.kit.four_eyes import Person as Eyes
from jinfuyun.kit.four_eyes import Seen, why_not_approve
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.text import holds_control
from jinfuyun.kit.uscc import is_uscc, normalise, why_not_uscc
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.storage import files

NOTE_MAX = 500


@transaction.atomic
def open_case(*, run: Run, reason: str, note: str, licence: bytes, by: Actor, at: datetime) -> Case:
    """Ask two operators to look; the licence is kept sealed. Raises Incomplete, TooLate."""
    require(Permission.ENTERPRISE_ADD, by=by, over=None)
    wrong = {}
    if reason not in CASE_REASONS:
        wrong["reason"] = "请选择申请人工核验的原因。"
    if len(note) > NOTE_MAX:
        wrong["note"] = f"说明不能超过{NOTE_MAX}个字。"
    elif holds_control(note):
        wrong["note"] = ODD_CHARACTERS
    if (refused := why_not_licence(licence)) is not None:
        wrong["licence"] = refused
    if "elements" not in queries.draft_of(run):
        wrong["reason"] = "请先填写企业要素。"
    if wrong:
        raise Incomplete(wrong)
    move(run, RunState.MANUAL, at=at)
    case, _ = Case.objects.update_or_create(
        run=run,
        defaults={
            "reason": reason, "note": note, "licence_file": files.put(licence),
            "licence_sha256": hashlib.sha256(licence).hexdigest(), "state": CaseState.NEW, "submitted_at": at,
            "uscc": "", "first_by": None, "first_at": None, "first_sha256": "", "decided_by": None, "decided_at": None,
        },
    )  # fmt: skip
    audit.record("enterprise.case_opened", subject=f"case:{case.pk}", by=by, at=at, reason=reason)
    return case


@transaction.atomic
def pass_case_on(*, case: Case, on_screen: str, uscc: str = "", by: Actor, at: datetime) -> None:
    """The first pair of eyes agrees; what it saw (`on_screen`, queries.seen_of) is remembered.

    `uscc`: the code on the licence, where the tax number is none; it becomes part of what the second decides on.
    Raises Incomplete.
    """
    require(Permission.ENTERPRISE_REVIEW, by=by, over=None)
    if on_screen != queries.seen_of(case):
        raise TooLate
    if not is_uscc(queries.draft_of(case.run)["elements"]["tax_number"]):
        case.uscc = normalise(uscc)
        if reasons := why_not_uscc(case.uscc):
            raise Incomplete({"uscc": reasons[0]})
    changed = Case.objects.filter(pk=case.pk, state=CaseState.NEW).update(
        state=CaseState.FIRST, first_by_id=uuid.UUID(by.id), first_at=at, first_sha256=queries.seen_of(case),
        uscc=case.uscc,
    )  # fmt: skip
    if not changed:
        raise TooLate
    audit.record("enterprise.case_passed_on", subject=f"case:{case.pk}", by=by, at=at)


@transaction.atomic
def approve_case(
    *, case: Case, on_screen: str, registered: door.Registration | None = None, by: Actor, at: datetime
) -> None:
    """The second pair of eyes agrees: another person, looking at the same thing. The run goes on at step 2.

    `on_screen` is the digest that the page carried (queries.seen_of); `registered` what market regulation knows, asked
    beforehand, so that step 2 need not be typed.
    """
    require(Permission.ENTERPRISE_REVIEW, by=by, over=None)
    if case.state != CaseState.FIRST:
        raise TooLate
    now = queries.seen_of(case)
    if reasons := why_not_approve(
        proposer=_eyes(case.first_by_id), reviewer=_eyes(uuid.UUID(by.id)), seen=Seen(case.first_sha256, on_screen, now)
    ):
        raise NotAllowed(reasons[0])
    if registered is not None and case.uscc not in ("", registered.uscc):
        raise NotAllowed("初审填写的统一社会信用代码与市场监管部门登记的不同，请核对后办理。")
    _decide(case, CaseState.APPROVED, answer="", expected=CaseState.FIRST, by=by, at=at)
    draft = queries.draft_of(case.run)
    draft |= {"verdict": "manual", "may_take_over": case.reason in ("held", "legal_changed")}
    draft |= {"registered": as_kept(registered) or draft.get("registered"), "code_on_licence": case.uscc}
    move(case.run, RunState.VERIFIED, at=at, draft=json.dumps(draft, ensure_ascii=False), verified_at=at)
    notify(user_id=case.run.user_id, template=Template.CASE_DECIDED, context={"passed": True, "answer": ""}, at=at)
    audit.record("enterprise.case_approved", subject=f"case:{case.pk}", by=by, at=at)


@transaction.atomic
def reject_case(*, case: Case, answer: str, by: Actor, at: datetime) -> None:
    """Either pair of eyes may refuse, with the reason that the person reads."""
    require(Permission.ENTERPRISE_REVIEW, by=by, over=None)
    if not answer.strip() or len(answer) > NOTE_MAX:
        raise Incomplete({"answer": f"请填写不通过的原因（不超过{NOTE_MAX}个字），申请人会看到。"})
    if holds_control(answer):
        raise Incomplete({"answer": ODD_CHARACTERS})
    _decide(case, CaseState.REJECTED, answer=answer.strip(), expected=CaseState(case.state), by=by, at=at)
    draft = queries.draft_of(case.run) | {"verdict": "refused"}
    move(case.run, RunState.DIFFERS, at=at, draft=json.dumps(draft, ensure_ascii=False))
    context = {"passed": False, "answer": answer.strip()}
    notify(user_id=case.run.user_id, template=Template.CASE_DECIDED, context=context, at=at)
    audit.record("enterprise.case_rejected", subject=f"case:{case.pk}", by=by, at=at)


def _eyes(user_id: uuid.UUID | None) -> Eyes:
    assert user_id is not None  # a case in its second look has had a first
    user = accounts.user(user_id)
    return Eyes(str(user.pk), bytes(user.phone_mark or b""))


def _decide(case: Case, state: CaseState, *, answer: str, expected: CaseState, by: Actor, at: datetime) -> None:
    if expected not in (CaseState.NEW, CaseState.FIRST):
        raise TooLate
    changed = Case.objects.filter(pk=case.pk, state=expected).update(
        state=state, decided_by_id=uuid.UUID(by.id), decided_at=at, answer=answer
    )
    if not changed:
        raise TooLate
