"""A card that cannot be right is refused with file, line and reason."""

import re
from datetime import date

import pytest

from jinfuyun.data.score import registry
from jinfuyun.data.score.reading import BadCard, card, read_card
from tests.data.score.cards import CARD

UNITS = {"sales_r12": "fen", "tax_grade": "grade"}

# What is replaced, by what, the line that is named, and a word of the reason.
BENT = (
    ("{from: 100, below: 1000, points: 10}", "{from: 90, below: 1000, points: 10}", 18, "重叠"),
    ("{from: 100, below: 1000, points: 10}", "{from: 110, below: 1000, points: 10}", 18, "空隙"),
    ("{from: 100, below: 1000, points: 10}", "{from: 100, below: 100, points: 10}", 18, "是空的"),
    ("{below: 100, points: -30}", "{from: 0, below: 100, points: -30}", 17, "第一个分箱"),
    ("{from: 1000, points: 120}", "{from: 1000, below: 2000, points: 120}", 19, "最后一个分箱"),
    ("points: -30", "points: many", 17, "不是整数"),
    ("points: -30", "points: 1.5", 17, "不是整数"),
    ("points: -30", "points: true", 17, "不是整数"),
    ("below: 100,", "below: .nan,", 17, "不是数字"),
    ("below: 100,", "below: .inf,", 17, "不是数字"),
    ("points: -30", "point: -30", 17, "缺少“points”"),
    ("indicator: sales_r12", "indicator: nonsense", 13, "没有名为“nonsense”的指标"),
    ("dimension: tax", "dimension: luck", 24, "没有名为“luck”的维度"),
    ("among: [D]", "among: [A]", 26, "“A”出现了两次"),
    ("{among: [D], points: -300}", "{below: 5, points: -300}", 26, "有的按数值"),
    ("among: [A, B]", "among: []", 26, "不为空的列表"),
    ("valid_from: 2026-01-01", "valid_from: 2026-13-01", 3, "不是有效的值"),
    ("valid_from: 2026-01-01", "valid_from: soon", 3, "不是日期"),
    ("grade: D, from: 300", "grade: D, from: 310", 11, "最低分 300"),
    ("grade: D, from: 300", "grade: D, from: 600", 11, "从高到低"),
    ("grade: D", "grade: A", 10, "“A”出现了两次"),
    ("to: 900", "to: 300", 7, "应大于 300"),
    ("coverage_min: 0.5", "coverage_min: 50", 8, "不能大于 1"),
    ("odds: 20", "odds: 0", 5, "应大于 0"),
    ("unknown: -5\n", "unknown:\n", 20, "不是有效的值"),
    ("unknown: -5", "unknown: few", 20, "不是整数"),
    ("start: 500\n", "", 1, "缺少“start”"),
    ("start: 500\n", "start: 500\nstart: 501\n", 1, "写了两次"),
    ("label: 小卡", "label: [小卡", 3, "不是有效的 YAML"),
)


@pytest.mark.parametrize(("was", "becomes", "line", "reason"), BENT, ids=[bent[1].strip() or bent[0] for bent in BENT])
def test_a_bent_card_is_refused_with_file_line_and_reason(was: str, becomes: str, line: int, reason: str) -> None:
    assert CARD.count(was) >= 1
    with pytest.raises(BadCard, match=re.escape("评分卡 small.yaml 第")) as refused:
        card(CARD.replace(was, becomes, 1), file="small.yaml", units=UNITS)
    assert reason in str(refused.value)
    assert f"第 {line} 行" in str(refused.value)


def test_a_characteristic_twice_is_refused() -> None:
    with pytest.raises(BadCard, match="“tax_grade”出现了两次"):
        card(CARD.replace("sales_r12", "tax_grade"), file="small.yaml")


def test_words_for_a_figure_are_refused() -> None:
    with pytest.raises(BadCard, match="与它不符"):
        card(CARD, file="small.yaml", units=UNITS | {"tax_grade": "count"})


def test_an_empty_file_is_no_card() -> None:
    with pytest.raises(BadCard, match="空的"):
        card("", file="small.yaml")


def test_a_card_over_other_columns_may_name_what_nobody_here_knows() -> None:
    assert card(CARD.replace("sales_r12", "duration"), file="small.yaml").characteristics[0].indicator == "duration"


def test_every_card_of_the_platform_is_good_and_unknown_is_never_its_worst() -> None:
    for path in registry.FOLDER.glob("*.yaml"):
        for each in read_card(path, registry.UNITS).characteristics:
            assert each.worst < each.unknown < each.best, each.indicator


def test_the_newest_card_that_is_valid_on_the_day_is_in_force() -> None:
    old, new = (card(CARD.replace("2026-01-01", day), file="small.yaml") for day in ("2025-01-01", "2026-01-01"))
    assert registry.in_force(date(2024, 12, 31), (old, new)) is None
    assert registry.in_force(date(2025, 12, 31), (old, new)) is old
    assert registry.in_force(date(2026, 1, 1), (old, new)) is new
