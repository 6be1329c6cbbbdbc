"""What a product is, and what stands against publishing it. No database."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum

from jinfuyun.kit import conditions, industries, regions
from jinfuyun.kit.all_in import COST_LABELS, FEE_KINDS, Basis, Fee, Payer
from jinfuyun.kit.conditions import Condition
from jinfuyun.kit.grant import Category, Purpose
from jinfuyun.kit.lending import (
    FREQUENCIES,
    PRODUCT_KIND_LABELS,
    TAX_GRADES,
    Borrower,
    Drawdown,
    Prepayment,
    ProductKind,
    RateKind,
    Repayment,
    Security,
    Size,
    Tag,
    Tenor,
    Title,
)
from jinfuyun.kit.reasons import Reason

FEN_PER_WAN = 1_000_000
AMOUNT_FEN_MAX = 1_000_000 * FEN_PER_WAN
TERM_MONTHS_MAX = 360
NAME_LENGTH_MAX = 40
SUMMARY_LENGTH_MAX = 120
TEXT_LENGTH_MAX = 200
DAYS_MAX = 60
EXPIRY_WARNED_DAYS = 15
TYPED_LENGTH_MAX = 60_000
CONDITIONS_MAX = 20
FEES_MAX = 8
SPREAD_BP_LIMIT = 2_000


MATERIAL_SOURCES = {"data": "授权后由平台数据提供", "upload": "由企业提供"}


@dataclass(frozen=True, slots=True)
class Material:
    """`source`: a key of MATERIAL_SOURCES."""

    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a product. Empty `regions`, `industries`, `sizes`, `tax_grades`, `titles` mean: all.

    A floating rate is LPR + spread; `rate_*_bp` then stand at what that is today and need not be given.
    """

    name: str
    kind: ProductKind
    summary: str
    amount_min_fen: int
    amount_max_fen: int
    term_min_months: int
    term_max_months: int
    rate_kind: RateKind
    securities: tuple[Security, ...]
    repayments: tuple[Repayment, ...]
    drawdown: Drawdown
    borrowers: tuple[Borrower, ...]
    hotline: str
    rate_min_bp: int | None = None
    rate_max_bp: int | None = None
    lpr_tenor: Tenor | None = None
    spread_min_bp: int | None = None
    spread_max_bp: int | None = None
    repayment_frequency: str = "monthly"
    prepayment: Prepayment = Prepayment.FREE
    fees: tuple[Fee, ...] = ()
    regions: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    sizes: tuple[Size, ...] = ()
    age_months_min: int = 0
    tax_grades: tuple[str, ...] = ()
    titles: tuple[Title, ...] = ()
    conditions: tuple[Condition, ...] = ()
    materials: tuple[Material, ...] = ()
    accept_days: int = 1
    approve_days: int = 10
    disburse_days: int = 5
    categories: tuple[Category, ...] = (Category.REGISTRATION, Category.INVOICES)
    purpose: Purpose = Purpose.PRE_LOAN
    tags: tuple[Tag, ...] = ()
    branch: str = ""
    listed_until: date | None = None

    @property
    def fee_year_bp(self) -> int:
        """What an enterprise pays in fees in the first year, in basis points; amounts in yuan are left out."""
        return yearly_fees_bp(self.fees)

    @property
    def takes_small(self) -> bool:
        return not self.sizes or not {Size.SMALL, Size.MICRO}.isdisjoint(self.sizes)


TERMS_FIELDS = tuple(Terms.__dataclass_fields__)


