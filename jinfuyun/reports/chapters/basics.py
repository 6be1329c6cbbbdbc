"""2 基本信息: the registration as it stands."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports.chapters.contract import Chapter, Group, Takes

BASICS = Chapter(
    "2", "basics", "基本信息",
    takes=(
        Takes(
            Category.REGISTRATION, record=True, rest=True,
            groups=(Group("", ("age_months", "capital_fen")),),
        ),
    ),
)  # fmt: skip
