"""What a visit (走访) and a zone (专区) say. No database."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jinfuyun.kit import regions
from jinfuyun.kit.reasons import Reason
from jinfuyun.kit.uscc import why_not_uscc


class VisitState(StrEnum):
    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


VISIT_LABELS = {VisitState.PLANNED: "计划", VisitState.DONE: "已走访", VisitState.CANCELLED: "已取消"}
# 需求类型
NEEDS = {
    "credit": "需要融资",
    "renewal": "需要续贷",
    "cost": "希望降低融资成本",
    "policy": "需要政策咨询",
    "none": "暂无融资需求",
    "other": "其他",
}
# What a result leads to beside its record.
FOLLOW_UPS = {"": "仅记录", "declare": "列入申报清单", "hint": "提示企业发布融资需求"}
SHEET = (
    "编号",
    "企业名称",
    "统一社会信用代码",
    "所属县（市、区）",
    "走访人",
    "计划日期",
    "走访日期",
    "需求类型",
    "问题",
    "下一步",
)
SHEET_NEEDED = SHEET[1:6]  # the rest may be left out of a sheet that only plans
SHEET_ROWS_MAX = 10_000
PAST_DAYS_MAX = 3 * 366  # a visit written down later than that is a wrong date
TEXT_MAX = 400


@dataclass(frozen=True, slots=True)
class Plan:
    enterprise_name: str
    uscc: str  # "" where the visitor does not know it
    region_code: str
    visitor: str
    planned_on: date


@dataclass(frozen=True, slots=True)
class Result:
    done_on: date
    need: str
    problem: str
    next_step: str


def why_not_plan(plan: Plan, *, within: frozenset[str]) -> list[Reason]:
    """`within`: the counties of the working group."""
    reasons = []
    if not 2 <= len(plan.enterprise_name) <= 100:
        reasons.append(Reason("enterprise_name", "企业名称为 2 至 100 个字。"))
    if plan.uscc and why_not_uscc(plan.uscc):
        reasons.append(Reason("uscc", "统一社会信用代码不正确；不知道的可以不填。"))
    if not regions.is_choosable(plan.region_code) or plan.region_code not in within:
        reasons.append(Reason("region_code", "所属县（市、区）不在辖内。"))
    if not 2 <= len(plan.visitor) <= 40:
        reasons.append(Reason("visitor", "走访人为 2 至 40 个字。"))
    return reasons


def why_not_result(result: Result, *, today: date) -> list[Reason]:
    reasons = []
    if not 0 <= (today - result.done_on).days <= PAST_DAYS_MAX:
        reasons.append(Reason("done_on", "走访日期不能晚于今天，也不能早于三年前。"))
    if result.need not in NEEDS:
        reasons.append(Reason("need", "请选择需求类型。"))
    for field, label, text in (("problem", "问题", result.problem), ("next_step", "下一步", result.next_step)):
        if len(text) > TEXT_MAX:
            reasons.append(Reason(field, f"“{label}”不超过 {TEXT_MAX} 字。"))
    return reasons


class ZoneState(StrEnum):
    """As kept; whether a published zone runs is said by its days (see `zone_stands`)."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


ZONE_LABELS = {
    "draft": "草稿", "planned": "未开始", "running": "进行中", "expired": "已到期", "closed": "已关闭",
}  # fmt: skip
ZONE_DAYS_MAX = 366
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])", re.ASCII)


@dataclass(frozen=True, slots=True)
class ZoneText:
    """`region_code`: "" for the whole province. `tag`, `security`, `words`: the condition that gathers products."""

    slug: str
    title: str
    words: str
    since: date
    until: date
    region_code: str = ""
    product_codes: tuple[str, ...] = ()
    policy_codes: tuple[str, ...] = ()
    tag: str = ""
    security: str = ""

    @property
    def has_condition(self) -> bool:
        return bool(self.tag or self.security)


def why_not_zone(text: ZoneText) -> list[Reason]:
    reasons = []
    if not SLUG.fullmatch(text.slug):
        reasons.append(Reason("slug", "网址名为小写字母、数字和连字符，3 至 40 位，不以连字符开头或结尾。"))
    if not 2 <= len(text.title) <= 40:
        reasons.append(Reason("title", "标题为 2 至 40 个字。"))
    if not 10 <= len(text.words) <= 1000:
        reasons.append(Reason("words", "说明为 10 至 1,000 个字。"))
    if not 0 <= (text.until - text.since).days < ZONE_DAYS_MAX:
        reasons.append(Reason("until", "结束日期不能早于开始日期，一次最长一年。"))
    if text.region_code and regions.find(text.region_code) is None:
        reasons.append(Reason("region_code", "请选择地区。"))
    return reasons


def zone_stands(state: str, since: date, until: date, today: date) -> str:
    """A key of ZONE_LABELS: it begins and ends by its days, without anybody's doing."""
    if state != ZoneState.PUBLISHED:
        return state
    return "planned" if today < since else "expired" if today > until else "running"
