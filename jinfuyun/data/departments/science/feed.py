"""Titles that the state gives to enterprises: high-tech, specialised and new, technology-based."""

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

QUALIFICATIONS = Feed(
    name="qualifications",
    label="科技资质与荣誉",
    department="science",
    department_label="科学技术厅",
    access=Access.PUBLIC,
    category=Category.INTELLECTUAL_PROPERTY,
    legal_basis="高新技术企业认定管理办法、优质中小企业梯度培育管理办法规定的公告",
    owner="高新技术处",
    cadence="每季全量",
    lateness_days=100,
    retention_months=120,
    used_by=("信用报告·资质许可与荣誉", "科技指标", "产品准入"),
    columns=(
        USCC,
        Column("title", "资质类别", Kind.CHOICE, aliases=("资质名称",), choices=coded(
            ("01", "高新技术企业", "high_tech"), ("02", "科技型中小企业", "technology_sme"),
            ("03", "专精特新“小巨人”企业", "little_giant"), ("04", "专精特新中小企业", "specialised"),
            ("05", "创新型中小企业", "innovative"), ("06", "制造业单项冠军", "champion"))),
        Column("certificate", "证书编号", Kind.CODE, aliases=("入库登记编号",)),
        Column("granted_on", "认定日期", Kind.DATE, aliases=("发证日期", "公告日期")),
        Column("valid_until", "有效期至", Kind.DATE, ahead=True),
        Column("revoked_on", "取消日期", Kind.DATE, needed=False),
        UPDATED_AT,
    ),
    enterprise="uscc",
    key=("uscc", "title", "certificate"),
    dated_by="granted_on",
    by_month=False,
    rules=(Rule("ends_before", "valid_until >= granted_on", "“有效期至”早于认定日期"),),
    ignored=NAMES,
)  # fmt: skip
