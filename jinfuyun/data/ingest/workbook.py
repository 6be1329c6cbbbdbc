"""A workbook looked over before it is read: every XML part passes a parser that stops at whatever means harm.

The reader of workbooks is quick and trusting: it holds a sheet's whole rectangle, copies a shared text into every cell
that names it, and gives an error or a formula without a result as an empty cell. So the parts are copied through here
first, one by one, into an archive that holds what was looked at and nothing else (no macros, pictures, links).
"""

import io
import zipfile
from array import array
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from jinfuyun.data.ingest import packed
from jinfuyun.data.ingest.refusal import FileRefused

PARTS_MAX = 2_000
XML_BYTES_MAX = 384 << 20
CELLS_MAX = 1_500_000  # of the rectangle: beyond this CSV and Parquet, which stream, are the way
TEXT_LENGTH_MAX = 64 << 20  # of all cells, shared texts counted in each
CELL_LENGTH_MAX = 1 << 20
ROWS_MAX, COLUMNS_MAX = 1_048_576, 16_384
NUMBER_LENGTH_MAX = 9  # of a row, a format, a shared text
PERCENT_BUILT_IN = (9, 10)  # 0% and 0.00%
TOO_MUCH = f"工作表过大（超过 {CELLS_MAX // 10_000} 万个单元格），请改用 CSV 或 Parquet。"
DAMAGED = "工作簿已损坏，或在传送中被截断。"


@dataclass
class _Seen:
    """What was learned of the parts so far."""

    texts: "array[int]" = field(default_factory=lambda: array("I"))  # length of each shared text
    percent: frozenset[str] = frozenset()  # cell formats that show a hundredfold
    length: int = 0  # of the words of all cells
    sheets: int = 0  # with a cell in them


def looked_over(found: zipfile.ZipFile, *, size: int) -> io.BytesIO:
    """The archive of the parts; raises FileRefused. `size` is that of the file that arrived."""
    parts = [info for info in found.infolist() if info.filename.lower().endswith((".xml", ".rels"))]
    if len(parts) > PARTS_MAX or sum(info.file_size for info in parts) > XML_BYTES_MAX:
        raise FileRefused(TOO_MUCH)
    if len({info.filename.lower() for info in parts}) < len(parts):
        raise FileRefused("工作簿里有同名的部件，不合规范。")
    seen, copy = _Seen(), io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for info in sorted(parts, key=_order):
            with out.open(info.filename, "w", force_zip64=False) as written:
                _look_over(found, info, written, seen, size=size)
    if seen.sheets > 1:
        raise FileRefused(f"工作簿里有 {seen.sheets} 张有内容的工作表，请只留一张（隐藏的也算）。")
    copy.seek(0)
    return copy


def _order(info: zipfile.ZipInfo) -> int:
    """Shared texts and formats before the sheets that name them."""
    name = info.filename.lower()
    return 0 if name.endswith(("sharedstrings.xml", "styles.xml")) else 1


def _look_over(found: zipfile.ZipFile, info: zipfile.ZipInfo, written: IO[bytes], seen: _Seen, *, size: int) -> None:
    part = _Part(seen)
    try:
        for block in packed.of_zip(found, info, size=max(size, XML_BYTES_MAX)):
            part.parser.Parse(block)
            written.write(block)
        part.parser.Parse(b"", True)
    except expat.ExpatError as damage:
        raise FileRefused(DAMAGED) from damage
    part.end()


class _Local(dict[str, str]):
    """Element names without their prefix, which is the writer's own choice."""

    def __missing__(self, name: str) -> str:
        local = self[name] = name.rpartition(":")[2]
        return local


class _Columns(dict[str, int]):
    """A → 1 … XFD → 16384; 0 for what names no column."""

    def __missing__(self, letters: str) -> int:
        column = 0
        if len(letters) <= 3 and letters.isascii() and letters.isalpha() and letters.isupper():
            for letter in letters:
                column = column * 26 + ord(letter) - 64
        self[letters] = column = column if column <= COLUMNS_MAX else 0
        return column


def _number(words: str | None, otherwise: int) -> int:
    return int(words) if words and len(words) <= NUMBER_LENGTH_MAX and words.isdecimal() else otherwise