class State(StrEnum):
    """Of the product as everybody sees it."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    LISTED = "listed"
    PAUSED = "paused"
    DELISTED = "delisted"
    EXPIRED = "expired"


STATE_LABELS = {
    State.DRAFT: "草稿",
    State.IN_REVIEW: "待审核",
    State.RETURNED: "退回",
    State.LISTED: "已上架",
    State.PAUSED: "暂停",
    State.DELISTED: "已下架",
    State.EXPIRED: "过期",
}

# act → (from which states, to which); the states up to the first listing follow the first version's review.
MOVES: dict[str, tuple[frozenset[State], State]] = {
    "pause": (frozenset({State.LISTED}), State.PAUSED),
    "resume": (frozenset({State.PAUSED}), State.LISTED),
    "delist": (frozenset({State.LISTED, State.PAUSED, State.EXPIRED}), State.DELISTED),
    "expire": (frozenset({State.LISTED, State.PAUSED}), State.EXPIRED),
}


class Review(StrEnum):
    """Of one version."""

    DRAFT = "draft"
    CHECKING = "checking"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    PASSED = "passed"
    SUPERSEDED = "superseded"


REVIEW_LABELS = {
    Review.DRAFT: "草稿",
    Review.CHECKING: "待机构复核",
    Review.IN_REVIEW: "待平台审核",
    Review.RETURNED: "退回",
    Review.PASSED: "通过",
    Review.SUPERSEDED: "已被新版本替换",
}
FROZEN_REVIEWS = (Review.CHECKING, Review.IN_REVIEW)
OPEN_REVIEWS = (Review.DRAFT, *FROZEN_REVIEWS, Review.RETURNED)
BEFORE_LISTING = (State.DRAFT, State.IN_REVIEW, State.RETURNED)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the rules compare with, of `on`: LPR by tenor, the ceiling of the yearly rate, the longest term by kind,
    the fees that small enterprises may not pay; and the city or county to which the institution is confined, if any."""

    on: date
    lpr_bp: dict[Tenor, int] = field(default_factory=dict)
    rate_year_bp_max: int = 2_400
    term_months_max: dict[str, int] = field(default_factory=dict)
    small_pay_not: frozenset[str] = frozenset()
    confined_to: str = ""


def rates_bp(terms: Terms, lpr_bp: dict[Tenor, int]) -> tuple[int | None, int | None]:
    """Lowest and highest yearly rate: as given, or LPR plus spread."""
    if terms.rate_kind == RateKind.FIXED:
        return terms.rate_min_bp, terms.rate_max_bp
    base = lpr_bp.get(terms.lpr_tenor) if terms.lpr_tenor else None
    if base is None or terms.spread_min_bp is None or terms.spread_max_bp is None:
        return None, None
    return base + terms.spread_min_bp, base + terms.spread_max_bp


def why_not_publish(terms: Terms, ground: Ground) -> list[Reason]:
    """Every reason why it may not be put before enterprises, field by field; of a row as `fee:2`, `condition:1`."""
    return [
        *_words(terms), *_amount_and_term(terms, ground), *_rate(terms, ground), *_fees(terms, ground),
        *_choices(terms), *_conditions(terms), *_time_and_place(terms, ground),
    ]  # fmt: skip


def _words(terms: Terms) -> list[Reason]:
    reasons = []
    if not 2 <= len(terms.name) <= NAME_LENGTH_MAX:
        reasons.append(Reason("name", f"产品名称为 2 至 {NAME_LENGTH_MAX} 个字。"))
    if not 4 <= len(terms.summary) <= SUMMARY_LENGTH_MAX:
        reasons.append(Reason("summary", f"一句话介绍为 4 至 {SUMMARY_LENGTH_MAX} 个字，说清给谁用、有什么好处。"))
    if not 5 <= len(terms.hotline) <= 20:
        reasons.append(Reason("hotline", "请填写企业可以拨打的咨询电话。"))
    if len(terms.branch) > TEXT_LENGTH_MAX:
        reasons.append(Reason("branch", f"不超过 {TEXT_LENGTH_MAX} 个字。"))
    return reasons


