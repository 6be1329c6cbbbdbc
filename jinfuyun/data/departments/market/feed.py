"""The registry of enterprises, public in full (market regulation): the registration itself and what hangs on it."""

from jinfuyun.data.departments.contract import (
    BAD_RECORD,
    NAMES,
    UPDATED_AT,
    USCC,
    Access,
    Column,
    Derived,
    Feed,
    Kind,
    Rule,
    coded,
)
from jinfuyun.kit.grant import Category

_DEPARTMENT = "市场监督管理局"
_PUBLICITY = "企业信息公示暂行条例"

# 500(万元人民币) · 1,500(万) · 86万人民币 · (万美元) · 12.5万元人民币 …: 万 and a currency, else 人民币.
_CAPITAL = r"^([0-9][0-9,]*(?:\.[0-9]+)?)\s*[(（]?万(?:元)?(.*?)(?:元)?[)）]?$"
_AMOUNT = f"replace(regexp_extract(capital, '{_CAPITAL}', 1), ',', '')"
_CURRENCY = f"regexp_extract(capital, '{_CAPITAL}', 2)"

# What is left of the currency's name without 元.
CURRENCIES = (
    ("", "CNY"),
    ("人民币", "CNY"),
    ("美", "USD"),
    ("港", "HKD"),
    ("港币", "HKD"),
    ("日", "JPY"),
    ("欧", "EUR"),
    ("英镑", "GBP"),
    ("新加坡", "SGD"),
    ("德国马克", "DEM"),
    ("加拿大", "CAD"),
    ("澳大利亚", "AUD"),
)
_WHOLE = f"TRY_CAST({_AMOUNT} AS DECIMAL(24,6))"
_KNOWN = f"{_CURRENCY} IN ({', '.join(repr(word) for word, _ in CURRENCIES)})"  # a sum of unknown money is no sum
_CASES = " ".join(f"WHEN '{word}' THEN '{code}'" for word, code in CURRENCIES)

REGISTRATION = Feed(
    name="registration",
    label="企业登记信息",
    department="market",
    department_label=_DEPARTMENT,
    access=Access.PUBLIC,
    category=Category.REGISTRATION,
    legal_basis=_PUBLICITY,
    owner="登记注册处",
    cadence="每日增量，每月全量",
    lateness_days=3,
    retention_months=120,
    used_by=("企业识别", "信用报告·基本信息", "产品准入", "统计"),
    columns=(
        USCC,
        Column("name", "企业名称", Kind.TEXT),
        Column("registered_on", "注册日期", Kind.DATE, aliases=("成立日期",)),
        Column("kind", "企业类型", Kind.TEXT, needed=False),
        Column("capital", "注册资金", Kind.TEXT, aliases=("注册资本",), needed=False),
        Column("scope", "经营范围", Kind.TEXT, needed=False),
        Column("region", "地区", Kind.TEXT, aliases=("所属区域",), needed=False),
        Column("address", "注册地址", Kind.TEXT, aliases=("住所",), needed=False),
        Column("legal_representative", "法定代表人", Kind.TEXT, needed=False),
        Column("industry", "行业", Kind.TEXT, aliases=("行业分类",), needed=False),
        Column("nature", "主体性质", Kind.TEXT, aliases=("企业性质",), needed=False),
        Column("status", "登记状态", Kind.TEXT, aliases=("经营状态",), needed=False),
        Column("registration_number", "注册号", Kind.CODE, aliases=("工商注册号",), needed=False),
        UPDATED_AT,
    ),
    derived=(
        # Hundredths of the currency's unit, so that fen is the case of CNY.
        Derived("capital_cents", "BIGINT", f"CASE WHEN {_KNOWN} THEN TRY_CAST({_WHOLE} * 1000000 AS BIGINT) END"),
        Derived(
            "capital_currency", "VARCHAR", f"CASE WHEN {_WHOLE} IS NOT NULL THEN CASE {_CURRENCY} {_CASES} END END"
        ),
    ),
    enterprise="uscc",
    key=("uscc",),
    dated_by="registered_on",
    by_month=False,
    identifies=True,
    rules=(
        Rule(
            "capital_unreadable",
            # What speaks of money without a sum that can be read is unknown, its text kept; anything else is misplaced.
            "capital IS NULL OR (capital_cents IS NOT NULL AND capital_currency IS NOT NULL)"
            " OR regexp_matches(capital, '万|元')",
            "“注册资金”写法不明，应如 500(万元人民币)",
        ),
        Rule("kind_shifted", "kind IS NULL OR NOT regexp_matches(kind, '[0-9]')", "“企业类型”里有数字，疑似错列"),
    ),
    ignored=("source_year",),
)