class _Part:
    """One part on its way through the parser. The events are few, because a sheet has millions of them."""

    def __init__(self, seen: _Seen) -> None:
        self.seen = seen
        self.local, self.letters = _Local(), _Columns()
        self.root = ""
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.buffer_size = 1 << 16
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._root
        self.row = self.column = self.last_row = self.last_column = self.cells = 0
        self.kind, self.words, self.style = "", "", "0"
        self.formula = self.in_value = False
        self.text = -1  # length of the shared text being read; none yet
        self.formats: list[int] = []
        self.percent_formats = set(PERCENT_BUILT_IN)
        self.in_cell_formats = False

    def _doctype(self, *declared: object) -> None:
        raise FileRefused("工作簿的 XML 里有 DOCTYPE 声明（实体展开或外部实体攻击），不予读取。")

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        """The first element says which kind of part it is; of most nothing more is asked."""
        self.root = self.local[name]
        self.parser.StartElementHandler = None
        if self.root == "worksheet":
            self.parser.StartElementHandler = self._in_sheet
            self.parser.CharacterDataHandler = self._words_in_sheet
        elif self.root == "sst":
            self.parser.StartElementHandler = self._in_texts
            self.parser.CharacterDataHandler = self._words_in_texts
        elif self.root == "styleSheet":
            self.parser.StartElementHandler = self._in_styles

    def end(self) -> None:
        if self.root == "worksheet":
            self._end_of_cell()
            self.seen.sheets += self.cells > 0
        elif self.text >= 0:
            self.seen.texts.append(self.text)
        elif self.root == "styleSheet":
            percent = (str(place) for place, number in enumerate(self.formats) if number in self.percent_formats)
            self.seen.percent = frozenset(percent)

    # --- shared texts and formats ---

    def _in_texts(self, name: str, attributes: dict[str, str]) -> None:
        if self.local[name] == "si":
            if self.text >= 0:
                self.seen.texts.append(self.text)
            self.text = 0

    def _words_in_texts(self, words: str) -> None:
        self.text += len(words)
        if self.text > CELL_LENGTH_MAX:
            raise FileRefused(f"一个单元格的内容超过 {CELL_LENGTH_MAX >> 20} MB。")

    def _in_styles(self, name: str, attributes: dict[str, str]) -> None:
        local = self.local[name]
        if local == "numFmt" and "%" in attributes.get("formatCode", ""):
            self.percent_formats.add(_number(attributes.get("numFmtId"), -1))
        elif local in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            self.in_cell_formats = local == "cellXfs"
        elif local == "xf" and self.in_cell_formats:
            self.formats.append(_number(attributes.get("numFmtId"), 0))

    # --- the sheet ---

    def _in_sheet(self, name: str, attributes: dict[str, str]) -> None:
        local = self.local[name]
        if local == "c":
            self._end_of_cell()
            self._cell(attributes)
            self.in_value = False
        elif local in ("v", "t"):
            self.in_value = True
        elif local == "f":
            self.formula, self.in_value = True, False
        elif local == "row":
            self._end_of_cell()
            self.row = _number(attributes.get("r"), self.row + 1)
            self.column = 0

    def _cell(self, attributes: dict[str, str]) -> None:
        self.cells += 1
        place = attributes.get("r")
        if place is None:
            self.column += 1
        else:
            letters = place.rstrip("0123456789")
            self.column, self.row = self.letters[letters], _number(place[len(letters) :], 0)
        if not (0 < self.row <= ROWS_MAX and 0 < self.column <= COLUMNS_MAX):
            raise FileRefused("单元格的位置不合规范。", row=self.row, column=self.column)
        if self.row > self.last_row:
            self.last_row = self.row
        if self.column > self.last_column:
            self.last_column = self.column
        # Rows and columns before the first cell are read as empty ones.
        if self.cells > CELLS_MAX or self.last_row * self.last_column > CELLS_MAX:
            raise FileRefused(TOO_MUCH, row=self.row, column=self.column)
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")

    def _words_in_sheet(self, words: str) -> None:
        if self.in_value:
            self.words += words
            if len(self.words) > CELL_LENGTH_MAX:
                raise FileRefused(f"内容超过 {CELL_LENGTH_MAX >> 20} MB。", row=self.row, column=self.column)

    def _end_of_cell(self) -> None:
        words = self.words.strip()
        if self.kind == "e":
            raise FileRefused(f"单元格是错误值 {words[:20]}。", row=self.row, column=self.column)
        if self.formula and not words and self.kind != "str":  # a formula may well give the empty text
            reason = "公式没有计算结果，请在电子表格软件里重新计算并保存后再提交。"
            raise FileRefused(reason, row=self.row, column=self.column)
        if words and self.kind:
            self._count(words)
        self.kind, self.words, self.formula = "", "", False

    def _count(self, words: str) -> None:
        if self.kind == "s":
            number = _number(words, -1)
            if not 0 <= number < len(self.seen.texts):
                raise FileRefused("单元格指向不存在的文字，工作簿已损坏。", row=self.row, column=self.column)
            self.seen.length += self.seen.texts[number]
        elif self.kind == "n":
            if self.style in self.seen.percent:
                reason = "单元格是百分比格式，显示的数与所存的数相差一百倍，请改为常规格式。"
                raise FileRefused(reason, row=self.row, column=self.column)
        else:
            self.seen.length += len(words)
        if self.seen.length > TEXT_LENGTH_MAX:
            raise FileRefused(TOO_MUCH, row=self.row, column=self.column)
