"""What stands in the navigation for whom: literal tables, and the context every page gets."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from jinfuyun.applications import queries as applications
from jinfuyun.coordination import queries as coordination
from jinfuyun.demands import queries as demands
from jinfuyun.disputes import queries as disputes
from jinfuyun.evaluation import queries as evaluation
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.actor import ROLE_LABELS, Actor, Role
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.permissions import DEPARTMENT_PEOPLE, MAY, Permission
from jinfuyun.loans import queries as loans
from jinfuyun.oversight import queries as oversight
from jinfuyun.oversight.rules import WAITS_FOR_INSTITUTION
from jinfuyun.products import queries as products
from jinfuyun.warnings import queries as warnings
from jinfuyun.workdays import queries as workdays


class Item(NamedTuple):
    """`roles`: who of a house sees it; empty: everybody of the house."""

    path: str
    label: str
    roles: frozenset[Role] = frozenset()
    also: str = ""  # pages that stand elsewhere and belong here, apart by spaces


PUBLIC = (
    Item("/", "首页"),
    Item("/products", "融资产品"),
    Item("/policies", "支持政策"),
    Item("/zones", "专区"),
    Item("/help", "办事指南"),
    Item("/verify", "文书验真"),
)

# The guide stands at the foot of every page: a tenth entry would not fit a small desk.
ENTERPRISE = (
    Item("/todo", "待办"),
    Item("/my", "我的办理"),
    Item("/products", "融资产品", also="/my/matching"),
    Item("/my/demands", "融资需求", also="/my/coordination"),
    Item("/my/applications", "融资申请"),
    Item("/my/loans", "我的贷款"),
    Item("/my/consents", "授权管理"),
    Item("/my/report", "信用报告", also="/my/reports"),
    Item("/my/disputes", "异议投诉", also="/my/complaints"),
)

INSTITUTION = (
    Item("/bank", "工作台"),
    Item("/bank/applications", "融资申请", frozenset({Role.OFFICER, Role.APPROVER}), also="/bank/reports"),
    Item("/bank/demands", "融资需求", frozenset({Role.OFFICER, Role.APPROVER})),
    Item("/bank/recommendations", "融资推荐", frozenset({Role.OFFICER, Role.APPROVER})),
    Item("/bank/loans", "贷后管理", frozenset({Role.OFFICER, Role.APPROVER}), also="/bank/lines"),
    Item("/bank/questions", "企业询问", frozenset({Role.OFFICER, Role.APPROVER})),
    Item("/bank/notes", "督办", MAY[Permission.NOTE_ANSWER]),
    Item("/bank/complaints", "投诉", MAY[Permission.COMPLAINT_ANSWER]),
    Item("/bank/products", "产品管理", MAY[Permission.PRODUCT_CONFIRM]),
    Item("/bank/evaluation", "评价", frozenset({Role.INSTITUTION_ADMIN, Role.APPROVER})),
    Item("/bank/assigning", "转派", frozenset({Role.INSTITUTION_ADMIN})),
    Item("/bank/staff", "人员", frozenset({Role.INSTITUTION_ADMIN})),
    Item("/bank/units", "分支机构", frozenset({Role.INSTITUTION_ADMIN})),
)

# The other lists of 督办, which web/regulator/tabs.py leads to.
OVERSIGHT_PAGES = ("demands", "questions", "notes", "complaints", "looks")

REGULATOR = (
    Item("/regulator", "概览"),
    Item("/regulator/structure", "结构分析", also="/regulator/cross"),
    Item("/regulator/warnings", "监测预警"),
    Item("/regulator/data", "数据监管"),
    Item("/regulator/months", "月度关账", also="/regulator/bulletins"),
    Item("/regulator/late", "督办", also=" ".join(f"/regulator/{page}" for page in OVERSIGHT_PAGES)),
    Item("/regulator/coordination", "融资协调", also="/regulator/zones"),
    Item("/regulator/evaluation", "机构评价"),
    Item("/products", "融资产品"),
)
DEPARTMENT = (
    Item("/department", "数据归集"),
    Item("/department/deliver", "送达数据", also="/department/uploads"),
    Item("/department/disputes", "数据异议"),
    Item("/department/alarms", "数据质量", also="/department/quality"),
    Item("/department/data", "数据成效"),
    Item("/department/authorised", "授权名单"),
    Item("/department/feeds", "停送与限额"),
)

OPERATOR = (
    Item("/operator", "工作台"),
    Item("/operator/institutions", "机构"),
    Item("/operator/products", "产品审核"),
    Item("/operator/desk", "人工核验"),
    Item("/operator/objections", "数据异议"),
    Item("/operator/complaints", "投诉"),
    Item("/operator/disputes", "督办"),
    Item("/operator/calendar", "日历"),
    Item("/regulator/zones", "专区"),
    Item("/regulator/months", "关账", also="/regulator/bulletins"),
    Item("/operator/staff", "人员"),
)

# The first row whose role the person has decides.
NAVIGATION = (
    (frozenset({Role.OPERATOR}), OPERATOR),
    (frozenset({Role.REGULATOR}), REGULATOR),
    (DEPARTMENT_PEOPLE, DEPARTMENT),
    (
        frozenset({Role.INSTITUTION_ADMIN, Role.PRODUCT_MANAGER, Role.OFFICER, Role.APPROVER, Role.INSTITUTION_READER}),
        INSTITUTION,
    ),
    (frozenset({Role.ENTERPRISE_USER, Role.ENTERPRISE_OWNER, Role.ENTERPRISE_CLERK}), ENTERPRISE),
)


# How much waits behind an entry; an entry without a line here shows no number.
COUNTS: dict[str, Callable[[Actor, date], int]] = {
    "/my/demands": lambda actor, today: demands.unseen_count(actor),
    "/bank/demands": lambda actor, today: demands.todo_count(actor),
    "/regulator/warnings": lambda actor, today: warnings.new_count(actor),
    "/bank/recommendations": lambda actor, today: coordination.tray(actor, timezone.now(), "todo").count(),
    "/regulator/coordination": lambda actor, today: coordination.to_judge(actor, timezone.now()).count(),
    "/my/loans": lambda actor, today: loans.unanswered_count(actor),
    "/my/disputes": lambda actor, today: (
        disputes.open_count(actor) + oversight.answered_for([actor.house.code] if actor.house else []).count()
    ),
    "/bank/assigning": lambda actor, today: applications.late_count(actor, today),
    "/bank/products": lambda actor, today: products.to_confirm(actor).count(),
    "/bank/questions": lambda actor, today: disputes.unanswered_count(actor),
    "/department/disputes": lambda actor, today: disputes.open_count(actor),
    "/operator/calendar": lambda actor, today: workdays.proposed_count(),
    "/operator/objections": lambda actor, today: disputes.open_count(actor),
    "/operator/institutions": lambda actor, today: institutions.waiting_count(),
    "/operator/disputes": lambda actor, today: (
        disputes.late(actor, today=today).count() + disputes.late_questions(actor, today=today).count()
    ),
    "/regulator/late": lambda actor, today: sum(oversight.regulator_counts(actor, today).values()),
    "/bank/notes": lambda actor, today: oversight.notes(actor).filter(state__in=WAITS_FOR_INSTITUTION).count(),
    "/bank/complaints": lambda actor, today: oversight.complaint_desk(actor, "new").count(),
    "/operator/complaints": lambda actor, today: oversight.complaint_desk(actor, "new").count(),
    "/regulator/evaluation": lambda actor, today: evaluation.results.waiting_count(actor),
}


def counts_for(actor: Actor | None, items: tuple[Item, ...]) -> dict[str, int]:
    if actor is None:
        return {}
    today = local_day(timezone.now())
    return {item.path: COUNTS[item.path](actor, today) for item in items if item.path in COUNTS}


def items_for(actor: Actor | None) -> tuple[Item, ...]:
    if actor is None:
        return PUBLIC
    items = next((items for roles, items in NAVIGATION if roles & actor.roles), PUBLIC)
    return tuple(item for item in items if not item.roles or item.roles & actor.roles)


def here(path: str, items: tuple[Item, ...]) -> Item | None:
    """The item whose page this is, or below which it lies: the longest path wins."""
    places = [(place, item) for item in items for place in (item.path, *item.also.split())]
    below = [(len(place), item) for place, item in places if path == place or path.startswith(f"{place.rstrip('/')}/")]
    matching = [each for each in below if each[1].path != "/" or path == "/"]
    return max(matching, key=lambda each: each[0], default=(0, None))[1]


def role_label(actor: Actor) -> str:
    """The one role worth naming: the first that the table of labels knows, the plain enterprise user last."""
    named = [role for role in ROLE_LABELS if role in actor.roles and role is not Role.ENTERPRISE_USER]
    return ROLE_LABELS[named[0] if named else Role.ENTERPRISE_USER]


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: navigation, who is here, for which enterprise, and who runs the platform."""
    actor: Actor | None = getattr(request, "actor", None)
    items = items_for(actor)
    return {
        "nav": items,
        "nav_here": here(request.path, items),
        "nav_counts": SimpleLazyObject(lambda: counts_for(getattr(request, "actor", None), items)),
        "identity": actor,
        "identity_role": role_label(actor) if actor else "",
        "is_enterprise": items == ENTERPRISE,
        "enterprise": getattr(request, "enterprise", None),
        "operator": settings.OPERATOR,
        "sandbox": settings.SANDBOX,
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }
