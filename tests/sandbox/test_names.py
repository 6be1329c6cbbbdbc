import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from stdnum.iso7064 import mod_11_10 as iso7064_mod_11_10

from jinfuyun.kit import identity, uscc
from jinfuyun.kit.identity import IdType
from jinfuyun.sandbox import names

REGISTRY = Path(__file__).parents[3] / "shared/data/registry/fujian_20000.csv.gz"


@pytest.mark.skipif(not REGISTRY.exists(), reason="skipped: no real data")
def test_no_real_enterprise_bears_an_invented_trade_name():
    with gzip.open(REGISTRY, "rt", encoding="utf-8") as lines:
        real = [row["企业名称"] for row in csv.DictReader(lines)]
    assert len(real) == 20_000
    assert [name for name in real if names.is_invented(name)] == []


def test_every_trade_name_is_of_the_pattern_and_different():
    drawn = names.trade_names(1, np.arange(15_000)).tolist()
    assert len(set(drawn)) == 15_000
    assert all(names.is_invented(name) for name in drawn)


def test_trade_names_can_be_written_in_the_encodings_departments_use():
    (names.FIRST + names.SECOND + names.BIRDS + names.SURNAMES + names.GIVEN).encode("gb2312")


def test_codes_are_valid_and_of_a_range_never_issued():
    numbers = np.array([0, 7, 999_999, 4_000_000, names.BRANCHES_FROM, names.OUTSIDERS_FROM + 4_999])
    for nature in uscc.Nature:
        heads, county = np.full(len(numbers), names.head_of(nature)), np.full(len(numbers), "350102")
        codes = names.uscc_of(heads.astype(object), county.astype(object), numbers)
        assert len(set(codes)) == len(numbers)
        for code in codes:
            assert uscc.is_uscc(code)
            assert code[8:10] == "XF"


def test_the_inner_digit_of_a_code_is_that_of_gb_11714():
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    for code in names.organisation_codes(np.arange(0, 29_000_000, 999_983)):
        total = sum(int(letter, 36) * weight for letter, weight in zip(code[:8], weights, strict=True))
        assert (total + (10 if code[8] == "X" else int(code[8]))) % 11 == 0


def test_old_registration_numbers_have_fifteen_digits_that_check():
    for number in names.registration_numbers(np.full(300, "350102", dtype=object), np.arange(300) * 37):
        assert len(number) == 15
        assert iso7064_mod_11_10.is_valid(number)


def test_people_have_valid_documents_of_every_kind_and_phones():
    crowd = names.persons(np.random.default_rng(3), np.full(400, "350100", dtype=object), np.arange(400))
    assert set(crowd.id_type) >= {
        IdType.RESIDENT,
        IdType.HK_MACAO_PERMIT,
        IdType.TAIWAN_PERMIT,
        IdType.PASSPORT,
        IdType.FOREIGN_RESIDENCE,
    }
    for kind, number, phone in zip(crowd.id_type, crowd.id_number, crowd.phone, strict=True):
        assert identity.why_not_id(kind, number) == []
        assert identity.normalise_phone(phone) == phone
    assert len(set(crowd.phone)) == 400
