"""The one question put to electricity, water and gas alike: is this account that enterprise's?"""

from datetime import datetime

from jinfuyun.data.departments.answers import Verdict
from jinfuyun.data.departments.call import Departments
from jinfuyun.kit.errors import Unreachable

_VERDICTS = {verdict.value: verdict for verdict in (Verdict.MATCHES, Verdict.DIFFERS, Verdict.UNKNOWN)}


def check(line: Departments, department: str, *, supplier: str, account: str, uscc: str, at: datetime) -> Verdict:
    """An account number is unique only with its supplier, so the answer must name all three."""
    question = {"supplier": supplier, "account": account, "uscc": uscc}
    try:
        answer = line.ask(department, f"/{department}/check", question, echo=tuple(question), at=at)
    except Unreachable:
        return Verdict.UNREACHABLE
    return _VERDICTS.get(str(answer.get("verdict")), Verdict.UNREACHABLE)