def _amount_and_term(terms: Terms, ground: Ground) -> list[Reason]:
    reasons = []
    if not 0 < terms.amount_min_fen <= AMOUNT_FEN_MAX:
        reasons.append(Reason("amount_min", "最低额度须大于零。"))
    if not 0 < terms.amount_max_fen <= AMOUNT_FEN_MAX:
        reasons.append(Reason("amount_max", "最高额度须大于零，不超过 100 亿元。"))
    if terms.amount_min_fen > terms.amount_max_fen:
        reasons.append(Reason("amount_max", "最高额度不能低于最低额度。"))
    if not 1 <= terms.term_min_months <= TERM_MONTHS_MAX:
        reasons.append(Reason("term_min", "最短期限至少 1 个月。"))
    if not 1 <= terms.term_max_months <= TERM_MONTHS_MAX:
        reasons.append(Reason("term_max", f"最长期限为 1 至 {TERM_MONTHS_MAX} 个月。"))
    if terms.term_min_months > terms.term_max_months:
        reasons.append(Reason("term_max", "最长期限不能短于最短期限。"))
    most = ground.term_months_max.get(terms.kind, TERM_MONTHS_MAX)
    if most < terms.term_max_months <= TERM_MONTHS_MAX:
        reasons.append(Reason("term_max", f"{PRODUCT_KIND_LABELS[terms.kind]}类产品的期限最长 {most} 个月。"))
    return reasons


def _rate(terms: Terms, ground: Ground) -> list[Reason]:
    floating = terms.rate_kind == RateKind.FLOATING
    low_field, high_field = ("spread_min", "spread_max") if floating else ("rate_min", "rate_max")
    if floating and terms.lpr_tenor is None:
        return [Reason("lpr_tenor", "浮动利率请选择所依据的 LPR 期限。")]
    low, high = rates_bp(terms, ground.lpr_bp)
    if low is None or high is None:
        return [Reason(low_field, "请填写最低与最高，固定利率填年化利率，浮动利率填加减点。")]
    reasons = []
    spreads = (terms.spread_min_bp or 0, terms.spread_max_bp or 0)
    if floating and max(abs(spread) for spread in spreads) > SPREAD_BP_LIMIT:
        reasons.append(Reason(high_field, f"加减点不超过 {SPREAD_BP_LIMIT} 个基点。"))
    if low <= 0:
        reasons.append(Reason(low_field, "年化利率须大于零。"))
    if low > high:
        reasons.append(Reason(high_field, "最高利率不能低于最低利率。"))
    if high + terms.fee_year_bp > ground.rate_year_bp_max:
        ceiling = f"{ground.rate_year_bp_max / 100:g}%"
        reasons.append(Reason(high_field, f"利率与其他费用合计年化超过平台上限 {ceiling}。"))
    return reasons


def _fees(terms: Terms, ground: Ground) -> list[Reason]:
    reasons = []
    if len(terms.fees) > FEES_MAX:
        reasons.append(Reason("fees", f"费用不超过 {FEES_MAX} 项。"))
    for number, fee in enumerate(terms.fees, 1):
        if fee.kind not in FEE_KINDS or fee.payer is Payer.TREASURY or not 0 < fee.value <= AMOUNT_FEN_MAX:
            reasons.append(Reason(f"fee:{number}", f"第 {number} 项费用没有填完。"))
        elif not 2 <= len(fee.text) <= TEXT_LENGTH_MAX:
            reasons.append(Reason(f"fee:{number}", f"第 {number} 项费用请写明由谁收取、怎样收取。"))
        elif fee.payer is Payer.ENTERPRISE and fee.kind in ground.small_pay_not and terms.takes_small:
            name = COST_LABELS[fee.kind]
            reasons.append(Reason(f"fee:{number}", f"小型、微型企业不得承担{name}，请改由金融机构承担。"))
    return reasons


def _choices(terms: Terms) -> list[Reason]:
    reasons = []
    if not terms.securities:
        reasons.append(Reason("securities", "请至少选择一种担保方式。"))
    if not terms.repayments:
        reasons.append(Reason("repayments", "请至少选择一种还款方式。"))
    if not terms.borrowers:
        reasons.append(Reason("borrowers", "请至少选择一种借款主体。"))
    if not terms.categories:
        reasons.append(Reason("categories", "请选择审查所需的数据类别；无须数据的产品请选“登记”。"))
    if terms.repayment_frequency not in FREQUENCIES:
        reasons.append(Reason("repayment_frequency", "请选择还款频率。"))
    known_places = {city.code for city in regions.CITIES} | {county.code for county in regions.COUNTIES_IN_FORMS}
    if set(terms.regions) - known_places:
        reasons.append(Reason("regions", "适用区域中有不认识的地区。"))
    if not all(industries.is_section(code) for code in terms.industries):
        reasons.append(Reason("industries", "适用行业中有不认识的行业。"))
    if set(terms.tax_grades) - set(TAX_GRADES):
        reasons.append(Reason("tax_grades", "纳税信用等级只能是 A、B、M、C、D。"))
    return reasons


