"""Three rows that name two enterprises by keys nobody knows, and the registrations that they may mean."""

from pathlib import Path

import pytest

from jinfuyun.data import door
from tests.cast import MONDAY
from tests.data.codes import A, B, uscc
from tests.deliveries.conftest import lake

__all__ = ("lake",)

OLD, OTHER = "350100200099999", "350900600011111"
BRANCHES = [uscc(f"91350100MA3XYW00{digit}") for digit in "123"]


@pytest.fixture
def waiting(lake: None, tmp_path: Path) -> None:
    files = (
        ("registration", "统一社会信用代码,企业名称,注册日期,注册号,注册地址\n"
         f"{A},旧星机械有限公司,2015-01-01,350100100012345,鼓楼区某路 1 号\n{B},厦门蓝海贸易有限公司,2015-01-01,,\n"),
        ("registration", "统一社会信用代码,企业名称,注册日期,注册号,注册地址\n"
         f"{A},福州红星机械有限公司,2015-01-01,350100100012345,鼓楼区某路 1 号\n"),
        ("branches", "统一社会信用代码,企业名称,分支机构统一社会信用代码,分支机构名称,成立日期\n"
         f"{OLD},红星机械有限责任公司,{BRANCHES[0]},一店,2015-01-01\n"
         f"{OLD},红星机械有限责任公司,{BRANCHES[1]},二店,2015-01-01\n"
         f"{OTHER},完全不同的合作社,{BRANCHES[2]},三店,2015-01-01\n"),
    )  # fmt: skip
    for number, (feed, words) in enumerate(files):
        path = tmp_path / f"{number}.csv"
        path.write_text(words)
        assert door.deliver(feed, path, at=MONDAY).state in ("loaded", "partly_loaded")
