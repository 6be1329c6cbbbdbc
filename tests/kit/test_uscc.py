import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinfuyun.kit import uscc
from jinfuyun.kit.uscc import ALPHABET, Nature

REGISTRY = Path(__file__).parents[3] / "shared/data/registry/fujian_20000.csv.gz"
BODIES = st.builds(
    lambda head, region, body: head + region + body,
    st.sampled_from(["91", "92", "93", "N2", "52"]),
    st.from_regex("35[0-9]{4}", fullmatch=True),
    st.text(ALPHABET, min_size=9, max_size=9),
)


@given(BODIES)
def test_a_code_with_its_own_check_digit_is_valid_whatever_the_inner_digit(body):
    assert uscc.is_uscc(body + uscc.check_digit(body))


@given(BODIES, st.sampled_from(ALPHABET))
def test_any_other_last_character_is_refused(body, last):
    assert uscc.is_uscc(body + last) == (last == uscc.check_digit(body))


@given(BODIES, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_always_noticed(body, place, typed):
    code = body + uscc.check_digit(body)
    mistyped = code[:place] + typed + code[place + 1 :]
    assert uscc.is_uscc(mistyped) == (mistyped == code)


@pytest.mark.skipif(not REGISTRY.exists(), reason="skipped: no real data")
def test_every_one_of_20000_really_issued_codes_is_valid():
    with gzip.open(REGISTRY, "rt", encoding="utf-8") as lines:
        codes = [row["统一社会信用代码"] for row in csv.DictReader(lines)]
    assert len(codes) == 20_000
    assert [code for code in codes if not uscc.is_uscc(code)] == []


def test_a_code_typed_with_full_width_blanks_dashes_and_small_letters_has_one_form():
    assert uscc.normalise(" ９１３５01-00 60003734１l　") == "91350100600037341L"


@pytest.mark.parametrize("code", ["", "9135", "91350100600037341", "91350100600037341IL", "9" * 500])
def test_a_wrong_length_is_named(code):
    assert uscc.why_not_uscc(code) == ["统一社会信用代码应为18位。"]


@pytest.mark.parametrize(
    "code", ["91350100600037341I", "91A50100600037341L", "91350100６00037341L", "91350100600037341\n"]
)
def test_letters_that_the_standard_leaves_out_are_refused(code):
    assert uscc.why_not_uscc(code)


@pytest.mark.parametrize(
    "number",
    [
        "350100600037341",  # 15: county and organisation code
        "35010019800101001",  # 17: old citizen id and running number
        "35010219800101001X01",  # 20: citizen id and running number
    ],
)
def test_the_older_taxpayer_numbers_are_known(number):
    assert uscc.is_tax_number(number)


def test_an_18_character_taxpayer_number_is_a_uscc_or_a_citizen_number_with_a_right_check_digit():
    body = "92350102MA2XY0000"
    good = body + uscc.check_digit(body)
    assert uscc.is_tax_number(good)
    assert uscc.is_tax_number("360426199101010071")
    assert not uscc.is_tax_number("360426199101010072")
    assert not uscc.is_tax_number(body + ("A" if good[-1] != "A" else "B"))


@pytest.mark.parametrize("number", ["", "1" * 14, "1" * 16, "1" * 19, "1" * 21, "A" * 15, "中" * 15, "1" * 10_000])
def test_other_lengths_and_shapes_are_refused_with_a_reason(number):
    assert uscc.why_not_tax_number(number)


def test_the_first_two_characters_tell_the_kind_of_subject():
    kinds = [uscc.nature_of(head + "350100") for head in ("91", "92", "93", "52")]
    assert kinds == [Nature.ENTERPRISE, Nature.INDIVIDUAL, Nature.COOPERATIVE, Nature.OTHER]
