"""About three hundred products: twelve archetypes, and how each institution varies the ones that suit its kind."""

from collections.abc import Iterator
from dataclasses import replace

from jinfuyun.institutions.rules import Draft, Kind
from jinfuyun.kit.all_in import Basis, CostKind, Fee, Payer
from jinfuyun.kit.conditions import Condition
from jinfuyun.kit.grant import Category, Purpose
from jinfuyun.kit.lending import (
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
from jinfuyun.products.rules import Material, Terms

WAN = 1_000_000
COMPANIES = (Borrower.COMPANY, Borrower.SMALL_OWNER)
TAX, INVOICES, REGISTRATION = Category.TAX, Category.INVOICES, Category.REGISTRATION
POWER = Category.ELECTRICITY
LICENCE, CONTRACTS = Material("营业执照", "data"), Material("近一年主要购销合同", "upload")
BARRED = (
    Condition("dishonest_debtor", "=", 0, "没有失信被执行人记录"),
    Condition("serious_violation", "=", 0, "没有严重违法失信记录"),
    Condition("tax_abnormal", "=", 0, "不是税务非正常户"),
)
SMALL_SIZES = (Size.SMALL, Size.MICRO)

_TAX_LOAN = Terms(
    name="税易融", kind=ProductKind.WORKING_CAPITAL, summary="按时纳税的小微企业，凭纳税信用申请，不用抵押，随借随还。",
    amount_min_fen=1 * WAN, amount_max_fen=300 * WAN, term_min_months=1, term_max_months=12,
    rate_kind=RateKind.FLOATING, lpr_tenor=Tenor.ONE_YEAR, spread_min_bp=40, spread_max_bp=120,
    securities=(Security.UNSECURED,), repayments=(Repayment.INTEREST_MONTHLY, Repayment.AT_MATURITY),
    drawdown=Drawdown.REVOLVING, borrowers=COMPANIES, hotline="",
    age_months_min=24, tax_grades=("A", "B", "M"), sizes=SMALL_SIZES, approve_days=3, disburse_days=2,
    conditions=(
        *BARRED,
        Condition("tax_paid_r12", ">=", 1, "近 12 个月入库税额不低于 1 万元"),
        Condition("tax_arrears", "=", 0, "没有欠税"),
        Condition("missed_declarations_r24", "<=", 1, "近 24 个月欠报不超过 1 期"),
    ),
    materials=(LICENCE,), categories=(REGISTRATION, TAX, INVOICES), tags=(Tag.RELENDING,),
)  # fmt: skip
_INVOICE_LOAN = replace(
    _TAX_LOAN, name="票链贷", summary="开票稳定的企业，凭销项发票核额度，法人提供连带责任保证。",
    amount_max_fen=500 * WAN, spread_min_bp=50, spread_max_bp=150, securities=(Security.GUARANTEE,),
    age_months_min=18, tax_grades=("A", "B", "M", "C"), approve_days=5, disburse_days=5, tags=(),
    conditions=(
        *BARRED,
        Condition("invoiced_sales_r12", ">=", 200, "近 12 个月开票销售不低于 200 万元"),
        Condition("active_months_r12", ">=", 10, "近 12 个月至少 10 个月有开票"),
        Condition("voided_share_r12", "<=", 10, "作废和红冲合计不超过 10%"),
        Condition("top5_customers_share", "<=", 70, "前五大客户占比不超过 70%"),
    ),
    categories=(REGISTRATION, INVOICES),
)  # fmt: skip
_TRADER_LOAN = replace(
    _TAX_LOAN, name="商户快贷", summary="个体工商户和小店，凭固定经营场所和用电记录申请，等额本息好安排。",
    amount_max_fen=50 * WAN, term_min_months=3, term_max_months=36, spread_min_bp=180, spread_max_bp=360,
    securities=(Security.UNSECURED, Security.GUARANTEE), repayments=(Repayment.EQUAL_INSTALMENTS,),
    drawdown=Drawdown.ONE_OFF, borrowers=(Borrower.SOLE_TRADER, Borrower.SMALL_OWNER), sizes=(Size.MICRO,),
    age_months_min=12, tax_grades=(), tags=(Tag.RELENDING, Tag.FIRST_LOAN),
    conditions=(
        *BARRED,
        Condition("fixed_place_months", ">=", 12, "固定经营场所满 12 个月"),
        Condition("electricity_months", ">=", 12, "近 12 个月用电不间断"),
    ),
    categories=(REGISTRATION, POWER),
)  # fmt: skip
_TEA_LOAN = replace(
    _TAX_LOAN, name="茶农茶企贷", summary="茶叶种植、加工、销售企业，旺季备货用款，季节性波动不扣分。",
    amount_max_fen=100 * WAN, term_min_months=6, term_max_months=24, spread_min_bp=150, spread_max_bp=300,
    securities=(Security.GUARANTEE, Security.MORTGAGE), repayments=(Repayment.INTEREST_QUARTERLY,),
    repayment_frequency="quarterly", drawdown=Drawdown.ONE_OFF, industries=("A", "C"), age_months_min=12,
    borrowers=(Borrower.COMPANY, Borrower.SOLE_TRADER), tax_grades=(), approve_days=7, disburse_days=10,
    conditions=BARRED, materials=(LICENCE, Material("茶园经营权证或租赁合同", "upload")), tags=(Tag.GREEN, Tag.RURAL),
)  # fmt: skip
_TECH_LOAN = replace(
    _TAX_LOAN, name="科创积分贷", summary="高新、专精特新和科技型中小企业，看研发和专利给额度，可用知识产权质押。",
    amount_min_fen=10 * WAN, amount_max_fen=1_000 * WAN, term_max_months=36, spread_min_bp=-20, spread_max_bp=60,
    securities=(Security.UNSECURED, Security.PLEDGE), titles=(Title.HIGH_TECH, Title.SPECIALISED, Title.TECH_SME),
    sizes=(), approve_days=7, disburse_days=5, tags=(Tag.TECH, Tag.SUBSIDY),
    conditions=(
        *BARRED,
        Condition("research_staff_share", ">=", 10, "研发人员占比不低于 10%"),
        Condition("patents", ">=", 1, "至少 1 件有效发明专利"),
    ),
)  # fmt: skip
# A bank lends on the security of a plant at its own cost of valuing and registering it.
_VALUED = (
    Fee(CostKind.APPRAISAL, Payer.INSTITUTION, Basis.ONCE_FEN, 300_000, "评估机构收取，本行承担"),
    Fee(CostKind.REGISTRATION, Payer.INSTITUTION, Basis.ONCE_FEN, 55_000, "不动产登记机构收取，本行承担"),
)
_FACTORY_LOAN = replace(
    _TAX_LOAN, name="厂房抵押经营贷", summary="有工业厂房的企业，抵押率最高七成，期限长，每年还本百分之五。",
    amount_min_fen=50 * WAN, amount_max_fen=2_000 * WAN, term_min_months=12, term_max_months=36,
    spread_min_bp=10, spread_max_bp=80, securities=(Security.MORTGAGE,), repayments=(Repayment.INTEREST_MONTHLY,),
    drawdown=Drawdown.ONE_OFF, sizes=(), tax_grades=(), approve_days=10, disburse_days=15, conditions=BARRED,
    materials=(LICENCE, Material("不动产权证", "upload")), tags=(), fees=_VALUED,
)  # fmt: skip
_EQUIPMENT_LOAN = replace(
    _FACTORY_LOAN, name="设备更新贷", summary="制造业企业更新设备，最长五年，符合条件的可享财政贴息。",
    kind=ProductKind.FIXED_ASSET, amount_max_fen=3_000 * WAN, term_max_months=60, spread_min_bp=-30, spread_max_bp=50,
    securities=(Security.MORTGAGE, Security.COMBINED), repayments=(Repayment.EQUAL_PRINCIPAL,), industries=("C",),
    materials=(LICENCE, Material("设备采购合同", "upload"), Material("项目备案证明", "upload")),
    tags=(Tag.SUBSIDY, Tag.GREEN),
)  # fmt: skip
_EXPORT_LOAN = replace(
    _TAX_LOAN, name="外贸汇融", summary="有稳定出口的企业，凭出口信用保险保单质押，按单用款。",
    kind=ProductKind.SUPPLY_CHAIN, amount_min_fen=10 * WAN, amount_max_fen=800 * WAN, term_max_months=6,
    spread_min_bp=0, spread_max_bp=100, securities=(Security.PLEDGE,), repayments=(Repayment.AT_MATURITY,),
    repayment_frequency="once", sizes=(), tax_grades=("A", "B", "M", "C"), approve_days=5, tags=(),
    conditions=(*BARRED, Condition("export_r12", ">=", 50, "近 12 个月出口不低于 50 万美元")),
    categories=(REGISTRATION, INVOICES, Category.CUSTOMS), materials=(LICENCE, Material("信保保单", "upload")),
)  # fmt: skip
_ORDER_LOAN = replace(
    _TAX_LOAN, name="政采贷", summary="中标政府采购的企业，凭采购合同申请，回款时一次还清。",
    kind=ProductKind.SUPPLY_CHAIN, amount_min_fen=5 * WAN, amount_max_fen=500 * WAN, term_max_months=12,
    spread_min_bp=60, spread_max_bp=140, securities=(Security.PLEDGE,), repayments=(Repayment.AT_MATURITY,),
    repayment_frequency="once", drawdown=Drawdown.ONE_OFF, sizes=(), tax_grades=("A", "B", "M", "C"), approve_days=5,
    conditions=(*BARRED, Condition("government_orders_r24", ">=", 2, "近 24 个月至少中标 2 次")),
    materials=(LICENCE, Material("政府采购合同", "upload")), tags=(),
)  # fmt: skip
_GUARANTEE = replace(
    _TAX_LOAN, name="银担批量保", summary="支小支农担保，担保费不超过百分之一，可免反担保，由合作银行放款。",
    kind=ProductKind.GUARANTEE, amount_min_fen=10 * WAN, amount_max_fen=1_000 * WAN, term_max_months=36,
    rate_kind=RateKind.FIXED, lpr_tenor=None, spread_min_bp=None, spread_max_bp=None, rate_min_bp=350, rate_max_bp=450,
    securities=(Security.GUARANTEE,), drawdown=Drawdown.ONE_OFF,
    fees=(Fee(CostKind.GUARANTEE, Payer.ENTERPRISE, Basis.YEARLY_BP, 80, "由担保公司按担保金额每年收取"),),
    purpose=Purpose.GUARANTEE, tax_grades=(), approve_days=5, disburse_days=10, tags=(Tag.RISK_SHARING,),
    conditions=(*BARRED, Condition("debt_ratio", "<=", 70, "资产负债率不超过 70%")),
)  # fmt: skip
_LEASE = replace(
    _EQUIPMENT_LOAN, name="设备直租", summary="制造企业添设备不占用流动资金，租期两到四年，等额租金。",
    kind=ProductKind.LEASING, amount_min_fen=30 * WAN, amount_max_fen=1_500 * WAN, term_min_months=24,
    term_max_months=48, rate_kind=RateKind.FIXED, lpr_tenor=None, spread_min_bp=None, spread_max_bp=None,
    rate_min_bp=550, rate_max_bp=850, repayments=(Repayment.EQUAL_INSTALMENTS,),
    prepayment=Prepayment.FEE, disburse_days=10, fees=(), categories=(REGISTRATION, INVOICES, POWER), tags=(),
    conditions=(*BARRED, Condition("electricity_drop_r12", "<=", 20, "近 12 个月用电降幅不超过 20%")),
)  # fmt: skip
_RENEWAL = replace(
    _TAX_LOAN, name="无还本续贷", summary="贷款到期前六十日申请，不用先还本金，五级分类正常即可办理。",
    spread_min_bp=20, spread_max_bp=100, securities=(Security.UNSECURED, Security.MORTGAGE), sizes=(), tax_grades=(),
    amount_max_fen=1_000 * WAN, term_max_months=36, drawdown=Drawdown.ONE_OFF, conditions=BARRED, tags=(Tag.RENEWAL,),
)  # fmt: skip
_FIRST_LOAN = replace(
    _TAX_LOAN, name="首贷通", summary="从未贷过款的企业，参保满三人或纳税满一年就能申请。",
    amount_max_fen=100 * WAN, age_months_min=12, tax_grades=(), tags=(Tag.FIRST_LOAN, Tag.RISK_SHARING),
    conditions=(*BARRED, Condition("insured_people", ">=", 3, "参保不少于 3 人")),
)  # fmt: skip
_RECEIVABLES = replace(
    _INVOICE_LOAN, name="应收账款保理", summary="把已开票的应收账款转让出去，提前收回货款。",
    kind=ProductKind.FACTORING,
    amount_min_fen=20 * WAN, securities=(Security.PLEDGE,), repayments=(Repayment.AT_MATURITY,),
    repayment_frequency="once", spread_min_bp=150, spread_max_bp=350,
)  # fmt: skip
_SMALL_LOAN = replace(
    _TRADER_LOAN, name="小店周转贷", summary="小店临时周转，当天受理，最长一年。", amount_max_fen=30 * WAN,
    term_min_months=1, term_max_months=12, rate_kind=RateKind.FIXED, lpr_tenor=None, spread_min_bp=None,
    spread_max_bp=None, rate_min_bp=780, rate_max_bp=1_200, tags=(),
)  # fmt: skip

# Which archetypes an institution of each kind offers, each under the first, second … name of its list.
NAMES = (
    (_TAX_LOAN, ("税易融", "税信通", "纳税信用贷", "税享贷")),
    (_INVOICE_LOAN, ("票链贷", "发票快融", "开票贷", "票易通")),
    (_TECH_LOAN, ("科创积分贷", "科技信用贷", "专精特新贷")),
    (_FACTORY_LOAN, ("厂房抵押经营贷", "厂房快押", "园区厂房贷")),
    (_EQUIPMENT_LOAN, ("设备更新贷", "技改贷", "智造贷")),
    (_EXPORT_LOAN, ("外贸汇融", "出口保单贷", "海丝汇贷")),
    (_ORDER_LOAN, ("政采贷", "中标贷", "订单融")),
    (_RENEWAL, ("无还本续贷", "连连续贷")),
    (_FIRST_LOAN, ("首贷通", "首户贷")),
    (_TRADER_LOAN, ("商户快贷", "小店贷", "门店信用贷")),
    (_TEA_LOAN, ("茶农茶企贷", "茶季贷", "山货贷")),
    (_GUARANTEE, ("银担批量保", "支小保", "支农保", "科技保", "首贷保")),
    (_LEASE, ("设备直租", "设备回租", "车间升级租", "绿色设备租")),
    (_RECEIVABLES, ("应收账款保理", "订单保理", "工程款保理")),
    (_SMALL_LOAN, ("小店周转贷", "日日贷", "摊位贷", "应急贷")),
)
_NAMES = {id(terms): names for terms, names in NAMES}

OFFERED: dict[Kind, tuple[Terms, ...]] = {
    Kind.BANK: (
        _TAX_LOAN, _INVOICE_LOAN, _TECH_LOAN, _FACTORY_LOAN, _EQUIPMENT_LOAN, _EXPORT_LOAN, _ORDER_LOAN, _RENEWAL,
        _FIRST_LOAN, _TRADER_LOAN,
    ),
    Kind.RURAL_BANK: (
        _TAX_LOAN, _INVOICE_LOAN, _TRADER_LOAN, _TEA_LOAN, _FACTORY_LOAN, _EQUIPMENT_LOAN, _RENEWAL, _FIRST_LOAN,
        _ORDER_LOAN,
    ),
    Kind.GUARANTOR: (_GUARANTEE,) * 5,
    Kind.LEASING: (_LEASE,) * 4,
    Kind.FACTORING: (_RECEIVABLES,) * 3,
    Kind.SMALL_LENDER: (_SMALL_LOAN,) * 4,
    Kind.INSURER: (_EXPORT_LOAN, _GUARANTEE),
}  # fmt: skip


def products(draft: Draft, number: int) -> Iterator[Terms]:
    """What the `number`-th institution offers: the archetypes of its kind, each a little its own."""
    for place, terms in enumerate(OFFERED[draft.kind]):
        names = _NAMES[id(terms)]
        several = OFFERED[draft.kind].count(terms) > 1
        yield _varied(terms, draft, names[(place if several else number) % len(names)], number + place)


def _varied(terms: Terms, draft: Draft, name: str, turn: int) -> Terms:
    """Up to a fifth less money and 20 bp dearer, and small houses lend in their own city only."""
    less = (10 - turn % 3) / 10
    dearer = turn % 5 * 5
    amount_max_fen = max(int(terms.amount_max_fen * less) // (10 * WAN) * (10 * WAN), 10 * WAN)
    changed = replace(
        terms,
        name=name,
        hotline=draft.hotline,
        amount_max_fen=amount_max_fen,
        branch=f"{draft.name}普惠金融部",
        regions=(draft.region_code,) if draft.kind in (Kind.RURAL_BANK, Kind.SMALL_LENDER) else (),
    )
    if terms.rate_kind is RateKind.FLOATING:
        assert terms.spread_min_bp is not None, "a floating rate has its spread"
        assert terms.spread_max_bp is not None, "a floating rate has its spread"
        return replace(changed, spread_min_bp=terms.spread_min_bp + dearer, spread_max_bp=terms.spread_max_bp + dearer)
    assert terms.rate_min_bp is not None, "a fixed rate stands by itself"
    assert terms.rate_max_bp is not None, "a fixed rate stands by itself"
    return replace(changed, rate_min_bp=terms.rate_min_bp + dearer, rate_max_bp=terms.rate_max_bp + dearer)
