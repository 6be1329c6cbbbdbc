"""走访: planned, done with a result, cancelled; one by one, or ten thousand as a sheet."""

import secrets
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction

from jinfuyun.audit import actions as audit
from jinfuyun.coordination import queries
from jinfuyun.coordination.actions.regulator import enlist
from jinfuyun.coordination.checks import understood
from jinfuyun.coordination.content import (
    FOLLOW_UPS,
    SHEET,
    SHEET_NEEDED,
    SHEET_ROWS_MAX,
    Plan,
    Result,
    VisitState,
    why_not_plan,
    why_not_result,
)
from jinfuyun.coordination.models import Visit
from jinfuyun.coordination.rules import Origin, Wish
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import Refused, TooLate
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.storage import sheets

EVERYWHERE = frozenset(one.code for one in regions.COUNTIES)
AT_ONCE = 2_000


class Planned(Refused):
    message = "同一天对这户企业已有走访，请在原来的走访上记录。"


class Taken(NamedTuple):
    """What became of a sheet: rows that are new, rows whose visit got its result, and the wrong ones."""

    new: int
    finished: int
    wrong: list[tuple[int, str, str]]


def _within(by: Actor) -> frozenset[str]:
    found = queries.counties_of(by)
    return EVERYWHERE if found is None else found


def _new(plan: Plan, result: Result | None, by: Actor, at: datetime) -> Visit:
    # Fourteen digits: of ten thousand drawn for one sheet no two may be the same.
    return Visit(
        number=f"ZF{local_day(at):%Y%m%d}{secrets.randbelow(10**14):014d}", made_at=at, made_by=by.label,
        state=VisitState.DONE if result else VisitState.PLANNED, **asdict(plan), **(asdict(result) if result else {}),
    )  # fmt: skip


@transaction.atomic
def plan_visit(*, plan: Plan, by: Actor, at: datetime) -> Visit:
    """An enterprise of the region, which is told if it is on the platform. Raises NotInOrder, Planned."""
    require(Permission.VISIT_KEEP, by=by, over=by.house)
    if reasons := why_not_plan(plan, within=_within(by)):
        raise NotInOrder(reasons)
    visit = _new(plan, None, by, at)
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError:
        raise Planned from None
    audit.record("visit.planned", subject=f"visit:{visit.number}", by=by, at=at, uscc=visit.uscc)
    _tell(visit, Template.VISIT_PLANNED, at, by=by.label, on=f"{visit.planned_on}")
    return visit


def _tell(visit: Visit, template: Template, at: datetime, **context: str) -> None:
    """Inside the platform, the account that holds the enterprise; nobody where it is not here."""
    holder = enterprises.holder_id(visit.uscc) if visit.uscc else None
    if holder is not None:
        name = enterprises.profile(visit.uscc).name
        notify(user_id=holder, template=template, at=at, context={"enterprise": name} | context)


def _standing(visit: Visit, by: Actor) -> Visit:
    """Held and still planned. Raises NotFound, TooLate."""
    require(Permission.VISIT_KEEP, by=by, over=by.house)
    queries.visit(visit.number, visible_to=by)
    found = Visit.objects.select_for_update().get(pk=visit.pk)
    if found.state != VisitState.PLANNED:
        raise TooLate
    return found


@transaction.atomic
def finish_visit(
    *, visit: Visit, result: Result, by: Actor, at: datetime, follow_up: str = "", wish: Wish | None = None
) -> Visit:
    """Written down; with `follow_up` it becomes a declaration (needs `wish`) or a hint to publish a demand."""
    found = _standing(visit, by)
    reasons = why_not_result(result, today=local_day(at))
    if follow_up not in FOLLOW_UPS:
        reasons.append(Reason("follow_up", "请选择后续办理。"))
    if follow_up and not (found.uscc and enterprises.exists(found.uscc)):
        reasons.append(Reason("follow_up", "该企业没有在平台认证或没有填写统一社会信用代码，只能记录。"))
    if follow_up == "declare" and wish is None:
        reasons.append(Reason("amount_fen", "列入申报清单的，请填写金额、期限和用途。"))
    if reasons:
        raise NotInOrder(reasons)
    found.done_on, found.need = result.done_on, result.need
    found.problem, found.next_step, found.state = result.problem, result.next_step, VisitState.DONE
    if follow_up == "declare" and wish is not None:
        found.declaration = enlist(uscc=found.uscc, wish=wish, origin=Origin.VISIT, by=by, at=at)
    if follow_up == "hint":
        found.hinted_at = at
        _tell(found, Template.VISIT_HINT, at)
    found.save()
    audit.record(
        "visit.done", subject=f"visit:{found.number}", by=by, at=at, uscc=found.uscc, need=found.need,
        follow_up=follow_up,
    )  # fmt: skip
    return found


@transaction.atomic
def cancel_visit(*, visit: Visit, by: Actor, at: datetime) -> None:
    """It does not take place."""
    found = _standing(visit, by)
    found.state = VisitState.CANCELLED
    found.save(update_fields=["state"])
    audit.record("visit.cancelled", subject=f"visit:{found.number}", by=by, at=at, uscc=found.uscc)


@transaction.atomic
def take_in_visits(*, content: bytes, by: Actor, at: datetime) -> Taken:
    """Good rows are taken, wrong ones named. A row with a number gives a planned visit its result.

    Raises SheetRefused. Nobody is messaged: a sheet of ten thousand tells what was arranged elsewhere.
    """
    require(Permission.VISIT_KEEP, by=by, over=by.house)
    rows = sheets.read(content, heading=SHEET, needed=SHEET_NEEDED, rows_max=SHEET_ROWS_MAX)
    within, today = _within(by), local_day(at)
    numbers = [row.reference for row in rows if row.reference]
    known = {one.number: one for one in queries.visits(by).filter(number__in=numbers).select_for_update(of=("self",))}
    new, finished, wrong = [], [], []
    taken = queries.planned_at({row.cells[1] for row in rows}, by)
    for row in rows:
        plan, result, reasons = understood(row, within=within, today=today)
        if plan is not None and row.reference:
            visit = known.pop(row.reference, None)
            if visit is None or visit.state != VisitState.PLANNED or result is None:
                reasons = ["编号不在计划中的走访里，或没有填写走访日期；新的走访请留空编号。"]
            else:
                for name, value in asdict(result).items():
                    setattr(visit, name, value)
                visit.state = VisitState.DONE
                finished.append(visit)
        elif plan is not None:
            key = (plan.region_code, plan.enterprise_name, plan.planned_on)
            if key in taken:
                reasons = [Planned.message]
            else:
                taken.add(key)
                new.append(_new(plan, result, by, at))
        if reasons:
            wrong.append((row.number, row.cells[1], "".join(reasons)))
    _keep(new, finished, by, at)
    return Taken(len(new), len(finished), wrong)


def _keep(new: list[Visit], finished: list[Visit], by: Actor, at: datetime) -> None:
    Visit.objects.bulk_create(new, AT_ONCE)
    Visit.objects.bulk_update(finished, ["state", "done_on", "need", "problem", "next_step"], AT_ONCE)
    audit.record_many(
        lines=(
            ("visit.done" if one.done_on else "visit.planned", f"visit:{one.number}", one.uscc, "", {})
            for one in (*new, *finished)
        ),
        by=by, at=at,
    )  # fmt: skip
    audit.record(
        "visit.taken_in", subject="visits", by=by, at=at, new=len(new), finished=len(finished)
    )  # fmt: skip