# GB/T 12407-like short lists as the registries' exchange files have them: the file writes the code or the word.
PARTY_KINDS = coded(
    ("1", "自然人", "person"), ("2", "企业法人", "enterprise"), ("3", "机关事业单位", "public_body"),
    ("4", "合伙企业", "partnership"), ("5", "外国（地区）投资者", "foreign"), ("9", "其他", "other"),
)  # fmt: skip
# 币种, GB/T 12406.
CURRENCY_CODES = coded(
    ("156", "人民币", "CNY"), ("840", "美元", "USD"), ("344", "港元", "HKD"), ("978", "欧元", "EUR"),
    ("392", "日元", "JPY"), ("901", "新台币", "TWD"),
)  # fmt: skip

SHAREHOLDERS = Feed(
    name="shareholders",
    label="股东及出资信息",
    department="market",
    department_label=_DEPARTMENT,
    access=Access.PUBLIC,
    category=Category.REGISTRATION,
    legal_basis=_PUBLICITY,
    owner="登记注册处",
    cadence="每日增量，每月全量",
    lateness_days=3,
    retention_months=120,
    used_by=("信用报告·股东与出资", "关联关系", "股权集中度指标"),
    columns=(
        USCC,
        Column("shareholder", "股东名称", Kind.TEXT, aliases=("股东（发起人）", "投资人")),
        Column("shareholder_kind", "股东类型", Kind.CHOICE, aliases=("投资人类型",), choices=PARTY_KINDS),
        Column("shareholder_code", "股东统一社会信用代码", Kind.CODE, aliases=("股东证照号码",), needed=False,
               empty=""),
        Column("subscribed_fen", "认缴出资额（万元）", Kind.WAN, aliases=("认缴出资额",)),
        Column("paid_fen", "实缴出资额（万元）", Kind.WAN, aliases=("实缴出资额",), needed=False),
        Column("currency", "币种", Kind.CHOICE, choices=CURRENCY_CODES, needed=False, empty="CNY"),
        Column("share_percent", "持股比例", Kind.QUANTITY, aliases=("出资比例", "持股比例（%）"), needed=False),
        Column("due_on", "认缴出资日期", Kind.DATE, needed=False, ahead=True),
        Column("recorded_on", "登记日期", Kind.DATE, aliases=("核准日期",)),
        Column("left_on", "退出日期", Kind.DATE, needed=False),
        UPDATED_AT,
    ),
    enterprise="uscc",
    key=("uscc", "shareholder", "shareholder_code"),
    dated_by="recorded_on",
    by_month=False,
    rules=(
        Rule("subscribed_negative", "subscribed_fen >= 0 AND coalesce(paid_fen, 0) >= 0", "出资额是负数"),
        Rule("share_over_whole", "share_percent IS NULL OR share_percent BETWEEN 0 AND 100",
             "“持股比例”不在 0 到 100 之间"),
    ),
    ignored=NAMES,
)  # fmt: skip

OFFICERS = Feed(
    name="officers",
    label="主要人员",
    department="market",
    department_label=_DEPARTMENT,
    access=Access.PUBLIC,
    category=Category.REGISTRATION,
    legal_basis=_PUBLICITY,
    owner="登记注册处",
    cadence="每日增量，每月全量",
    lateness_days=3,
    retention_months=120,
    used_by=("信用报告·主要人员", "关联关系"),
    columns=(
        USCC,
        Column("person", "姓名", Kind.TEXT),
        # 职务, GB/T 12403.
        Column("post", "职务", Kind.CHOICE, choices=coded(
            ("431A", "董事长", "chair"), ("432A", "董事", "director"), ("432K", "执行董事", "executive_director"),
            ("408A", "监事", "supervisor"), ("408B", "监事会主席", "supervisor"), ("434Q", "经理", "manager"),
            ("436A", "总经理", "manager"), ("490A", "经营者", "operator"), ("491A", "其他", "other"))),
        Column("recorded_on", "登记日期", Kind.DATE, aliases=("任职日期", "核准日期")),
        Column("left_on", "离任日期", Kind.DATE, needed=False),
        UPDATED_AT,
    ),
    enterprise="uscc",
    key=("uscc", "person", "post"),
    dated_by="recorded_on",
    by_month=False,
    ignored=NAMES,
)  # fmt: skip

