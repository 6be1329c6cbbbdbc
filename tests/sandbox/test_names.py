import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

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
    drawn = list(names.trade_names(np.random.default_rng(1), 15_000))
    assert len(set(drawn)) == 15_000
    assert all(names.is_invented(name) for name in drawn)


def test_trade_names_can_be_written_in_the_encodings_departments_use():
    (names.FIRST + names.SECOND + names.BIRDS + names.SURNAMES + names.GIVEN).encode("gb2312")


def test_codes_are_valid_and_of_a_range_never_issued():
    for number in (0, 7, 999_999):
        for nature in uscc.Nature:
            code = names.uscc_of(nature, "350102", number)
            assert uscc.is_uscc(code)
            assert code[8:10] == "XF"


def test_people_have_valid_documents_of_every_kind_and_phones():
    random = np.random.default_rng(3)
    crowd = [names.person(random, "350100", number) for number in range(400)]
    assert {person.id_type for person in crowd} >= {
        IdType.RESIDENT,
        IdType.HK_MACAO_PERMIT,
        IdType.TAIWAN_PERMIT,
        IdType.PASSPORT,
        IdType.FOREIGN_RESIDENCE,
    }
    for person in crowd:
        assert identity.why_not_id(person.id_type, person.id_number) == []
        assert identity.normalise_phone(person.phone) == person.phone
    assert len({person.phone for person in crowd}) == 400
