"""A sheet of entries, as an institution sends it: read cell by cell, each row an entry or the reasons against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from jinfuyun.kit.lending import LOAN_PURPOSE_LABELS
from jinfuyun.kit.money import fen_from_yuan
from jinfuyun.kit.reasons import Reason
from jinfuyun.loans.content import Entry
from jinfuyun.loans.rules import REFERENCE_LENGTH_MAX, UPLOAD_ROWS_MAX, Act, Drawdown
from jinfuyun.storage import sheets
from jinfuyun.storage.sheets import Row

REFERENCE, KIND, SUBJECT, ON, PRINCIPAL, INTEREST, BALANCE, RATE, DUE_ON, PURPOSE = HEADING = (
    "流水号", "业务", "借据号或授信编号", "日期", "本金（元）", "利息（元）", "还款后余额（元）", "年化利率（%）",
    "到期日", "用途",
)  # fmt: skip
REASON = "不能入账的原因"  # beside the rows that are given back; what stands there is not read
NEEDED = (REFERENCE, KIND, SUBJECT, ON, PRINCIPAL)
KINDS = {"放款": Act.DRAW, "还款": Act.REPAY, "结清": Act.SETTLE}
PURPOSES = {label: purpose for purpose, label in LOAN_PURPOSE_LABELS.items()}
BP_PER_PERCENT = 100
DAY_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")


@dataclass(frozen=True, slots=True)
class Line:
    """A row understood. `drawdown` for money paid out under the line `subject`, `entry` for the loan `subject`."""

    reference: str
    subject: str
    entry: Entry
    drawdown: Drawdown | None = None


def read(content: bytes) -> list[Row]:
    """Raises SheetRefused."""
    return sheets.read(content, heading=HEADING, needed=NEEDED, rows_max=UPLOAD_ROWS_MAX)


def understood(row: Row) -> tuple[Line | None, list[Reason]]:
    """The row as an entry, or everything that cannot be read in it."""
    named, reasons = dict(zip(HEADING, row.cells, strict=True)), []
    act = KINDS.get(named[KIND])
    if act is None:
        reasons.append(Reason(KIND, f"“业务”应为{'、'.join(KINDS)}之一。"))
    if not 0 < len(row.reference) <= REFERENCE_LENGTH_MAX:
        reasons.append(Reason(REFERENCE, f"“流水号”必填，不超过 {REFERENCE_LENGTH_MAX} 个字。"))
    if not named[SUBJECT]:
        reasons.append(Reason(SUBJECT, "请填写借据号；放款填授信编号。"))
    amounts = {label: _fen(named, label, reasons) for label in (PRINCIPAL, INTEREST, BALANCE)}
    on = _day(named, ON, reasons)
    due_on = _day(named, DUE_ON, reasons) if act is Act.DRAW else None
    rate = _rate(named, reasons) if act is Act.DRAW else 0
    purpose = PURPOSES.get(named[PURPOSE])
    if act is Act.DRAW and purpose is None:
        reasons.append(Reason(PURPOSE, f"“用途”应为{'、'.join(PURPOSES)}之一。"))
    if reasons or on is None or act is None:
        return None, reasons
    principal, interest = amounts[PRINCIPAL] or 0, amounts[INTEREST] or 0
    drawdown = None
    if due_on is not None and purpose is not None:
        drawdown = Drawdown(principal, rate, on, due_on, purpose, reference=row.reference)
    return Line(row.reference, named[SUBJECT], Entry(act, on, principal, interest, amounts[BALANCE]), drawdown), []


def _fen(named: dict[str, str], label: str, reasons: list[Reason]) -> int | None:
    if not named[label] and label != PRINCIPAL:
        return None
    try:
        return fen_from_yuan(named[label])
    except ValueError:
        reasons.append(Reason(label, f"“{label}”应为金额，最多两位小数。"))
        return None


def _day(named: dict[str, str], label: str, reasons: list[Reason]) -> date | None:
    for form in DAY_FORMATS:
        text = named[label][:10] if form == DAY_FORMATS[0] else named[label]
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    reasons.append(Reason(label, f"“{label}”应为日期，例如 2026-03-06。"))
    return None


def _rate(named: dict[str, str], reasons: list[Reason]) -> int:
    try:
        percent = Decimal(named[RATE].removesuffix("%"))
        if percent.is_finite() and percent * BP_PER_PERCENT == int(percent * BP_PER_PERCENT):
            return int(percent * BP_PER_PERCENT)
    except InvalidOperation:
        pass
    reasons.append(Reason(RATE, "“年化利率”应为数字，最多两位小数。"))
    return 0


def said(reasons: Sequence[Reason]) -> str:
    return "".join(reason.text for reason in reasons)
