"""A rule that cannot be right is refused with file, line and reason; what breaks one is decided by figures alone."""

from dataclasses import replace
from datetime import date

import pytest

from jinfuyun.supervision.rules import Unit
from jinfuyun.warnings import content, queries
from jinfuyun.warnings.rules import Seen, Side, is_broken, text_of

TEXT = """valid_from: 2026-01-01
reference: 示例
rules:
  - {code: W1, label: 偏低, scope: institution, figure: intake_in_time, days: 30, below: 8000, sample: 10,
     severity: high, owner: city, working_days: 5}
  - {code: W2, label: 骤增, scope: city, figure: applied, days: 7, usual: 8, above: 30000, sample: 20,
     severity: low, owner: province, working_days: 5}
"""
BENT = (
    ("valid_from: 2026-01-01", "valid_from: soon", 1, "不是日期"),
    ("reference: 示例\n", "", 1, "缺少“reference”"),
    ("code: W2", "code: W1", 4, "出现了两次"),
    ("figure: intake_in_time", "figure: nonsense", 4, "不是可以按 institution 统计的指标"),
    ("figure: intake_in_time", "figure: complaints", 4, "不是可以按 institution 统计的指标"),
    ("figure: intake_in_time", "figure: demands", 4, "不是可以按 institution 统计的指标"),
    ("below: 8000", "of: applied, below: 8000", 4, "不是可以按 institution 统计的指标"),  # no share of a share
    ("figure: applied", "figure: intake_minutes", 6, "不是可以按 city 统计的指标"),
    ("scope: institution", "scope: feed", 4, "不是可以按 feed 统计的指标"),
    ("scope: institution", "scope: village", 4, "应是 province、city、institution、feed 之一"),
    ("below: 8000", "below: 8000, above: 1", 4, "写一个"),
    ("below: 8000", "beyond: 8000", 4, "写一个"),
    ("above: 30000", "above: 3.5", 6, "不是整数"),
    ("days: 7", "days: 0", 6, "应大于 0"),
    ("sample: 20", "sample: many", 6, "不是整数"),
    ("severity: low", "severity: grave", 7, "high、medium、low"),
    ("owner: province,", "", 6, "缺少“owner”"),
)


@pytest.mark.parametrize(("was", "becomes", "line", "reason"), BENT, ids=[bent[1] or bent[0] for bent in BENT])
def test_a_bent_rule_is_refused_with_file_line_and_reason(was, becomes, line, reason):
    assert TEXT.count(was) == 1
    with pytest.raises(content.BadRules) as refused:
        content.rules(TEXT.replace(was, becomes), file="a.yaml", known=queries.is_known)
    assert str(refused.value).startswith(f"预警规则 a.yaml 第 {line} 行：") and reason in str(refused.value)


RELEASED = {rule.code: rule for rule in queries.in_force(date(2026, 1, 1))}
LOW, SPIKE = content.rules(TEXT, file="a.yaml", known=queries.is_known)


def test_the_newest_rules_that_are_valid_on_the_day_are_in_force():
    old, new = (LOW,), (replace(LOW, valid_from=date(2026, 7, 1)),)
    days = (date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 1))
    assert [queries.in_force(day, (old, new)) for day in days] == [(), old, new]
    assert len(queries.in_force(date(2026, 1, 1))) >= 10


@pytest.mark.parametrize(
    ("rule", "seen", "broken"),
    [
        (LOW, Seen(7999, 10), True),
        (LOW, Seen(8000, 10), False),
        (LOW, Seen(7999, 9), False),  # too few say nothing
        (LOW, Seen(None, 10), False),
        (replace(LOW, side=Side.ABOVE), Seen(8001, 10), True),
        (SPIKE, Seen(31, 31, (10, 0, 10, 12, 10)), True),
        (SPIKE, Seen(30, 30, (10, 0, 10, 12, 10)), False),
        (SPIKE, Seen(31, 31, (10, 10, 10)), False),  # three weeks make nothing usual
        (SPIKE, Seen(31, 31, (0, 0, 0, 0, 99)), False),  # and of nothing there is no multiple
        (RELEASED["W14"], Seen(8999, 5), True),
        (RELEASED["W14"], Seen(9000, 5), False),
        (RELEASED["W14"], Seen(0, 4), False),
        (RELEASED["W15"], Seen(7, 7, (2, 0, 2, 9, 2, 2)), True),
        (RELEASED["W15"], Seen(6, 6, (2, 0, 2, 9, 2, 2)), False),
        (RELEASED["W15"], Seen(4, 4, (1, 0, 1, 9, 1, 1)), False),
    ],
)
def test_what_breaks_a_rule(rule, seen, broken):
    """Seen red with the sample left out, and with the mean taken for the median."""
    assert is_broken(rule, seen) is broken


def test_it_is_told_in_words():
    assert (
        text_of(LOW, Seen(6100, 25), Unit.BP, "受理及时率", "近 30 天")
        == "受理及时率 61.00%，低于 80.00%（近 30 天，样本 25）"
    )
    spike = text_of(SPIKE, Seen(35, 35, (10, 10, 10, 10)), Unit.APPLICATION, "申请笔数", "近 7 天")
    assert spike == "申请笔数 35 笔，高于此前 8 期中位数的 3 倍，即 30 笔（近 7 天，样本 35）"