REGISTRATION_CHANGES = Feed(
    name="registration_changes",
    label="变更登记",
    department="market",
    department_label=_DEPARTMENT,
    access=Access.PUBLIC,
    category=Category.REGISTRATION,
    legal_basis=_PUBLICITY,
    owner="登记注册处",
    cadence="每日增量",
    lateness_days=3,
    retention_months=120,
    used_by=("信用报告·变更记录", "变更指标", "企业识别"),
    columns=(
        USCC,
        # 变更事项, as the exchange files number it.
        Column("item", "变更事项", Kind.CHOICE, choices=coded(
            ("01", "名称变更", "name"), ("02", "住所变更", "address"), ("03", "法定代表人变更",
            "legal_representative"),
            ("04", "注册资本变更", "capital"), ("05", "企业类型变更", "kind"), ("06", "经营范围变更", "scope"),
            ("07", "经营期限变更", "term"), ("12", "投资人（股权）变更", "shareholders"), ("32",
            "主要人员变更", "officers"),
            ("99", "其他事项变更", "other"))),
        Column("was", "变更前内容", Kind.TEXT, aliases=("变更前",), needed=False),
        Column("became", "变更后内容", Kind.TEXT, aliases=("变更后",), needed=False),
        Column("changed_on", "变更日期", Kind.DATE, aliases=("核准日期",)),
        Column("sequence", "变更序号", Kind.COUNT, needed=False, empty="1"),
        UPDATED_AT,
    ),
    enterprise="uscc",
    key=("uscc", "item", "changed_on", "sequence"),
    dated_by="changed_on",
    by_month=False,
    ignored=NAMES,
)  # fmt: skip

BRANCHES = Feed(
    name="branches",
    label="分支机构",
    department="market",
    department_label=_DEPARTMENT,
    access=Access.PUBLIC,
    category=Category.REGISTRATION,
    legal_basis=_PUBLICITY,
    owner="登记注册处",
    cadence="每日增量，每月全量",
    lateness_days=3,
    retention_months=120,
    used_by=("信用报告·分支机构", "关联关系"),
    columns=(
        USCC,
        Column("branch_uscc", "分支机构统一社会信用代码", Kind.USCC),
        Column("branch", "分支机构名称", Kind.TEXT),
        Column("region", "分支机构地区", Kind.TEXT, aliases=("登记机关",), needed=False),
        Column("opened_on", "成立日期", Kind.DATE, aliases=("登记日期",)),
        Column("closed_on", "注销日期", Kind.DATE, needed=False),
        UPDATED_AT,
    ),
    enterprise="uscc",
    key=("branch_uscc",),
    dated_by="opened_on",
    by_month=False,
    ignored=NAMES,
)

EQUITY_PLEDGES = Feed(
    name="equity_pledges",
    label="股权出质登记",
    department="market",
    department_label=_DEPARTMENT,
    access=Access.PUBLIC,
    category=Category.REGISTRATION,
    legal_basis="股权出质登记办法",
    owner="登记注册处",
    cadence="每日增量",
    lateness_days=3,
    retention_months=120,
    used_by=("信用报告·股权出质", "质押指标"),
    columns=(
        USCC,
        Column("pledge_number", "质权登记编号", Kind.CODE, aliases=("登记编号",)),
        Column("pledgor", "出质人", Kind.TEXT),
        Column("pledgee", "质权人", Kind.TEXT),
        Column("pledged_fen", "出质股权数额（万元）", Kind.WAN, aliases=("出质股权数额",)),
        Column("pledged_on", "股权出质设立登记日期", Kind.DATE, aliases=("登记日期",)),
        Column("state", "状态", Kind.CHOICE, choices=coded(("1", "有效", "in_force"), ("2", "无效", "ended"))),
        Column("ended_on", "注销日期", Kind.DATE, needed=False),
        UPDATED_AT,
    ),
    enterprise="uscc",
    key=("pledge_number",),
    dated_by="pledged_on",
    by_month=False,
    rules=(Rule("pledged_negative", "pledged_fen >= 0", "“出质股权数额”是负数"),),
    ignored=NAMES,
)

