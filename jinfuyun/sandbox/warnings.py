"""What the rules find in the rows of a new sandbox, a week ago and now; of what they found first some was seen to."""

from datetime import datetime, timedelta

from jinfuyun.sandbox import staff
from jinfuyun.warnings import actions, tasks
from jinfuyun.warnings.models import EarlyWarning

DAYS_AGO = 7
FOUND = "已与该机构核对，属实；要求一周内说明原因并改进，已收到书面说明。"
MISTAKEN = "经核对，当期集中办结了积压申请，比例不反映日常水平。"


def watch(*, at: datetime) -> int:
    """How many warnings there are."""
    then, regulator = at - timedelta(days=DAYS_AGO), staff.regulator()
    tasks.tend(at=then)
    first = list(EarlyWarning.objects.order_by("rule", "subject")[:4])
    for warning in first[:3]:
        actions.confirm(warning=warning, by=regulator, at=then)
    for warning in first[1:3]:
        actions.begin(warning=warning, by=regulator, at=then)
    for warning in first[2:3]:
        actions.close(warning=warning, outcome=FOUND, by=regulator, at=then + timedelta(days=2))
    for warning in first[3:]:
        actions.dismiss(warning=warning, outcome=MISTAKEN, by=regulator, at=then + timedelta(days=1))
    tasks.tend(at=at)
    return EarlyWarning.objects.count()
