"""What a demand and a proposal say, what stands against them, and to whom a demand is assigned and why. No database."""

from dataclasses import dataclass
from datetime import date

from jinfuyun.demands.rules import OPEN_DAYS_MAX
from jinfuyun.kit.reasons import Reason


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an enterprise writes; None and "" while it is a draft. Amounts in fen, rates in basis points a year."""

    amount_fen: int | None = None
    term_months: int | None = None
    rate_max_bp: int | None = None
    purpose: str = ""
    purpose_text: str = ""
    securities: tuple[str, ...] = ()
    collateral: str = ""
    needed_on: date | None = None
    loan_kind: str = ""
    existing_fen: int | None = None
    size: str = ""
    preferred: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    anonymous: bool = True
    contact_time: str = ""
    open_until: date | None = None


AMOUNT_FEN_MAX = 100_000 * 1_000_000  # ten hundred million yuan: beyond that nobody asks on a platform
TERM_MONTHS_MAX = 360
RATE_BP_MAX = 2_400


def why_not_post(wanted: Wanted, *, today: date) -> list[Reason]:
    """What stands against publishing, field by field."""
    last = wanted.open_until
    checks = (
        (not 0 < (wanted.amount_fen or 0) <= AMOUNT_FEN_MAX, "amount_fen", "请填写需要的金额。"),
        (not 1 <= (wanted.term_months or 0) <= TERM_MONTHS_MAX, "term_months", "请填写期限，1 至 360 个月。"),
        (not wanted.purpose, "purpose", "请选择用途。"),
        (wanted.purpose == "other" and len(wanted.purpose_text) < 4, "purpose_text", "请用一句话说明用途。"),
        (not wanted.securities, "securities", "请至少选择一种可接受的担保方式。"),
        (not wanted.loan_kind, "loan_kind", "请选择首贷、新增或续贷。"),
        (wanted.rate_max_bp is not None and not 0 < wanted.rate_max_bp <= RATE_BP_MAX, "rate_max_bp",
         "利率上限应大于 0，不超过 24%。"),
        (wanted.needed_on is not None and wanted.needed_on < today, "needed_on", "用款日期不能早于今天。"),
        (last is None or not 1 <= (last - today).days <= OPEN_DAYS_MAX, "open_until",
         f"有效期至明天起 {OPEN_DAYS_MAX} 天内的一天。"),
        (bool(set(wanted.preferred) & set(wanted.excluded)), "excluded", "同一机构不能既期望又排除。"),
    )  # fmt: skip
    return [Reason(field, text) for wrong, field, text in checks if wrong]


@dataclass(frozen=True, slots=True)
class Sheet:
    """意向方案 on the one standard sheet; not binding. `fee_year_bp`: all fees a year, of the amount."""

    product_code: str
    amount_fen: int
    rate_bp: int
    term_months: int
    security: str
    repayment: str
    fee_year_bp: int
    fees_text: str
    needs: str
    valid_till: date


VALID_DAYS_MIN, VALID_DAYS_MAX = 3, 60


def why_not_propose(sheet: Sheet, *, today: date) -> list[Reason]:
    """What the product's own bounds do not say."""
    reasons = []
    if not VALID_DAYS_MIN <= (sheet.valid_till - today).days <= VALID_DAYS_MAX:
        reasons.append(Reason("valid_till", f"方案有效期为 {VALID_DAYS_MIN} 至 {VALID_DAYS_MAX} 天。"))
    if not 0 <= sheet.fee_year_bp <= RATE_BP_MAX:
        reasons.append(Reason("fee_year_bp", "费用年化应为 0 至 24%。"))
    if sheet.fee_year_bp and len(sheet.fees_text) < 2:
        reasons.append(Reason("fees_text", "有费用的，请写明收什么、由谁收。"))
    if len(sheet.needs) < 2:
        reasons.append(Reason("needs", "请写明还需要企业提供什么；没有的写“无”。"))
    return reasons


# -- 派单 -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offered:
    """What a product on the market takes, as far as the rule looks at it. `cities` empty: everywhere."""

    name: str
    amount_min_fen: int
    amount_max_fen: int
    term_min_months: int
    term_max_months: int
    rate_min_bp: int | None
    securities: tuple[str, ...]
    here: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """An institution that might be assigned. `kept` of `given` earlier demands did not lapse."""

    code: str
    name: str
    products: tuple[Offered, ...]
    same_city: bool
    load: int
    kept: int
    given: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """`points` of 100 with the reason for each part; whoever cannot is not ranked."""

    code: str
    name: str
    points: int
    reasons: tuple[str, ...]


# The rule as the page shows it: most points, and what they are given for. Nobody can pay for any of them.
WEIGHTS = (
    ("fit", 40, "有产品在金额、期限、担保方式和区域上适合；利率下限也在企业上限以内的得满分，否则一半"),
    ("wish", 15, "企业写明期望的机构"),
    ("region", 15, "总部与企业在同一设区市"),
    ("load", 15, "手上在办的需求和申请越少越高，每一件减一分"),
    ("record", 15, "以往接到的需求没有逾期的比例；没有记录的得一半"),
)
WEIGHT = {name: most for name, most, _ in WEIGHTS}


def fitting(wanted: Wanted, products: tuple[Offered, ...]) -> list[Offered]:
    """Products in whose bounds the demand lies."""
    amount, term = wanted.amount_fen or 0, wanted.term_months or 0
    return [
        one for one in products
        if one.here and one.amount_min_fen <= amount <= one.amount_max_fen
        and one.term_min_months <= term <= one.term_max_months and set(one.securities) & set(wanted.securities)
    ]  # fmt: skip


def rank(wanted: Wanted, candidates: list[Candidate]) -> list[Ranked]:
    """Who would get it, the best first; equal ones by load, then by code. Without a fitting product: not at all."""
    found = []
    for one in candidates:
        products = fitting(wanted, one.products)
        if one.code in wanted.excluded or not products:
            continue
        found.append((_points(wanted, one, products), one.load))
    found.sort(key=lambda row: (-row[0].points, row[1], row[0].code))
    return [ranked for ranked, _ in found]


def _points(wanted: Wanted, one: Candidate, products: list[Offered]) -> Ranked:
    ceiling = wanted.rate_max_bp
    cheap = [each for each in products if ceiling is None or (each.rate_min_bp or 0) <= ceiling]
    record = WEIGHT["record"] * one.kept // one.given if one.given else WEIGHT["record"] // 2
    parts = (
        (WEIGHT["fit"] if cheap else WEIGHT["fit"] // 2, f"产品“{(cheap or products)[0].name}”适合"),
        (WEIGHT["wish"] if one.code in wanted.preferred else 0, "企业期望的机构"),
        (WEIGHT["region"] if one.same_city else 0, "与企业同城"),
        (max(WEIGHT["load"] - one.load, 0), f"在办 {one.load} 件"),
        (record, f"以往 {one.given} 件中按时 {one.kept} 件" if one.given else "尚无接单记录"),
    )
    reasons = tuple(f"{text} +{points}" for points, text in parts if points)
    return Ranked(one.code, one.name, sum(points for points, _ in parts), reasons)
