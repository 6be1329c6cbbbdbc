"""Evaluations of two quarters gone by, with a scheme that two regulators put in force, and an appeal that waits."""

from datetime import datetime

from jinfuyun.evaluation import actions
from jinfuyun.evaluation.queries import results, schemes
from jinfuyun.evaluation.rules import Cadence, months_of, periods
from jinfuyun.sandbox import staff
from jinfuyun.supervision.queries import months

QUARTERS = 2
REASON = "本季度有一笔申请因企业补充材料登记晚了一天，请核对受理日期。"


def evaluate_some(*, at: datetime) -> None:
    """The last quarter's ranks are public; a monthly scheme waits for somebody to try it."""
    one, two = staff.regulators()
    quarters = periods(months.months(), Cadence.QUARTER)[:QUARTERS]
    adoption = actions.propose(name="quarterly", from_month=months_of(quarters[-1])[0], by=one, at=at)
    actions.confirm(adoption=adoption, on_screen=schemes.digest_now(adoption), by=two, at=at)
    for quarter in reversed(quarters):
        actions.evaluate(period=quarter, by=one, at=at)
    actions.publish(period=quarters[0], is_public=True, by=one, at=at)
    line, _ = results.line_of(quarters[0], staff.SHOWN)
    admin = staff.acting(staff.SHOWN, "admin")
    actions.appeal(result=line.result, indicator=line.marks[0].indicator, reason=REASON, by=admin, at=at)
