"""Patents, trade marks and copyrights, as the offices publish them."""

from jinfuyun.data.departments.contract import (
    NAMES,
    UPDATED_AT,
    USCC,
    Access,
    Column,
    Feed,
    Kind,
    Rule,
    coded,
)
from jinfuyun.kit.grant import Category

INTELLECTUAL_PROPERTY = Feed(
    name="intellectual_property",
    label="知识产权",
    department="ip",
    department_label="知识产权局",
    access=Access.PUBLIC,
    category=Category.INTELLECTUAL_PROPERTY,
    legal_basis="专利法、商标法、计算机软件保护条例规定的公告",
    owner="公共服务处",
    cadence="每周增量",
    lateness_days=14,
    retention_months=240,
    used_by=("信用报告·知识产权", "科技指标", "产品准入"),
    columns=(
        USCC,
        Column("right_number", "申请号", Kind.CODE, aliases=("申请（登记）号", "注册号", "登记号", "专利号")),
        Column("right_kind", "权利类型", Kind.CHOICE, aliases=("知识产权类型", "专利类型"), choices=coded(
            ("1", "发明专利", "invention"), ("2", "实用新型", "utility_model"), ("3", "外观设计", "design"),
            ("4", "商标", "trade_mark"), ("5", "软件著作权", "software"), ("6", "作品著作权", "copyright"))),
        Column("title", "名称", Kind.TEXT),
        Column("applied_on", "申请日", Kind.DATE, aliases=("申请日期",)),
        Column("granted_on", "授权公告日", Kind.DATE, aliases=("授权日期", "注册公告日", "登记日期"), needed=False),
        Column("state", "法律状态", Kind.CHOICE, choices=coded(
            ("1", "审查中", "pending"), ("2", "有效", "in_force"), ("3", "失效", "lapsed"), ("4", "驳回", "refused"))),
        Column("lapsed_on", "失效日", Kind.DATE, aliases=("失效日期",), needed=False),
        Column("pledged", "是否质押", Kind.CHOICE, needed=False, choices=coded(("1", "是", "yes"), ("0", "否", "no"))),
        UPDATED_AT,
    ),
    enterprise="uscc",
    key=("uscc", "right_kind", "right_number"),
    dated_by="applied_on",
    by_month=False,
    rules=(Rule("granted_before", "granted_on IS NULL OR granted_on >= applied_on", "“授权公告日”早于申请日"),),
    ignored=NAMES,
)  # fmt: skip
