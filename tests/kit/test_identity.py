import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinfuyun.kit import identity
from jinfuyun.kit.identity import IdType


def numbered(first_17: str) -> str:
    return first_17 + identity.citizen_check_digit(first_17)


@pytest.mark.parametrize(
    ("id_type", "number"),
    [
        (IdType.RESIDENT, numbered("35010219700101001")),  # born before 鼓楼区 had this code
        (IdType.RESIDENT, numbered("35018219880229002")),  # 长乐市, a county code since withdrawn
        (IdType.HK_MACAO_PERMIT, "H12345678"),
        (IdType.HK_MACAO_PERMIT, "M1234567801"),
        (IdType.TAIWAN_PERMIT, "12345678"),
        (IdType.TAIWAN_PERMIT, "1234567890A"),
        (IdType.HK_MACAO_RESIDENCE, numbered("81000019800101001")),
        (IdType.HK_MACAO_RESIDENCE, numbered("82000019800101001")),
        (IdType.TAIWAN_RESIDENCE, numbered("83000019800101001")),
        (IdType.PASSPORT, "E12345678"),
        (IdType.PASSPORT, "EA1234567"),
        (IdType.FOREIGN_RESIDENCE, "USA110080010101"),
        (IdType.FOREIGN_RESIDENCE, numbered("91184019800101001")),
    ],
)
def test_a_document_of_each_kind_is_accepted(id_type, number):
    assert identity.why_not_id(id_type, number) == []


@pytest.mark.parametrize("id_type", list(IdType))
@pytest.mark.parametrize(
    "number", ["", "1", "X" * 18, "中国", "1" * 10_000, "=HYPERLINK()", "３５０１０２", "3501021970\n"]
)
def test_nonsense_is_refused_for_every_kind_with_a_reason(id_type, number):
    assert identity.why_not_id(id_type, number)


def test_a_residence_permit_is_no_citizen_card_and_the_other_way_round():
    permit, card = numbered("83000019800101001"), numbered("35010219800101001")
    assert not identity.is_id(IdType.RESIDENT, permit)
    assert not identity.is_id(IdType.TAIWAN_RESIDENCE, card)
    assert not identity.is_id(IdType.HK_MACAO_RESIDENCE, permit)


@pytest.mark.parametrize(
    "first_17", ["35010219900230001", "35010218991231001", "35010200000101001", "35019919900101001"]
)
def test_a_day_or_a_county_that_never_was_is_refused(first_17):
    assert not identity.is_id(IdType.RESIDENT, numbered(first_17))


@given(st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_mistyped_digit_of_a_citizen_number_is_always_noticed(place, typed):
    number = numbered("35010219800101001")
    mistyped = number[:place] + typed + number[place + 1 :]
    assert identity.is_id(IdType.RESIDENT, mistyped) == (mistyped == number)


def test_every_kind_has_its_label():
    assert set(identity.ID_TYPE_LABELS) == set(IdType)


def test_a_document_number_has_one_form():
    assert identity.normalise_id(" ３５０１０２ 19800101001x ") == "35010219800101001X"


@pytest.mark.parametrize(
    "written",
    [
        "13800000000",
        "138 0000 0000",
        "138-0000-0000",
        "+8613800000000",
        "+86 138 0000 0000",
        "+86-138-0000-0000",
        "008613800000000",
        "8613800000000",
        "１３８００００００００",
        "＋８６　１３８ ００００ ００００",
        "\u202d13800000000\u202c",
        "(+86)13800000000",
    ],
)
def test_a_phone_has_one_form_whatever_way_it_is_written(written):
    assert identity.normalise_phone(written) == "13800000000"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "1380000000",
        "138000000000",
        "12800000000",
        "+1 212 555 0100",
        "059187654321",
        "+85261234567",
        "138O0000000",
        "١٣٨٠٠٠٠٠٠٠٠",
        "1" * 9999,
    ],
)
def test_what_is_no_mainland_mobile_is_refused(written):
    assert identity.normalise_phone(written) is None


def test_phones_ids_and_names_are_shown_masked():
    assert identity.mask_phone("13812340000") == "138****0000"
    assert identity.mask_id("350102198001011234") == "350***********1234"
    assert identity.mask_id("E12345678") == "E******78"
    assert [identity.mask_name(name) for name in ("", "张", "张三", "欧阳娜娜")] == ["", "张*", "张*", "欧***"]


@given(st.text(max_size=30))
def test_masking_keeps_the_length_and_always_hides_something(text):
    for masked in (identity.mask_id(text), identity.mask_phone(text)):
        assert len(masked) == len(text)
        assert not text or "*" in masked
