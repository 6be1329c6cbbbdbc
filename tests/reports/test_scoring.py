"""The score as a report says it: with reasons, with what is unknown, and advice for the enterprise alone."""

from datetime import UTC, datetime

import pytest

from jinfuyun.data.score.card import Bin
from jinfuyun.data.score.marking import mark
from jinfuyun.data.score.registry import CARDS, UNITS
from jinfuyun.reports.charts.radar import radar
from jinfuyun.reports.content import ReportData, ScoreLines
from jinfuyun.reports.scoring import band, score_lines
from tests.data.score.test_by_hand import BY_HAND
from tests.reports import full
from tests.reports.test_paper import made, pages

AT = datetime(2020, 5, 22, tzinfo=UTC)


def lines(which: int, *, own_copy: bool = True, without: tuple[str, ...] = ()) -> ScoreLines:
    """Of the three enterprises that were scored by hand."""
    values = {row[0]: row[1 + 2 * which] for row in BY_HAND if row[0] not in without}
    return score_lines(mark(CARDS[0], values), UNITS, own_copy=own_copy)


@pytest.mark.parametrize(
    ("of", "unit", "words"),
    [
        (Bin(0, high=50_000_000), "fen", "不足 50 万元"),
        (Bin(0, low=50_000_000, high=200_000_000), "fen", "50 万元以上、不足 200 万元"),
        (Bin(0, low=5_000_000_000), "fen", "5,000 万元以上"),
        (Bin(0, high=1), "fen", "无"),
        (Bin(0, low=1, high=5_000_000), "fen", "有、不足 5 万元"),
        (Bin(0, high=-2000), "bp", "不足 -20.00%"),
        (Bin(0, high=1), "count", "0 个"),
        (Bin(0, low=1, high=2), "count", "1 个"),
        (Bin(0, low=1, high=3), "months", "1 至 2 个月"),
        (Bin(0, high=12), "months", "0 至 11 个月"),
        (Bin(0, low=50), "people", "50 人以上"),
        (Bin(0, among=("A", "B")), "grade", "A或B"),
    ],
)
def test_a_bin_is_said_as_people_say_it(of: Bin, unit: str, words: str) -> None:
    assert band(of, unit) == words


def test_reasons_name_figure_bin_and_cost_the_dearest_first() -> None:
    found = lines(2)
    assert found.reasons[0] == "在列的失信被执行人记录：1 个（1 个以上），比最高一档少 160 分"
    assert len(found.reasons) == 5
    assert (found.score, found.grade) == (300, "D")


def test_advice_says_the_next_better_bin_and_what_it_gains_and_is_the_enterprises_alone() -> None:
    assert "欠税余额改善到“有、不足 5 万元”，可增加 30 分。缴清欠税后，下一次税务数据到达即更新。" in lines(2).better
    assert lines(2, own_copy=False).better == ()


def test_what_is_unknown_is_named_and_marked_by_no_bin() -> None:
    found = lines(1)
    assert found.unknown == ("开票销售额同比", "客户留存率", "近3个月用电量比去年同期", "近12个月电费欠缴月数")
    assert [each.band for each in found.marks if each.label in found.unknown] == [""] * 4
    assert dict(found.dimensions)["用工用能"] is not None


def test_too_little_known_is_no_score_and_says_how_much_it_takes() -> None:
    found = lines(0, without=tuple(row[0] for row in BY_HAND[:12]))
    assert (found.score, found.grade, found.known, found.needs, found.of) == (None, None, 10, 11, 22)


def test_an_experts_card_never_says_that_it_was_calibrated() -> None:
    assert "尚未经违约样本校准" in lines(0).scale


def test_the_radar_leaves_out_what_is_unknown_and_tells_all_in_words() -> None:
    drawn = radar((("经营", 80), ("纳税", None), ("交易", 55), ("用工用能", 70), ("守信", 100)))
    assert "经营 80，纳税 未知，交易 55，用工用能 70，守信 100" in drawn
    assert drawn.count("<circle") == 4


def scored(which: int, **more: object) -> ReportData:
    return full.report(score=lines(which), **more)


def test_a_frozen_score_is_read_back_as_it_was() -> None:
    data = scored(1)
    assert ReportData.from_json(data.to_json()).score == data.score


def test_the_paper_has_score_reasons_and_every_point() -> None:
    words = "".join(pages(made(scored(2))))
    assert "在列的失信被执行人记录：1个（1个以上），比最高一档少160分" in words
    assert "尚未经违约样本校准" in words
    assert "欠税余额纳税8万元" in words


def test_of_each_corner_it_is_said_how_much_is_known() -> None:
    """Seen red in reading: the corner of conduct said 100 where one of six items was known."""
    told = lines(0, without=("penalties_serious", "abnormal_listed")).known_of
    conduct = [row for row in lines(0).marks if row.dimension == "守信"]
    assert f"守信 {len(conduct) - 2}/{len(conduct)}" in told
