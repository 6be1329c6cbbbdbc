"""What the tax bureau delivers: taxpayer numbers (public keys) and the invoices of enterprises that consented."""

from jinfuyun.data.departments.contract import Access, Column, Feed, Kind, Rule
from jinfuyun.kit.grant import Category

TAXPAYERS = Feed(
    name="taxpayers",
    label="纳税人识别号对照",
    department="tax",
    department_label="税务局",
    access=Access.PUBLIC,
    category=None,
    legal_basis="税务登记管理办法",
    owner="征管处",
    cadence="每日增量",
    retention_months=120,
    columns=(
        Column("tax_number", "纳税人识别号", Kind.CODE, aliases=("纳税号", "企业代号")),
        Column("uscc", "统一社会信用代码", Kind.USCC),
        Column("registered_on", "税务登记日期", Kind.DATE, needed=False),
        Column("updated_at", "更新时间", Kind.MOMENT, needed=False),
    ),
    enterprise="uscc",
    key=("tax_number",),
    dated_by="registered_on",
    by_month=False,
    ignored=("企业名称",),
)

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
        legal_basis="企业授权（数据采集查询授权书）",
        owner="征管科技处",
        cadence="每日增量",
        retention_months=60,
        columns=(
            Column("taxpayer", "纳税人识别号", Kind.CODE, aliases=("纳税号", "企业代号", "统一社会信用代码")),
            Column("invoice_code", "发票代码", Kind.CODE, needed=False, empty=""),
            Column("invoice_number", "发票号码", Kind.CODE),
            Column("issued_on", "开票日期", Kind.DATE),
            counterparty,
            Column("net_fen", "金额", Kind.MONEY),
            Column("tax_fen", "税额", Kind.MONEY),
            Column("gross_fen", "价税合计", Kind.MONEY),
            Column("state", "发票状态", Kind.CHOICE, choices=_STATES),
            Column("updated_at", "更新时间", Kind.MOMENT, needed=False),
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
