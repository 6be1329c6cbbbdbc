"""The coordination mechanism of a new sandbox: declarations in every state, visits, targets and two zones."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from jinfuyun.accounts.rules import Kind
from jinfuyun.consents import queries as consents
from jinfuyun.coordination import actions, queries
from jinfuyun.coordination.content import Plan, Result, ZoneText
from jinfuyun.coordination.models import Declaration
from jinfuyun.coordination.rules import STANDARDS, Finding, State, Wish
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.lending import Tag
from jinfuyun.policies.queries import in_force
from jinfuyun.sandbox import staff
from jinfuyun.supervision import actions as supervision
from jinfuyun.supervision.queries.targets import Wanted

WAN = 1_000_000
CITY = "350100"
SETTLED_DAYS = 60  # enterprises that had signed by then
MET = {name: Finding(met=True, note="走访和公开信息核对无异常") for name in STANDARDS}
# What it is when the sandbox opens, how many days ago it was declared, and what the bank did.
STORIES: tuple[tuple[State, int, tuple[str, ...]], ...] = (
    (State.DECLARED, 1, ()),
    (State.DECLARED, 3, ()),
    (State.RETURNED, 12, ()),
    (State.RECOMMENDED, 6, ()),
    (State.RECOMMENDED, 15, ("contact",)),
    (State.RECOMMENDED, 20, ("contact", "apply")),
    (State.RECOMMENDED, 45, ()),  # late by now
    (State.GRANTED, 40, ("contact", "apply", "grant")),
    (State.GRANTED, 25, ("contact", "grant")),
    (State.UNMET, 30, ("contact", "refuse")),
    (State.WITHDRAWN, 9, ()),
)


@dataclass(frozen=True, slots=True)
class _Desk:
    city: Actor
    province: Actor
    operator: Actor


@transaction.atomic
def coordinate(*, at: datetime) -> int:
    """How many declarations were written."""
    desk = _Desk(*(staff.seated(kind, account) for kind, account in (
        (Kind.REGULATOR, "regulator.fuzhou"), (Kind.REGULATOR, "regulator"), (Kind.OPERATOR, "operator.one"))
    ))  # fmt: skip
    agreed = consents.recommendable(at).filter(signed_at__lt=at - timedelta(days=SETTLED_DAYS))
    found = Enterprise.objects.filter(queries.mandate(desk.city), pk__in=agreed.values("enterprise")).order_by("pk")
    firms = list(found[: len(STORIES)])
    for number, (firm, story) in enumerate(zip(firms, STORIES, strict=False)):
        _tell(firm, number, *story, desk=desk, at=at)
    _visit(firms, desk, at)
    _aim(desk, at)
    _gather(desk, at)
    return Declaration.objects.count()


def _tell(
    firm: Enterprise, number: int, ends_as: State, days: int, acts: tuple[str, ...], *, desk: _Desk, at: datetime
) -> None:
    start = at - timedelta(days=days, hours=number)
    owner, wish = enterprises.owner_of(firm.uscc), Wish((80 + 20 * number) * WAN, 12, "stock", "备货周转")
    one = actions.declare(uscc=firm.uscc, wish=wish, by=owner, at=start)
    if ends_as is State.WITHDRAWN:
        actions.withdraw(declaration=one, by=owner, at=start + timedelta(days=1))
    if ends_as is State.RETURNED:
        reason = "经营场所已搬离登记地址，请变更登记后再申报"
        actions.send_back(declaration=one, reason=reason, by=desk.city, at=start + timedelta(days=2))
    if ends_as in (State.DECLARED, State.WITHDRAWN, State.RETURNED):
        return
    moment = start + timedelta(hours=12)
    actions.judge(declaration=one, findings=MET, by=desk.city, at=moment)
    codes = [house.code for house in queries.institutions_for(one)]
    code = staff.SHOWN if staff.SHOWN in codes else codes[0]
    [asked] = actions.recommend(declaration=one, codes=[code], by=desk.city, at=moment)
    officer = staff.acting(code, "officer")
    for act in acts:
        moment += timedelta(days=2)
        who: dict[str, Any] = {"recommendation": asked, "by": officer, "at": moment}
        if act == "grant":
            actions.grant(granted_fen=wish.amount_fen, **who)
        elif act == "refuse":
            actions.refuse(reason="policy_debt", **who)
        else:
            {"contact": actions.contact, "apply": actions.apply}[act](**who)


def _visit(firms: list[Enterprise], desk: _Desk, at: datetime) -> None:
    """Three to come, three that took place."""
    today = local_day(at)
    for number, firm in enumerate(firms[:6]):
        planned_on = today + timedelta(days=3 * (number - 3))
        plan = Plan(firm.name, firm.uscc, firm.region_code, "福州走访一组", planned_on)
        visit = actions.plan_visit(plan=plan, by=desk.city, at=at - timedelta(days=12))
        if planned_on < today:
            result = Result(planned_on, "credit", "订单增加，备货资金紧张", "推荐给本地机构对接")
            when = at - (today - planned_on)
            actions.finish_visit(visit=visit, result=result, follow_up="hint", by=desk.city, at=when)


def _aim(desk: _Desk, at: datetime) -> None:
    year = local_day(at).year
    since, until = f"{year}-01", f"{year}-12"
    for place, house, by, indicator, goal in (
        ("350000", "", desk.province, "funded_fen", 30_000 * WAN), ("350000", "", desk.province, "first", 60),
        (CITY, "", desk.city, "recommended_fen", 1_000 * WAN),
        (CITY, staff.SHOWN, desk.city, "recommended_granted", 5),
    ):  # fmt: skip
        supervision.set_target(wanted=Wanted(indicator, place, house, since, until, goal), by=by, at=at)


def _gather(desk: _Desk, at: datetime) -> None:
    today = local_day(at)
    until = today + timedelta(days=60)
    first = ZoneText(
        "first-loan", "首贷专区", "面向还没有贷过款的小微企业和个体工商户，汇集首贷产品和支持政策。", today, until,
        tag=Tag.FIRST_LOAN, policy_codes=tuple(one.code for one in in_force(today)[:2]),
    )  # fmt: skip
    local = ZoneText(
        "fuzhou-unsecured", "福州信用贷专区", "福州市企业凭信用即可申请的产品，不要求抵押和担保。", today, until, CITY,
        security="unsecured",
    )  # fmt: skip
    for text, by in ((first, desk.operator), (local, desk.city)):
        if queries.products_of(text) or text.policy_codes:
            actions.keep_zone(text=text, by=by, at=at)
            actions.publish_zone(slug=text.slug, by=by, at=at)
