"""Invoices sold and bought, of enterprises that consented."""

from jinfuyun.data.departments.contract import CONSENT, TAXPAYER, UPDATED_AT, Access, Column, Feed, Kind, Rule
from jinfuyun.kit.grant import Category

_STATES = (
    ("有效发票", "valid"),
    ("有效", "valid"),
    ("正常", "valid"),
    ("作废发票", "void"),
    ("作废", "void"),
    ("已作废", "void"),
)


def _invoices(name: str, label: str, counterparty: Column) -> Feed:
    return Feed(
        name=name,
        label=label,
        department="tax",
        department_label="税务局",
        access=Access.CONSENTED,
        category=Category.INVOICES,
        legal_basis=CONSENT,
        owner="征管科技处",
        cadence="每日增量",
        lateness_days=3,
        retention_months=60,
        used_by=("信用报告·发票购销", "发票指标", "评分", "产品准入"),
        columns=(
            TAXPAYER,
            Column("invoice_code", "发票代码", Kind.CODE, needed=False, empty=""),
            Column("invoice_number", "发票号码", Kind.CODE),
            Column("issued_on", "开票日期", Kind.DATE),
            counterparty,
            Column("net_fen", "金额", Kind.MONEY),
            Column("tax_fen", "税额", Kind.MONEY),
            Column("gross_fen", "价税合计", Kind.MONEY),
            Column("state", "发票状态", Kind.CHOICE, choices=_STATES),
            UPDATED_AT,
        ),
        enterprise="taxpayer",
        # Numbers alone repeat: the code that makes them unique is missing from older files.
        key=("uscc", "invoice_code", "invoice_number", "issued_on", "counterparty"),
        dated_by="issued_on",
        by_month=True,
        rules=(
            # Lines of one invoice are rounded one by one; more than a yuan is no rounding.
            Rule("sum_differs", "abs(net_fen + tax_fen - gross_fen) <= 100", "“价税合计”不等于金额加税额"),
        ),
    )


SALES_INVOICES = _invoices(
    "sales_invoices",
    "销项发票",
    Column(
        "counterparty", "购方纳税人识别号", Kind.CODE, aliases=("购方单位代号", "购方纳税号"), needed=False, empty=""
    ),
)
PURCHASE_INVOICES = _invoices(
    "purchase_invoices",
    "进项发票",
    Column(
        "counterparty", "销方纳税人识别号", Kind.CODE, aliases=("销方单位代号", "销方纳税号"), needed=False, empty=""
    ),
)
