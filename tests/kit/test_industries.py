import csv
from pathlib import Path

import pytest

from jinfuyun.kit import industries

STANDARD = Path(__file__).parents[3] / "shared/data/industry/gb4754_2017.csv"


def test_there_are_20_sections_and_97_divisions_each_in_a_section():
    assert [letter for letter, _ in industries.SECTIONS] == list("ABCDEFGHIJKLMNOPQRST")
    assert [division.code for division in industries.DIVISIONS] == [f"{n:02}" for n in range(1, 98)]
    assert all(industries.is_section(division.section) for division in industries.DIVISIONS)


@pytest.mark.skipif(not STANDARD.exists(), reason="skipped: no real data")
def test_the_table_equals_the_standard():
    with STANDARD.open(encoding="utf-8") as lines:
        rows = {row["code"]: row for row in csv.DictReader(lines) if row["level"] in ("门类", "大类")}
    ours = dict(industries.SECTIONS) | {division.code: division.name for division in industries.DIVISIONS}
    assert ours.keys() == rows.keys()
    for code, name in ours.items():
        assert name in (rows[code]["name"], rows[code]["name_variant_in_second_copy"])
    for division in industries.DIVISIONS:
        assert division.section == rows[division.code]["section"]


def test_names_and_sections_are_found_by_code():
    assert industries.name_of("E") == "建筑业"
    assert industries.name_of("27") == "医药制造业"
    assert industries.name_of("ZZ") == "ZZ"
    assert industries.section_of("2710") == "C"
    assert industries.section_of("99") is None
    assert len(industries.choices()) == 20


def test_a_form_offers_each_section_with_its_divisions_and_the_section_alone():
    groups = dict(industries.grouped_choices())
    assert list(groups) == [name for _, name in industries.SECTIONS]
    assert groups["房地产业"] == [("K", "房地产业（不细分）"), ("70", "房地产业")]
    assert sum(len(offered) for offered in groups.values()) == 20 + 97


@pytest.mark.parametrize(
    ("words", "edition", "code"),
    [
        ("27", 2017, "27"), ("2710", 2017, "27"), ("C2710", 2017, "27"), ("c27", 2017, "27"),
        (" 医药制造业 ", 2017, "27"),
        ("80", 2017, "80"), ("80", 2011, "81"), ("78", 2011, "78"), ("96", 2011, "97"), ("7910", 2011, "80"),
        ("58", 2017, "58"), ("58", 2011, None), ("仓储业", 2017, "59"), ("新闻和出版业", 2017, "86"),
        ("装卸搬运和运输代理业", 2017, None), ("98", 2017, None), ("00", 2017, None), ("", 2017, None),
        ("无", 2017, None),
    ],
)  # fmt: skip
def test_what_a_registry_means_is_found_in_todays_table(words, edition, code):
    found = industries.division_of(words, edition=edition)
    assert (found and found.code) == code
