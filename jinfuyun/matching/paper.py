"""《企业贷款综合融资成本清单》 on paper, of one product or several: the sheets that pages show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinfuyun.kit.all_in import COST_LABELS, PAYER_LABELS, CostKind, Line, Sheet
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.lending import REPAYMENT_LABELS
from jinfuyun.kit.money import percent, wan, yuan
from jinfuyun.storage.typesetting import Typesetter

TEMPLATE = Path(__file__).with_name("costs.typ")
TITLE = "企业贷款综合融资成本清单"
NOTES = (
    "利率取公布区间的中间值，还款方式取产品的第一种；综合年化成本按内部收益率、复利计算。",
    "由金融机构承担的费用列出但不计入企业承担合计。实际以批复和合同为准。",
)
EASED = "政策补贴只扣除按已授权数据确定能享受的。"
NOT_EASED = "未扣除政策补贴；可能适用的补贴另列，能否享受以经办部门审核为准。"


@dataclass(frozen=True, slots=True)
class Offer:
    """One product as it is reckoned. `policies`: subsidies that may apply and are not taken off."""

    code: str
    version: int
    product: str
    institution: str
    in_range: bool
    sheet: Sheet
    policies: tuple[str, ...] = ()


def render_costs(offers: Sequence[Offer], *, setter: Typesetter, at: datetime, whose: str = "") -> bytes:
    """`whose`: the enterprise whose own data were looked at; "" for what everybody may see."""
    loan = offers[0].sheet.loan
    data = {
        "title": TITLE,
        "whose": whose,
        "asked": f"贷款金额 {wan(loan.amount_fen)} 万元　期限 {loan.term_months} 个月　测算日期 {local_day(at)}",
        "notes": [*NOTES, EASED if whose else NOT_EASED],
        "offers": [_offer(one) for one in offers],
    }
    return setter.pdf(TEMPLATE, data, at=at)


def _offer(one: Offer) -> dict[str, object]:
    loan = one.sheet.loan
    return {
        "product": one.product,
        "institution": f"{one.institution}　{one.code}，第 {one.version} 版",
        "terms": f"年化利率 {percent(loan.rate_bp)}，{REPAYMENT_LABELS[loan.repayment]}",
        "warning": "" if one.in_range else "金额或期限不在该产品的范围内，只供比较。",
        "rows": [_row(line) for line in one.sheet.lines],
        "total": yuan(one.sheet.total_fen),
        "yearly": "—" if one.sheet.yearly_bp is None else percent(one.sheet.yearly_bp),
        "policies": "、".join(one.policies),
    }


def _row(line: Line) -> list[str]:
    label = COST_LABELS[line.kind]
    said = "" if line.label == label or line.kind is CostKind.INTEREST else line.label
    return [label, said, PAYER_LABELS[line.payer], yuan(line.fen)]
