"""A row of a sheet of visits, read."""

from datetime import date

from jinfuyun.coordination.content import NEEDS, Plan, Result, why_not_plan, why_not_result
from jinfuyun.kit import regions
from jinfuyun.storage.sheets import Row

COUNTIES = {name: one.code for one in regions.COUNTIES_IN_FORMS for name in (one.name, regions.full_name(one.code))}
NEED_CODES = {label: code for code, label in NEEDS.items()}


def understood(
    row: Row, *, within: frozenset[str], today: date
) -> tuple[Plan | None, Result | None, list[str]]:  # fmt: skip
    """What the row plans, and its result if it has one; or everything that is wrong with it."""
    _, name, uscc, county, visitor, planned, done, need, problem, next_step = row.cells
    planned_on, done_on = _day(planned), _day(done)
    reasons = []
    if planned_on is None:
        reasons.append("“计划日期”应为 2026-03-02 这样的日期。")
    if done and done_on is None:
        reasons.append("“走访日期”应为 2026-03-02 这样的日期。")
    plan = Plan(name, uscc.upper(), COUNTIES.get(county, ""), visitor, planned_on or today)
    reasons += [one.text for one in why_not_plan(plan, within=within)]
    result = None
    if done_on is not None:
        result = Result(done_on, NEED_CODES.get(need, ""), problem, next_step)
        reasons += [one.text for one in why_not_result(result, today=today)]
    elif need or problem or next_step:
        reasons.append("填写了走访结果的，请填写“走访日期”。")
    return (None, None, reasons) if reasons else (plan, result, [])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
