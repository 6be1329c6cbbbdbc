"""What a loan costs an enterprise, all in: every item, who pays it, and one yearly figure. Pure.

The yearly figure is the internal rate of the enterprise's own flows, compounded: (1 + monthly rate)^12 - 1. Interest is
reckoned by months at a twelfth of the yearly rate; a first fee falls due with the money, a yearly one with each year.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from jinfuyun.kit.lending import Repayment

WHOLE_BP = 10_000
MONTHS = 12
QUARTER = 3
STEPS_MAX = 60
CLOSE_ENOUGH = 1e-10


class CostKind(StrEnum):
    INTEREST = "interest"
    GUARANTEE = "guarantee"
    APPRAISAL = "appraisal"
    REGISTRATION = "registration"
    NOTARY = "notary"
    INSURANCE = "insurance"
    AGENCY = "agency"
    COMMITMENT = "commitment"
    MANAGEMENT = "management"
    ADVICE = "advice"
    OTHER = "other"
    SUBSIDY = "subsidy"


COST_LABELS = {
    CostKind.INTEREST: "利息",
    CostKind.GUARANTEE: "担保费",
    CostKind.APPRAISAL: "评估费",
    CostKind.REGISTRATION: "抵押登记费",
    CostKind.NOTARY: "公证费",
    CostKind.INSURANCE: "保险费",
    CostKind.AGENCY: "中介服务费",
    CostKind.COMMITMENT: "贷款承诺费",
    CostKind.MANAGEMENT: "资金管理费",
    CostKind.ADVICE: "财务顾问费",
    CostKind.OTHER: "其他费用",
    CostKind.SUBSIDY: "政策补贴（减项）",
}
FEE_KINDS = tuple(kind for kind in CostKind if kind not in (CostKind.INTEREST, CostKind.SUBSIDY))


class Payer(StrEnum):
    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    TREASURY = "treasury"


PAYER_LABELS = {Payer.ENTERPRISE: "企业", Payer.INSTITUTION: "金融机构", Payer.TREASURY: "财政"}


class Basis(StrEnum):
    """Of what a fee is reckoned."""

    YEARLY_BP = "yearly_bp"
    ONCE_BP = "once_bp"
    ONCE_FEN = "once_fen"


BASIS_LABELS = {Basis.YEARLY_BP: "每年按金额的 %", Basis.ONCE_BP: "一次性按金额的 %", Basis.ONCE_FEN: "一次性（元）"}


@dataclass(frozen=True, slots=True)
class Fee:
    """`value`: basis points of the amount, or fen."""

    kind: CostKind
    payer: Payer
    basis: Basis
    value: int
    text: str = ""

    def due_fen(self, amount_fen: int, month: int) -> int:
        """What falls due at the beginning of the `month`-th month, from 0."""
        if month % MONTHS or (month and self.basis is not Basis.YEARLY_BP):
            return 0
        return self.value if self.basis is Basis.ONCE_FEN else _part(amount_fen, self.value)


@dataclass(frozen=True, slots=True)
class Subsidy:
    """Paid back with the item it eases: `year_bp` of the balance a year (interest), or `share_bp` of the fee.

    `cap_fen`: at most so much in all; None without a cap.
    """

    name: str
    eases: CostKind
    year_bp: int = 0
    share_bp: int = 0
    cap_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Loan:
    amount_fen: int
    term_months: int
    rate_bp: int
    repayment: Repayment
    fees: tuple[Fee, ...] = ()
    subsidies: tuple[Subsidy, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the sheet. A subsidy's `fen` is negative: it lessens what the enterprise pays."""

    kind: CostKind
    label: str
    payer: Payer
    fen: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """《企业贷款综合融资成本清单》 of one loan. `yearly_bp` None: no rate answers to these flows."""

    loan: Loan
    lines: tuple[Line, ...]
    yearly_bp: int | None

    @property
    def total_fen(self) -> int:
        """What the enterprise itself pays beyond the principal, subsidies taken off."""
        return sum(line.fen for line in self.lines if line.payer is Payer.ENTERPRISE or line.kind is CostKind.SUBSIDY)

    def has(self, kind: CostKind) -> bool:
        return any(line.kind is kind for line in self.lines)

    def of(self, kind: CostKind, payer: Payer | None = None) -> int:
        return sum(line.fen for line in self.lines if line.kind is kind and payer in (None, line.payer))


@dataclass(frozen=True, slots=True)
class Payment:
    """At the end of a month."""

    interest_fen: int
    principal_fen: int
    balance_before_fen: int