ANNUAL_REPORTS = Feed(
    name="annual_reports",
    label="企业年报",
    department="market",
    department_label=_DEPARTMENT,
    access=Access.PUBLIC,
    category=Category.REGISTRATION,
    legal_basis=_PUBLICITY,
    owner="信用监管处",
    cadence="每年 7 月全量，平时每月增量",
    lateness_days=35,
    retention_months=120,
    used_by=("信用报告·年报", "年报指标"),
    columns=(
        USCC,
        Column("of_year", "年报年度", Kind.YEAR, aliases=("报告年度",)),
        Column("filed_on", "报送日期", Kind.DATE, aliases=("填报日期",)),
        Column("heads", "从业人数", Kind.COUNT, needed=False),
        # What the enterprise chose not to make public is empty, not zero.
        Column("assets_fen", "资产总额（万元）", Kind.WAN, needed=False),
        Column("liabilities_fen", "负债总额（万元）", Kind.WAN, needed=False),
        Column("equity_fen", "所有者权益合计（万元）", Kind.WAN, needed=False),
        Column("revenue_fen", "营业总收入（万元）", Kind.WAN, needed=False),
        Column("profit_fen", "净利润（万元）", Kind.WAN, needed=False),
        Column("tax_fen", "纳税总额（万元）", Kind.WAN, needed=False),
        UPDATED_AT,
    ),
    enterprise="uscc",
    key=("uscc", "of_year"),
    dated_by="filed_on",
    by_month=False,
    rules=(
        Rule("filed_too_early", "filed_on > of_year", "“报送日期”早于年报年度结束"),
        Rule("heads_negative", "coalesce(heads, 0) >= 0", "“从业人数”是负数"),
    ),
    ignored=NAMES,
)

ABNORMAL_LIST = Feed(
    name="abnormal_list",
    label="经营异常名录与严重违法失信名单",
    department="market",
    department_label=_DEPARTMENT,
    access=Access.PUBLIC,
    category=Category.PUBLIC_CREDIT,
    legal_basis="企业经营异常名录管理办法",
    owner="信用监管处",
    cadence="每日增量",
    lateness_days=3,
    retention_months=60,
    used_by=("信用报告·行政处罚与经营异常", "产品准入", "评分"),
    columns=(
        USCC,
        Column("list_kind", "名录类别", Kind.CHOICE, choices=coded(
            ("1", "经营异常名录", "abnormal"), ("2", "严重违法失信名单", "serious"))),
        Column("record_number", "列入决定书文号", Kind.TEXT, aliases=("列入文号",)),
        Column("cause", "列入原因", Kind.CHOICE, choices=coded(
            ("1", "未按规定公示年度报告", "no_report"), ("2", "未按规定公示企业信息", "no_disclosure"),
            ("3", "公示信息隐瞒真实情况弄虚作假", "false_disclosure"),
            ("4", "通过登记的住所或者经营场所无法联系", "not_found"), ("9", "其他", "other"))),
        Column("listed_on", "列入日期", Kind.DATE),
        Column("removed_on", "移出日期", Kind.DATE, needed=False),
        Column("authority", "决定机关", Kind.TEXT, aliases=("列入机关",), needed=False),
        *BAD_RECORD,
        UPDATED_AT,
    ),
    enterprise="uscc",
    key=("uscc", "record_number"),
    dated_by="listed_on",
    by_month=False,
    rules=(Rule("removed_before", "removed_on IS NULL OR removed_on >= listed_on", "“移出日期”早于列入日期"),),
    ignored=NAMES,
)  # fmt: skip
