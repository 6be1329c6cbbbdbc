"""Whom an unknown key may mean: proposed with its reasons, never decided."""

import pytest

from jinfuyun.data.lake import engine
from jinfuyun.data.resolution import proposals
from jinfuyun.data.resolution.proposals import Waiting
from tests.data.codes import A, B, C

REGISTERED = "统一社会信用代码,企业名称,注册日期,注册号\n"


@pytest.fixture
def propose(plane, deliver):
    deliver(
        "registration",
        f"{REGISTERED}{A},福州红星机械有限公司,2015-01-01,350100100012345\n"
        f"{B},厦门蓝海贸易有限公司,2015-01-01,\n{C},绿野茶行,2015-01-01,\n",
    )

    def asked(*waiting: Waiting) -> list[proposals.Candidate]:
        with engine.opened(plane.lake.work) as sql:
            return proposals.propose(sql, plane.lake, waiting)

    return asked


def test_a_name_written_otherwise_is_proposed_with_its_reasons(propose):
    (found,) = propose(Waiting("350100200099999", "红星机械有限责任公司"))
    assert (found.uscc, found.name) == (A, "福州红星机械有限公司")
    assert {name: level for name, (level, _) in found.levels.items()} == {
        "name": "same_core", "number": "other", "region": "county",
    }  # fmt: skip
    assert found.weight == pytest.approx(sum(weight for _, weight in found.levels.values()), abs=0.2)
    assert found.levels["number"][1] < 0 < found.levels["region"][1]


def test_a_number_with_one_wrong_digit_is_proposed_without_a_name(propose):
    (found,) = propose(Waiting("350100100012346", ""))
    assert (found.uscc, found.levels["number"][0]) == (A, "one_off")
    assert "name" not in found.levels


def test_a_former_name_counts(propose, deliver):
    deliver("registration", f"{REGISTERED}{C},春风茶业有限公司,2015-01-01,\n")
    (found,) = propose(Waiting("350300600011111", "绿野茶行"))
    assert (found.uscc, found.name, found.levels["name"][0]) == (C, "绿野茶行", "same")


def test_strangers_are_not_proposed(propose):
    assert propose(Waiting("350900600011111", "完全不同的合作社")) == []
    assert propose() == []