def _conditions(terms: Terms) -> list[Reason]:
    reasons = []
    if len(terms.conditions) > CONDITIONS_MAX:
        reasons.append(Reason("conditions", f"准入条件不超过 {CONDITIONS_MAX} 条。"))
    for number, condition in enumerate(terms.conditions, 1):
        if why := conditions.why_not(condition):
            reasons.append(Reason(f"condition:{number}", f"第 {number} 条准入条件{why}"))
        if not 2 <= len(condition.text) <= TEXT_LENGTH_MAX:
            reasons.append(Reason(f"condition:{number}", f"第 {number} 条准入条件请写一句企业看得懂的话。"))
    if any(m.source not in MATERIAL_SOURCES or not 1 <= len(m.name) <= 60 for m in terms.materials):
        reasons.append(Reason("materials", "所需材料请写明名称（60 字以内）和来源。"))
    return reasons


def _time_and_place(terms: Terms, ground: Ground) -> list[Reason]:
    reasons = [
        Reason(name, f"办理时限为 1 至 {DAYS_MAX} 个工作日。")
        for name in ("accept_days", "approve_days", "disburse_days")
        if not 1 <= getattr(terms, name) <= DAYS_MAX
    ]
    confined = ground.confined_to
    if confined and (not terms.regions or set(terms.regions) - set(conditions.places([confined]))):
        place = regions.full_name(confined)
        reasons.append(Reason("regions", f"本机构只能在注册地{place}经营，适用区域请选择{place}或其下的县（市、区）。"))
    if not 0 <= terms.age_months_min <= 600:
        reasons.append(Reason("age_months_min", "成立年限为 0 至 600 个月。"))
    if terms.listed_until is not None and terms.listed_until < ground.on:
        reasons.append(Reason("listed_until", "上架截止日不能早于今天。"))
    return reasons


def yearly_fees_bp(fees: Iterable[Fee]) -> int:
    """Of a year, and once fees with it, as far as they are reckoned of the amount and the enterprise pays them."""
    return sum(fee.value for fee in fees if fee.payer is Payer.ENTERPRISE and fee.basis is not Basis.ONCE_FEN)


def lends(low: int, high: int, asked: int | None) -> bool:
    """Whether an amount or term lies between two limits, both included; nothing asked always does."""
    return asked is None or low <= asked <= high


def admission(terms: Terms, barred: tuple[Condition, ...] = ()) -> tuple[Condition, ...]:
    """Everything that an enterprise must be for this product: its own rows, its other terms, and what holds for all."""
    words = {
        "region": conditions.places(terms.regions), "industry": conditions.trades(terms.industries),
        "size": terms.sizes, "borrower": terms.borrowers, "tax_grade": terms.tax_grades, "titles": terms.titles,
    }  # fmt: skip
    texts = {
        "region": _named("适用区域", [regions.full_name(code) for code in terms.regions]),
        "industry": _named("适用行业", [conditions.INDUSTRY_NAMES.get(code, code) for code in terms.industries]),
    }
    chosen = [Condition(name, "in", tuple(map(str, v)), texts.get(name, "")) for name, v in words.items() if v]
    if terms.age_months_min:
        age = terms.age_months_min
        chosen.append(Condition("months_in_business", ">=", age, f"成立满 {age} 个月"))
    return tuple(dict.fromkeys((*barred, *chosen, *terms.conditions)))


def _named(label: str, names: list[str]) -> str:
    return f"{label}：{'、'.join(names)}"


def content(terms: Terms) -> dict[str, object]:
    """What is stored and what a reviewer approves."""
    return asdict(terms)
