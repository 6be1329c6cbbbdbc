"""6 资质许可与荣誉: licences from the public record, titles of technology."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports.chapters.contract import Chapter, Group, Takes

TITLES = Chapter(
    "6", "titles", "资质许可与荣誉",
    takes=(
        Takes(Category.PUBLIC_CREDIT, groups=(Group("有效的许可", ("licences_in_force",)),), lists=("licences",)),
        Takes(
            Category.INTELLECTUAL_PROPERTY,
            groups=(Group("有效的科技资质", ("titles_in_force", "high_tech_days_left")),),
            lists=("qualifications",),
        ),
    ),
)  # fmt: skip
