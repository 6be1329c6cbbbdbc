import pytest

from jinfuyun.kit import money


@pytest.mark.parametrize(
    ("words", "fen"),
    [("0", 0), ("1,234.5", 123450), ("-0.01", -1), (" 12 ", 1200), ("9999999999999.99", 999999999999999)],
)
def test_words_become_fen(words, fen):
    assert money.fen_from_yuan(words) == fen


@pytest.mark.parametrize(
    "words", ["", "1.005", "1e400", "１２", "nan", "inf", "12,34", "1 000", "--1", "0x10", "12345678901234"]
)
def test_words_that_are_no_amount_are_refused(words):
    with pytest.raises(ValueError, match="金额"):
        money.fen_from_yuan(words)


def test_fen_become_words():
    assert money.yuan(123450) == "1,234.50"
    assert money.yuan(-5) == "-0.05"
    assert money.wan(300_0000_00) == "300"
    assert money.wan(123_456_789) == "123.46"
    assert [money.amount(fen) for fen in (0, 21_250, -4_000, 999_999, 1_000_000, 12_345_678)] == [
        "0 万元", "212.5 元", "-40 元", "9,999.99 元", "1 万元", "12.35 万元"
    ]  # fmt: skip
    assert money.yi(12_345_678_901) == "1.23"
    assert money.percent(350) == "3.50%"
