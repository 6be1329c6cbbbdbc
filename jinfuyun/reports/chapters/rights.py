"""13 知识产权."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports.chapters.contract import Chapter, Group, Takes

RIGHTS = Chapter(
    "13", "rights", "知识产权",
    takes=(
        Takes(
            Category.INTELLECTUAL_PROPERTY, rest=True,
            groups=(Group("", (
                "patents", "patents_new_r36", "patents_pending", "utility_models", "trade_marks",
                "software_copyrights", "rights_pledged",
            )),),
            lists=("intellectual_property",),
        ),
    ),
)  # fmt: skip
