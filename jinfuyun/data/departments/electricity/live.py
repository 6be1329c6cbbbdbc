"""The power company, asked live."""

from datetime import datetime

from jinfuyun.data.departments import utility
from jinfuyun.data.departments.answers import Verdict
from jinfuyun.data.departments.call import Departments

DEPARTMENT = "electricity"


def check(line: Departments, *, supplier: str, account: str, uscc: str, at: datetime) -> Verdict:
    """Is `account` at `supplier` this enterprise's? One company serves the province: `supplier` may be empty."""
    return utility.check(line, DEPARTMENT, supplier=supplier, account=account, uscc=uscc, at=at)
