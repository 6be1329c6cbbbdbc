"""The letter says the manual's words, shows the same text on page and paper, and its hash follows every word of it."""

import io
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from jinfuyun.config import places
from jinfuyun.consents import letter
from jinfuyun.consents.letter import LetterData, Operator, TermKind, Utility, letter_text, render_letter, text_hash
from jinfuyun.kit.grant import Category, Purpose
from jinfuyun.kit.identity import IdType
from jinfuyun.storage import signing
from jinfuyun.storage.document_keys import ensure_pair
from jinfuyun.storage.typesetting import typesetter

FONTS = places.NODE_MODULES / "@expo-google-fonts" / "noto-sans-sc"
SUNDAY = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
LETTER = LetterData(
    enterprise="福州云杉沙箱机械有限公司",
    uscc="91350100MA2XXXXX0K",
    legal_representative="林沐远",
    id_type=IdType.RESIDENT,
    id_number="350102198803021234",
    contact="陈予安",
    contact_phone="13800000000",
    term_kind=TermKind.UNTIL_SETTLEMENT,
    start=date(2026, 11, 22),
    categories=frozenset({Category.REGISTRATION, Category.TAX, Category.INVOICES, Category.ELECTRICITY}),
    operator=Operator("闽海征信服务有限公司", "福州市鼓楼区某路 1 号", "0591-0000-0000"),
    utilities=(
        Utility(Category.ELECTRICITY, "闽电（沙箱）", "3501000012345", verified=True),
        Utility(Category.WATER, "榕水（沙箱）", "88001234", verified=False),
    ),
    number="SQ20261122000123",
    signed_at=SUNDAY,
    verify_url="https://www.example.org/verify/SQ20261122000123",
)
CLAUSES = (
    "一、采集授权",
    "二、查询授权",
    "三、用途限制",
    "四、特别告知",
    "五、保存与安全",
    "六、暂停、撤回与终止",
    "七、异议与投诉",
    "八、自动化评价",
    "九、真实性与责任",
    "十、生效与争议",
)
MANUAL = (
    "自2026年11月22日（起始日期）起至本授权书授权事项下的贷款业务办理完毕并结清之日止。",
    "授权企业在签署本授权委托书前，已仔细阅读各条款，了解授权企业在授权委托书中的权利、义务，不可撤销的作出如下授权：",
    "授权福建省金融服务云平台（下称“金服云”平台）的运营主体",
    "采集本企业如下信息：",
)
CHANGES = (
    {"enterprise": "福州云杉沙箱机械厂"},
    {"id_number": "350102198803021235"},
    {"contact_phone": "13800000001"},
    {"term_kind": TermKind.FIXED, "end": date(2027, 11, 21)},
    {"start": date(2026, 11, 23)},
    {"cap": date(2029, 11, 21)},
    {"categories": LETTER.categories - {Category.TAX}},
    {"utilities": LETTER.utilities[:1]},
    {"purposes": (Purpose.PRE_LOAN,)},
    {"institutions": ("闽岭银行",)},
    {"recommend": True},
    {"personal_notice": True},
    {"operator": Operator("另一运营主体", "福州市", "0591-0000-0000")},
)


def words(data: LetterData) -> Iterator[str]:
    for section in letter_text(data):
        yield section.heading
        yield from section.paragraphs
        for label, value in section.pairs:
            yield from (label, value)
        yield from (choice.text for choice in (*section.radios, *section.boxes))
        for source in section.sources:
            yield from (source.label, source.department, source.look_back, source.account)


def made(data: LetterData) -> bytes:
    return render_letter(data, setter=typesetter(FONTS), at=SUNDAY)


