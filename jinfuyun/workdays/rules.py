"""A yearly notice of days off as an operator types it, and what may be wrong with it. No database."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jinfuyun.kit.calendar import ONE_DAY, SATURDAY
from jinfuyun.kit.reasons import Reason


class State(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    SENT_BACK = "sent_back"
    REPLACED = "replaced"


STATE_LABELS = {
    State.PROPOSED: "待复核",
    State.IN_FORCE: "已生效",
    State.SENT_BACK: "已退回",
    State.REPLACED: "已被替换",
}
DOCUMENT_LENGTH = (4, 80)
DAYS_OFF = (11, 60)  # the law gives thirteen days; a year with fewer than eleven lines lacks a holiday
YEARS_AHEAD_MAX = 2
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:至|到|~|—|-)\s*(\d{4}-\d{2}-\d{2}))?")
SPAN_DAYS_MAX = 16


@dataclass(frozen=True, slots=True)
class Draft:
    """What the State Council's notice says of one year. `document`: its number or title and day."""

    year: int
    document: str
    days_off: tuple[date, ...]
    days_worked: tuple[date, ...]


def days_of(text: str) -> tuple[date, ...] | None:
    """One day or one span (`2027-02-06 至 2027-02-12`) a line, in order; None if a line is neither."""
    found: set[date] = set()
    for line in filter(None, (line.strip() for line in text.splitlines())):
        match = _LINE.fullmatch(line)
        try:
            first, last = (
                (date.fromisoformat(one) for one in (match[1], match[2] or match[1])) if match else (None, None)
            )
        except ValueError:
            return None
        if first is None or last is None or not 0 <= (last - first).days < SPAN_DAYS_MAX:
            return None
        found |= {first + n * ONE_DAY for n in range((last - first).days + 1)}
    return tuple(sorted(found))


def why_not_propose(draft: Draft, *, today: date) -> list[Reason]:
    """What stands against the notice, field by field."""
    reasons = []
    if not today.year <= draft.year <= today.year + YEARS_AHEAD_MAX:
        reasons.append(Reason("year", f"年份为 {today.year} 至 {today.year + YEARS_AHEAD_MAX} 年。"))
    if not DOCUMENT_LENGTH[0] <= len(draft.document) <= DOCUMENT_LENGTH[1]:
        reasons.append(Reason("document", "请填写来源文件的文号或标题，如“国办发明电〔2026〕7号”。"))
    if not DAYS_OFF[0] <= len(draft.days_off) <= DAYS_OFF[1]:
        reasons.append(Reason("days_off", f"全年放假日为 {DAYS_OFF[0]} 至 {DAYS_OFF[1]} 天（含周末），请核对。"))
    if any(day.year != draft.year for day in (*draft.days_off, *draft.days_worked)):
        reasons.append(Reason("days_off", "所有日期都应在所填年份之内。"))
    if any(day.weekday() < SATURDAY for day in draft.days_worked):
        reasons.append(Reason("days_worked", "调休上班日应为周六或周日。"))
    if set(draft.days_off) & set(draft.days_worked):
        reasons.append(Reason("days_worked", "同一天不能既放假又上班。"))
    return reasons
