"""What a person typed stays text, the same data gives the same paper, and a rare character never stops a letter."""

import io
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typst
from pypdf import PdfReader

from jinfuyun.config import places
from jinfuyun.storage.typesetting import Typesetter

FONTS = places.NODE_MODULES / "@expo-google-fonts" / "noto-sans-sc"
SUNDAY = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
TEMPLATE = """
#let d = json(bytes(sys.inputs.data))
#set document(title: d.title)
#set text(font: "Noto Sans SC", lang: "zh", region: "cn")
#set page(width: 600pt)
= #d.title
#for line in d.lines [ #line \\ ]
"""
TYPST_IN_DISGUISE = (
    '#read("paper.typ")',
    "#sys.inputs.data",
    "*bold* _slanted_ `raw` $x^2$",
    "= heading",
    "] #panic() [",
    "@label <label> // gone",
    '"+sys.inputs.data+"',
    "\\u{41} \\ #let x = 1",
    "https://example.org/#anchor",
)


@pytest.fixture(scope="module")
def setter(tmp_path_factory: pytest.TempPathFactory) -> tuple[Typesetter, Path]:
    root = tmp_path_factory.mktemp("templates")
    (root / "note.typ").write_text(TEMPLATE)
    return Typesetter(FONTS, root=root), root / "note.typ"


def made(setter: tuple[Typesetter, Path], *lines: str) -> bytes:
    return setter[0].pdf(setter[1], {"title": "短笺", "lines": list(lines)}, at=SUNDAY)


def words_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("typed", TYPST_IN_DISGUISE)
def test_what_a_person_typed_is_printed_and_never_run(setter: tuple[Typesetter, Path], typed: str) -> None:
    assert typed.replace(" ", "") in words_of(made(setter, typed)).replace(" ", "")


def test_the_same_data_at_the_same_time_gives_the_same_bytes(setter: tuple[Typesetter, Path]) -> None:
    assert made(setter, "甲") == made(setter, "甲")
    assert made(setter, "甲") != made(setter, "乙")


def test_the_paper_is_tagged_archivable_and_dated_as_told(setter: tuple[Typesetter, Path]) -> None:
    reader = PdfReader(io.BytesIO(made(setter, "甲")))
    xmp = reader.root_object["/Metadata"].get_object().get_data().decode()
    assert reader.root_object["/MarkInfo"]["/Marked"] is True or reader.root_object["/MarkInfo"]["/Marked"].value
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert reader.metadata is not None
    assert reader.metadata.creation_date == SUNDAY
    assert reader.metadata.title == "短笺"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("张𠮷", "张〓(U+20BB7)"),  # a real name with a character of the second plane
        ("好😀", "好〓(U+1F600)"),
        ("a\u202eb", "a〓(U+202E)b"),  # turns the reading direction round: would hide what is written
        ("a\x00b", "a〓(U+0000)b"),
        ("a\ud800b", "a〓(U+D800)b"),
    ],
)
def test_a_character_without_a_glyph_is_printed_by_its_code(
    setter: tuple[Typesetter, Path], typed: str, printed: str
) -> None:
    assert printed in words_of(made(setter, typed)).replace(" ", "")


def test_many_threads_may_ask_at_once_and_each_gets_its_own_paper(setter: tuple[Typesetter, Path]) -> None:
    names = [f"企业{digit}" for digit in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"]
    papers: dict[str, bytes] = {}
    start = threading.Barrier(len(names))

    def ask(name: str) -> None:
        start.wait()
        papers[name] = made(setter, name)

    threads = [threading.Thread(target=ask, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: name in words_of(papers[name]) for name in names} == dict.fromkeys(names, True)


def test_tags_the_compiler_cannot_order_cost_the_accessibility_mark_but_not_the_paper(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "broken.typ").write_text(
        TEMPLATE + "#set page(foreground: place(top + left)[mark])\n" + "+ #d.lines.first()\n" * 90
    )
    pdf = Typesetter(FONTS, root=tmp_path).pdf(tmp_path / "broken.typ", {"title": "短笺", "lines": ["甲"]}, at=SUNDAY)
    xmp = PdfReader(io.BytesIO(pdf)).root_object["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "pdfuaid:part" not in xmp
    assert "broken.typ is not fully accessible" in caplog.text


def test_a_fault_of_the_template_itself_is_not_covered_up(tmp_path: Path) -> None:
    (tmp_path / "faulty.typ").write_text("#let d = json(bytes(sys.inputs.data))\n#d.absent")
    with pytest.raises(typst.TypstError, match="absent"):
        Typesetter(FONTS, root=tmp_path).pdf(tmp_path / "faulty.typ", {"title": "短笺"}, at=SUNDAY)


def test_missing_fonts_are_named_at_the_start_and_not_at_the_first_letter(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"NotoSansSC_400Regular\.ttf"):
        Typesetter(tmp_path)