@lru_cache(maxsize=20_000)
def cost(loan: Loan) -> Sheet:
    """Every item in whole fen, and the yearly cost to the enterprise in basis points."""
    plan = schedule(loan)
    flows = [float(loan.amount_fen), *(-float(pay.interest_fen + pay.principal_fen) for pay in plan)]
    lines = [Line(CostKind.INTEREST, "利息", Payer.ENTERPRISE, sum(pay.interest_fen for pay in plan))]
    for fee in loan.fees:
        due = [fee.due_fen(loan.amount_fen, month) for month in range(loan.term_months)]
        lines.append(Line(fee.kind, fee.text or COST_LABELS[fee.kind], fee.payer, sum(due)))
        if fee.payer is Payer.ENTERPRISE:
            flows = [flow - each for flow, each in zip(flows, [*due, 0], strict=True)]
    for subsidy in loan.subsidies:
        back = _back(subsidy, loan, plan)
        if any(back):
            lines.append(Line(CostKind.SUBSIDY, subsidy.name, Payer.TREASURY, -sum(back)))
            flows = [flow + each for flow, each in zip(flows, back, strict=True)]
    return Sheet(loan, tuple(lines), _yearly_bp(flows))


def schedule(loan: Loan) -> tuple[Payment, ...]:
    """Interest and principal month by month; the principal adds up to the amount, to the fen."""
    count, left, accrued, plan = loan.term_months, loan.amount_fen, 0, []
    instalment = _instalment(loan)
    for month in range(1, count + 1):
        accrued += left * loan.rate_bp  # rounded once, where it falls due
        due = month == count or _interest_is_due(loan.repayment, month)
        interest = _rounded(accrued, WHOLE_BP * MONTHS) if due else 0
        accrued = 0 if due else accrued
        principal, before = 0, left
        if month == count:
            principal = left
        elif loan.repayment is Repayment.EQUAL_INSTALMENTS:
            principal = min(instalment - interest, left)
        elif loan.repayment is Repayment.EQUAL_PRINCIPAL:
            principal = loan.amount_fen // count
        plan.append(Payment(interest, principal, before))
        left -= principal
    return tuple(plan)


def _interest_is_due(repayment: Repayment, month: int) -> bool:
    if repayment is Repayment.AT_MATURITY:
        return False
    return repayment is not Repayment.INTEREST_QUARTERLY or month % QUARTER == 0


def _instalment(loan: Loan) -> int:
    rate = loan.rate_bp / WHOLE_BP / MONTHS
    if not rate:
        return loan.amount_fen // loan.term_months
    return round(loan.amount_fen * rate / (1 - (1 + rate) ** -loan.term_months))


def _back(subsidy: Subsidy, loan: Loan, plan: Sequence[Payment]) -> list[int]:
    """What comes back at the beginning, and at the end of each month; never more than what it eases."""
    if subsidy.eases is CostKind.INTEREST:
        accrued, due = 0, [0]
        for pay in plan:
            accrued += pay.balance_before_fen * subsidy.year_bp
            due.append(min(_rounded(accrued, WHOLE_BP * MONTHS), pay.interest_fen))
            accrued = 0 if pay.interest_fen else accrued
    else:
        mine = [fee for fee in loan.fees if fee.kind is subsidy.eases and fee.payer is Payer.ENTERPRISE]
        due = [
            sum(_eased(subsidy, loan, fee.due_fen(loan.amount_fen, month)) for fee in mine)
            for month in range(loan.term_months)
        ] + [0]
    return list(_capped(due, subsidy.cap_fen))


def _eased(subsidy: Subsidy, loan: Loan, fee_fen: int) -> int:
    if not fee_fen:
        return 0
    by_year = _part(loan.amount_fen, subsidy.year_bp) if subsidy.year_bp else fee_fen
    return min(by_year, _part(fee_fen, subsidy.share_bp) if subsidy.share_bp else fee_fen)


def _capped(due: Iterable[int], cap_fen: int | None) -> Iterable[int]:
    left = cap_fen
    for each in due:
        given = each if left is None else min(each, left)
        left = None if left is None else left - given
        yield given


def _part(fen: int, bp: int) -> int:
    return _rounded(fen * bp, WHOLE_BP)


def _rounded(parts: int, whole: int) -> int:
    """To the nearest fen, halves up, as the repayment plan has it (kit/schedule)."""
    return (2 * parts + whole) // (2 * whole)


def _yearly_bp(flows: Sequence[float]) -> int | None:
    """The compounded yearly rate at which the flows (first what comes in) are worth nothing; by halving, so surely."""
    if flows[0] <= 0:
        return None
    low, high = -0.2, 0.5  # monthly
    if _worth(flows, low) > 0 or _worth(flows, high) < 0:
        return None
    rate = -sum(flows) / flows[0] / len(flows)  # near enough to begin with
    for _ in range(STEPS_MAX):
        worth = _worth(flows, rate)
        low, high = (low, rate) if worth > 0 else (rate, high)
        slope = (_worth(flows, rate + 1e-6) - worth) / 1e-6
        step = rate - worth / slope if slope > 0 else low
        step = step if low < step < high else (low + high) / 2
        if abs(step - rate) < CLOSE_ENOUGH:
            break
        rate = step
    return round(((1 + rate) ** MONTHS - 1) * WHOLE_BP)


def _worth(flows: Sequence[float], rate: float) -> float:
    worth, step = 0.0, 1 / (1 + rate)
    for flow in reversed(flows):
        worth = worth * step + flow
    return worth