def printed(pdf: bytes) -> str:
    """All text of the paper without blanks: lines break where they like."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def section(data: LetterData, key: str) -> letter.Section:
    return next(part for part in letter_text(data) if part.key == key)


def test_the_ten_clauses_stand_in_their_order_with_the_manuals_words() -> None:
    assert tuple(part.heading for part in letter_text(LETTER) if part.key.startswith("clause-")) == CLAUSES
    whole = "\n".join(words(LETTER))
    assert [sentence for sentence in MANUAL if sentence not in whole] == []
    assert letter.template()["title"] == "福建省金融服务云平台企业信息采集查询授权委托书"


def test_every_blank_of_the_template_is_filled_and_no_filling_is_unused() -> None:
    blanks = {
        name
        for clause in letter.template()["clauses"]
        for _, name, _, _ in string.Formatter().parse(clause["text"])
        if name
    }
    assert blanks == set(letter._words(LETTER))
    assert "{" not in "".join(words(LETTER))


def test_both_terms_are_shown_and_exactly_one_is_chosen() -> None:
    until, fixed = section(LETTER, "term").radios
    assert (until.chosen, fixed.chosen) == (True, False)
    assert "　　年　月　日（起始日期）至　　年　月　日（截止日期" in fixed.text
    until, fixed = section(replace(LETTER, term_kind=TermKind.FIXED, end=date(2027, 2, 28)), "term").radios
    assert (until.chosen, fixed.chosen) == (False, True)
    assert fixed.text == "自2026年11月22日（起始日期）至2027年2月28日（截止日期，含当日）。"


def test_the_operators_longest_term_is_printed_where_there_is_one() -> None:
    assert "最长期限" not in section(LETTER, "term").radios[0].text
    capped = section(replace(LETTER, cap=date(2029, 11, 21)), "term").radios[0]
    assert capped.text.endswith("结清之日止（本平台设定的最长期限至2029年11月21日）。")


def test_each_kind_of_data_has_its_department_and_reach_and_only_the_given_are_ticked() -> None:
    rows = {row.category: row for row in section(LETTER, "clause-1").sources}
    assert set(rows) == {category.value for category in Category}
    assert {category for category, row in rows.items() if row.chosen} == {c.value for c in LETTER.categories}
    assert all(row.department and row.look_back for row in rows.values())
    assert rows["electricity"].account == "闽电（沙箱） · 户号 3501000012345（核验一致）"
    assert rows["water"].account == "榕水（沙箱） · 户号 88001234（未核验通过，不采集）"
    assert not rows["water"].chosen


def test_who_may_query_is_named_or_said_to_be_still_open() -> None:
    assert "签署时尚未选定" in section(LETTER, "clause-2").paragraphs[0]
    named = section(replace(LETTER, institutions=("闽岭银行", "榕屿银行")), "clause-2").paragraphs[0]
    assert "（名单：闽岭银行、榕屿银行）" in named
    assert "签署时尚未选定" not in named


def test_a_foreign_document_is_called_by_its_name() -> None:
    foreign = replace(LETTER, id_type=IdType.PASSPORT, id_number="E12345678")
    assert ("法定代表人护照号码", "E12345678") in section(foreign, "parties").pairs
    assert ("法定代表人身份证号", LETTER.id_number) in section(LETTER, "parties").pairs


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_the_hash_follows_every_word_the_person_agrees_to(change: dict[str, object]) -> None:
    assert text_hash(replace(LETTER, **change)) != text_hash(LETTER)


def test_the_hash_read_before_signing_is_the_hash_signed() -> None:
    before = replace(LETTER, number="", signed_at=None, verify_url="")
    assert text_hash(before) == text_hash(LETTER)


def test_on_a_screen_the_numbers_are_masked() -> None:
    shown = "\n".join(words(letter.for_screen(LETTER)))
    assert LETTER.id_number not in shown
    assert LETTER.contact_phone not in shown
    assert "138****0000" in shown


def test_the_paper_holds_every_word_of_the_text() -> None:
    paper = printed(made(LETTER))
    assert [word for word in words(LETTER) if "".join(word.split()) not in paper] == []


def test_the_paper_names_its_number_version_signing_and_the_way_back() -> None:
    paper = printed(made(LETTER))
    for expected in (
        "编号SQ20261122000123",
        "模板版本" + letter.template()["version"],
        "2026年11月22日11:04:05",  # Shanghai's clock
        "短信验证码",
        letter.letter_check_code(LETTER).replace(" ", ""),
        LETTER.verify_url,
        text_hash(LETTER),
        "它不是授权企业的可靠电子签名",
    ):
        assert expected in paper


def test_an_unsigned_letter_says_so() -> None:
    assert "尚未签署" in printed(made(replace(LETTER, signed_at=None)))


@pytest.mark.parametrize(
    "name", ["#panic() 厂", "{operator} 厂", "*星* $x$ <lab> @ref", '"] + sys.inputs', "= 标题 \\ 行"]
)
def test_a_name_that_looks_like_markup_is_only_a_name(name: str) -> None:
    assert "".join(name.split()) in printed(made(replace(LETTER, enterprise=name, contact=name)))


def test_the_paper_is_divided_by_bookmarks_and_its_pictures_speak() -> None:
    reader = PdfReader(io.BytesIO(made(LETTER)))
    titles = [entry["/Title"] for entry in _flat(reader.outline)]
    assert [title for title in titles if title in CLAUSES] == list(CLAUSES)
    spoken = _alternative_texts(reader.root_object["/StructTreeRoot"].get_object())
    assert "平台电子印章：闽海征信服务有限公司 电子文件专用章" in spoken
    assert spoken.count("已选") == 1 + len(LETTER.categories) + 1
    assert f"核验二维码，内容为 {LETTER.verify_url}" in spoken


def test_the_signed_letter_is_valid_and_an_edited_one_is_not(tmp_path: Path) -> None:
    keys = tmp_path / "documents"
    ensure_pair(keys, operator="闽海征信服务有限公司", at=SUNDAY)
    signed = signing.sign(made(LETTER), keys=keys, reason="采集查询授权委托书 " + LETTER.number, at=SUNDAY)
    assert signing.check(signed, keys=keys).valid
    middle = len(signed) // 3
    edited = signed[:middle] + bytes([signed[middle] ^ 1]) + signed[middle + 1 :]
    assert not signing.check(edited, keys=keys).valid


def _flat(outline: list[object]) -> Iterator[dict[str, str]]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _flat(entry)
        else:
            assert isinstance(entry, dict)
            yield entry


def _alternative_texts(node: object) -> list[str]:
    found, rest = [], [node]
    while rest:
        item = rest.pop()
        item = item.get_object() if hasattr(item, "get_object") else item
        if isinstance(item, list):
            rest += item
        elif isinstance(item, dict):
            if "/Alt" in item:
                found.append(str(item["/Alt"]))
            if "/K" in item:
                rest.append(item["/K"])
    return found
