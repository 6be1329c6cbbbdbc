"""A person decides what a key means: the rows follow, both ways, and the book tells."""

import pytest

from jinfuyun.audit.models import Line
from jinfuyun.data import door, joining
from jinfuyun.joins import actions, queries, tasks
from jinfuyun.joins.models import JoinedKey, Proposal
from jinfuyun.joins.rules import State, shown
from jinfuyun.kit.errors import NotAllowed, TooLate
from tests.at_once import all_at_once
from tests.cast import MONDAY, Person
from tests.data.codes import A, B
from tests.joins.conftest import OLD, OTHER


@pytest.fixture
def proposal(waiting: None) -> Proposal:
    tasks.propose_joins(at=MONDAY)
    return Proposal.objects.get()


def decide(proposal: Proposal, act: str, by: Person, because: str = "档案 12 号") -> None:
    actions.decide(proposal=proposal, act=act, because=because, by=by.actor, at=MONDAY)


def standing() -> set[str]:
    """Rows of branches that stand, by what the ledger says came in."""
    return {f"{one.origin}:{one.accepted}:{one.state}" for one in door.deliveries(feed="branches")}


def test_the_platform_proposes_with_reasons_in_words(proposal: Proposal) -> None:
    assert (proposal.key, proposal.uscc, proposal.name, proposal.row_count) == (OLD, A, "福州红星机械有限公司", 2)
    assert (proposal.told_name, queries.feed_labels(proposal)) == ("红星机械有限责任公司", ["分支机构"])
    assert [(one.label, one.seen, one.leaning) for one in queries.reasons(proposal)] == [
        ("名称", "去掉地名和组织形式后相同", "强烈支持"), ("登记注册号", "不同", "反对"),
        ("行政区划", "同一行政区划", "支持"),
    ]  # fmt: skip
    tasks.propose_joins(at=MONDAY)
    assert Proposal.objects.count() == 1, "proposed once"


def test_joining_brings_the_rows_in_and_parting_takes_them_out(proposal: Proposal, operator: Person) -> None:
    decide(proposal, "join", operator)
    tasks.settle_waiting(at=MONDAY)
    assert [(one.key, one.row_count) for one in joining.unknown()] == [(OTHER, 1)]
    assert "retry:2:loaded" in standing()
    proposal.refresh_from_db()
    decide(proposal, "part", operator, "看错了")
    tasks.settle_waiting(at=MONDAY)
    assert [(one.key, one.row_count) for one in joining.unknown()] == [(OLD, 2), (OTHER, 1)]
    assert "retry:2:withdrawn" in standing()
    assert not JoinedKey.objects.exists()
    lines = Line.objects.filter(uscc=A, action__startswith="join.").order_by("id")
    assert [(one.action, one.actor) for one in lines] == [
        ("join.joined", operator.actor.id), ("join.parted", operator.actor.id),
    ]  # fmt: skip
    assert all(OLD not in f"{one.subject}{one.detail}" for one in lines)


def test_what_was_refused_is_not_proposed_again_until_somebody_reopens_it(proposal: Proposal, operator: Person) -> None:
    decide(proposal, "refuse", operator)
    tasks.propose_joins(at=MONDAY)
    proposal.refresh_from_db()
    assert proposal.state == State.REFUSED
    decide(proposal, "reopen", operator)
    proposal.refresh_from_db()
    assert proposal.state == State.OPEN


def test_one_key_means_one_enterprise(proposal: Proposal, operator: Person) -> None:
    rest = {name: getattr(proposal, name) for name in ("feeds", "row_count", "weight_tenths", "levels", "made_at")}
    other = Proposal.objects.create(key=OLD, uscc=B, name="厦门蓝海贸易有限公司", **rest)
    decide(proposal, "join", operator)
    with pytest.raises(actions.OneKeyOneEnterprise):
        decide(other, "join", operator)


def test_of_many_at_once_one_decides(proposal: Proposal, operator: Person) -> None:
    assert all_at_once(lambda _: decide(proposal, "join", operator), TooLate, times=20) == 1
    assert JoinedKey.objects.count() == 1


def test_only_an_operator_decides_and_says_why(
    proposal: Proposal, operator: Person, river_bank_officer: Person, fuzhou_regulator: Person
) -> None:
    for other in (river_bank_officer, fuzhou_regulator):
        with pytest.raises(NotAllowed):
            decide(proposal, "join", other)
    with pytest.raises(actions.NoReason):
        decide(proposal, "join", operator, "  ")
    with pytest.raises(TooLate):
        decide(proposal, "part", operator)
    assert not JoinedKey.objects.exists()


def test_a_proposal_goes_when_the_register_learns_the_key(proposal: Proposal, tmp_path) -> None:
    path = tmp_path / "later.csv"
    path.write_text(f"统一社会信用代码,企业名称,注册日期,注册号\n{B},厦门蓝海贸易有限公司,2015-01-01,{OLD}\n")
    door.deliver("registration", path, at=MONDAY)
    tasks.propose_joins(at=MONDAY)
    assert not Proposal.objects.exists()
    assert [one.key for one in joining.unknown()] == [OTHER]


def test_a_key_made_of_an_id_number_is_masked() -> None:
    assert shown("35010019900101001X01") == "350100************01"
    assert shown(OLD) == OLD
