"""4 变更记录."""

from jinfuyun.kit.grant import Category
from jinfuyun.reports.chapters.contract import Chapter, Group, Takes

CHANGES = Chapter(
    "4", "changes", "变更记录",
    takes=(
        Takes(
            Category.REGISTRATION,
            groups=(Group("", ("control_changes_r12", "registration_changes_r24")),),
            lists=("registration_changes",),
        ),
    ),
)  # fmt: skip
