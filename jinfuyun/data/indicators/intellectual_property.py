"""Patents, trade marks and copyrights in force, and the titles of technology."""

from jinfuyun.data.indicators.contract import Indicator, Listing, Source, Stage
from jinfuyun.kit.grant import Category

RIGHTS, TITLES = ("intellectual_property",), ("qualifications",)
_TITLED = "revoked_on IS NULL AND valid_until >= today"


def _kind(kind: str) -> str:
    return f"count(*) FILTER (right_kind = '{kind}')"


INTELLECTUAL_PROPERTY = Source(
    category=Category.INTELLECTUAL_PROPERTY,
    department_label="知识产权局、科学技术厅",
    feeds=RIGHTS + TITLES,
    stages=(
        Stage("right_now", "SELECT * FROM intellectual_property_row WHERE state = 'in_force'", sums=(
            ("inventions", _kind("invention")), ("models", _kind("utility_model")), ("designs", _kind("design")),
            ("marks", _kind("trade_mark")), ("software", _kind("software")),
            ("pledged_rights", "count(*) FILTER (pledged = 'yes')"),
            ("inventions_new",
            "count(*) FILTER (right_kind = 'invention' AND granted_on > cut_day - INTERVAL 36 MONTH)"),
        )),
        Stage("right_pending", "SELECT * FROM intellectual_property_row WHERE state = 'pending'", sums=(
            ("inventions_pending", _kind("invention")),)),
        Stage("titled", f"SELECT * FROM qualifications_row WHERE {_TITLED}", sums=(
            ("titles", "count(DISTINCT title)"), ("title_rows", "count(*)"),
            ("high_tech_rows", "count(*) FILTER (title = 'high_tech')"),
        ), values=(("high_tech_until", "max(CASE WHEN title = 'high_tech' THEN valid_until END)"),)),
    ),
    indicators=(
        Indicator("patents", "有效发明专利数", "count", "inventions", 0, RIGHTS, "inventions"),
        Indicator("patents_new_r36", "近36个月授权的有效发明专利数", "count", "inventions_new", 36, RIGHTS,
                  "inventions_new"),
        Indicator("patents_pending", "审查中的发明专利申请数", "count", "inventions_pending", 0, RIGHTS,
                  "inventions_pending"),
        Indicator("utility_models", "有效实用新型和外观设计数", "count", "models + designs", 0, RIGHTS,
                  "models + designs"),
        Indicator("trade_marks", "有效商标数", "count", "marks", 0, RIGHTS, "marks"),
        Indicator("software_copyrights", "软件著作权数", "count", "software", 0, RIGHTS, "software"),
        Indicator("rights_pledged", "已质押的知识产权数", "count", "pledged_rights", 0, RIGHTS, "pledged_rights"),
        Indicator("titles_in_force", "有效科技资质种类数", "count", "titles", 0, TITLES, "title_rows"),
        Indicator("high_tech_days_left", "高新技术企业资质剩余天数", "days",
                  "date_diff('day', today, high_tech_until)", 0,
                  TITLES, "high_tech_rows"),
    ),
    lists=(
        Listing("qualifications", ("title", "certificate", "granted_on", "valid_until"), _TITLED),
        Listing("intellectual_property", ("right_kind", "title", "right_number", "granted_on", "pledged"),
                "state = 'in_force'"),
    ),
    daily=(
        ("qualifications", "title = 'high_tech' OR valid_until BETWEEN :was AND :now"),
        ("intellectual_property", "granted_on BETWEEN :was - INTERVAL 36 MONTH AND :now - INTERVAL 36 MONTH"),
    ),
)  # fmt: skip
