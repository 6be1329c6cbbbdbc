"""The gas suppliers behind one desk, asked live."""

from datetime import datetime

from jinfuyun.data.departments import utility
from jinfuyun.data.departments.answers import Verdict
from jinfuyun.data.departments.call import Departments

DEPARTMENT = "gas"


def check(line: Departments, *, supplier: str, account: str, uscc: str, at: datetime) -> Verdict:
    """Is `account` at `supplier` this enterprise's?"""
    return utility.check(line, DEPARTMENT, supplier=supplier, account=account, uscc=uscc, at=at)
