"""Support policies: dated, for whom, how much, and every one of them an invention that says so."""

from datetime import date

import pytest

from jinfuyun.kit.all_in import Basis, CostKind, Fee, Loan, Payer, cost
from jinfuyun.kit.conditions import Verdict
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.lending import Repayment
from jinfuyun.policies import queries
from jinfuyun.policies.rules import gain_fen, read

MAY = date(2026, 5, 4)
WAN = 1_000_000
FACTORY = {"industry": "34", "size": "small", "tax_arrears": 0, "region": "350111", "titles": frozenset()}
LOAN = Loan(100 * WAN, 12, 400, Repayment.AT_MATURITY)


def codes(found):
    return {each.code for each in found}


def test_a_policy_counts_from_its_first_to_its_last_day():
    assert "P2026-03" not in codes(queries.in_force(date(2026, 2, 28)))
    assert "P2026-03" in codes(queries.in_force(date(2026, 3, 1)))
    assert "P2026-02" in codes(queries.in_force(date(2026, 12, 31)))
    assert "P2026-02" not in codes(queries.in_force(date(2027, 1, 1)))


def test_every_policy_of_the_sandbox_says_that_it_is_invented():
    assert all("虚构" in each.reference and "示例" in each.name for each in queries.POLICIES)


def test_missing_data_leaves_a_policy_possible_and_a_miss_takes_it_away():
    found = {p.code: v for p, v in queries.open_to(FACTORY, MAY)}
    assert found["P2026-01"] is Verdict.MET
    assert found["P2026-02"] is Verdict.UNKNOWN
    assert "P2026-04" not in found
    assert "P2026-01" not in {p.code for p, _ in queries.open_to(FACTORY | {"industry": "52"}, MAY)}


def test_what_it_gives_is_what_it_takes_off_the_all_in_cost():
    policy = queries.policy("P2026-01")
    assert gain_fen(policy, LOAN) == 100 * WAN * 150 // 10_000
    eased = Loan(100 * WAN, 12, 400, Repayment.AT_MATURITY, subsidies=(policy.subsidy,))
    assert cost(LOAN).total_fen - cost(eased).total_fen == gain_fen(policy, LOAN)
    big = Loan(10_000 * WAN, 12, 400, Repayment.AT_MATURITY)
    assert gain_fen(policy, big) == 30 * WAN


def test_half_the_guarantee_fee_and_never_more_than_half_a_percent():
    policy = queries.policy("P2026-03")
    assert gain_fen(policy, LOAN) == 0
    for fee_bp, back_bp in ((80, 40), (100, 50), (200, 50)):
        fee = Fee(CostKind.GUARANTEE, Payer.ENTERPRISE, Basis.YEARLY_BP, fee_bp)
        loan = Loan(100 * WAN, 12, 400, Repayment.AT_MATURITY, (fee,))
        assert gain_fen(policy, loan) == 100 * WAN * back_bp // 10_000


def test_what_goes_to_the_bank_gives_the_enterprise_nothing():
    assert gain_fen(queries.policy("P2026-06"), LOAN) == 0


@pytest.mark.parametrize(("words", "code"), [("设备", "P2026-01"), ("shebei", "P2026-01"), ("sbgx", "P2026-01")])
def test_it_is_found_by_characters_pinyin_and_initials(words, code):
    assert code in codes(queries.in_force(MAY, words=words))
    assert codes(queries.in_force(MAY, words="没有这种")) == set()


def test_a_row_that_makes_no_sense_is_refused_at_the_start():
    row = {
        "code": "X", "name": "X", "kind": "interest", "summary": "", "reference": "", "office": "", "how": "",
        "from": MAY, "until": MAY, "conditions": [{"subject": "luck", "operator": ">=", "value": 1}],
    }  # fmt: skip
    with pytest.raises(ValueError, match="X"):
        read(row)
    with pytest.raises(NotFound):
        queries.policy("X")
