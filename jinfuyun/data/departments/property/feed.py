"""Mortgages of real estate, of enterprises that consented: the register answers only those with an interest."""

from jinfuyun.data.departments.contract import (
    CONSENT,
    CUSTOMER,
    NAMES,
    UPDATED_AT,
    Access,
    Column,
    Feed,
    Kind,
    Rule,
    coded,
)
from jinfuyun.kit.grant import Category

MORTGAGES = Feed(
    name="mortgages",
    label="不动产抵押登记",
    department="property",
    department_label="自然资源和规划局",
    access=Access.CONSENTED,
    category=Category.PROPERTY,
    legal_basis=f"不动产登记资料查询暂行办法、{CONSENT}",
    owner="不动产登记中心",
    cadence="每周增量",
    lateness_days=14,
    retention_months=120,
    used_by=("信用报告·资产", "抵押指标", "产品准入"),
    columns=(
        Column(CUSTOMER.name, CUSTOMER.label, CUSTOMER.kind, aliases=(*CUSTOMER.aliases, "权利人证件号")),
        Column("certificate", "不动产登记证明号", Kind.TEXT, aliases=("登记证明号",)),
        Column("unit_number", "不动产单元号", Kind.CODE),  # 28 characters, GB/T 37346
        Column("location", "坐落", Kind.TEXT, needed=False),
        # 规划用途.
        Column("use", "用途", Kind.CHOICE, aliases=("规划用途",), choices=coded(
            ("21", "工业", "industry"), ("31", "商业", "commerce"), ("10", "住宅", "housing"), ("24", "仓储",
            "storage"),
            ("61", "办公", "office"), ("80", "其他", "other"))),
        Column("area_m2", "面积", Kind.QUANTITY, aliases=("建筑面积", "面积（平方米）"), needed=False),
        Column("mortgagee", "抵押权人", Kind.TEXT),
        Column("mortgage_kind", "抵押方式", Kind.CHOICE, choices=coded(
            ("1", "一般抵押", "ordinary"), ("2", "最高额抵押", "maximum"))),
        Column("secured_fen", "被担保主债权数额（万元）", Kind.WAN, aliases=("最高债权数额（万元）",)),
        Column("valued_fen", "评估价值（万元）", Kind.WAN, aliases=("抵押物价值（万元）",), needed=False),
        Column("debt_from", "债务履行起始时间", Kind.DATE, needed=False, ahead=True),
        Column("debt_until", "债务履行结束时间", Kind.DATE, needed=False, ahead=True),
        Column("registered_on", "登记时间", Kind.DATE, aliases=("登记日期",)),
        Column("ended_on", "注销时间", Kind.DATE, aliases=("注销日期",), needed=False),
        UPDATED_AT,
    ),
    enterprise="customer",
    key=("uscc", "certificate", "unit_number"),
    dated_by="registered_on",
    by_month=False,
    rules=(
        Rule("secured_negative", "secured_fen >= 0 AND coalesce(valued_fen, 0) >= 0", "金额是负数"),
        Rule("ended_before", "ended_on IS NULL OR ended_on >= registered_on", "“注销时间”早于登记时间"),
    ),
    ignored=(*NAMES, "权利人", "抵押人"),
)  # fmt: skip
