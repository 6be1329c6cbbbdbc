"""Paper: a typst template and data in, a tagged PDF/A out.

Data travels as JSON in one system input and is never joined into a template, so what a person typed stays text: typst
parses markup only in the template. The same data at the same `at` gives the same bytes.
"""

import json
import logging
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import typst

from jinfuyun.storage.repertoire import characters_of, printable

if TYPE_CHECKING:
    from typst import PDFStandard  # the package names it for type checkers only

ROOT = Path(__file__).resolve().parent.parent  # templates stand beside their nouns and share storage/paper.typ
WEIGHTS = ("400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf")
# For the archive (ISO 19005-2) and for screen readers (ISO 14289-1) …
STANDARDS: "list[PDFStandard]" = ["a-2a", "ua-1"]
# … and where the compiler cannot bring the tags in order, for the archive alone: a signed paper must not wait for that.
ARCHIVE_ALONE: "list[PDFStandard]" = ["a-2b"]
PICTURE = ROOT / "storage" / "picture.typ"
PICTURE_PPI = 144.0  # 1,440 dots across
log = logging.getLogger(__name__)
SHANGHAI = timezone(timedelta(hours=8))


class Typesetter:
    """One compiler with its fonts and caches, kept for the life of the process; one document at a time."""

    def __init__(self, fonts: Path, *, root: Path = ROOT) -> None:
        files = [fonts / weight for weight in WEIGHTS]
        if missing := [str(file) for file in files if not file.is_file()]:
            raise FileNotFoundError(
                f"The fonts of the documents are missing (npm ci brings them): {', '.join(missing)}"
            )
        faces = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(file.parent) for file in files]
        )
        self._repertoire = frozenset.intersection(*map(characters_of, files))
        self._compiler = typst.Compiler(root=str(root), font_paths=faces, ignore_system_fonts=True)
        self._one_at_a_time = threading.Lock()  # the compiler refuses a second caller

    def pdf(self, template: Path, data: Mapping[str, object], *, at: datetime) -> bytes:
        """The template filled with JSON-able data. `at` is printed nowhere by itself: it dates the file's metadata."""
        inputs = {"data": json.dumps(self._shown(data), ensure_ascii=False)}
        try:
            return self._compiled(template, inputs, STANDARDS, at)
        except typst.TypstError as error:
            if not error.message.startswith("PDF/"):
                raise
            log.warning("%s is not fully accessible: %s", template.name, error.message)
            return self._compiled(template, inputs, ARCHIVE_ALONE, at)

    def png(self, svg: str, *, told: str, title: str = "", note: str = "") -> bytes:
        """A drawing as a picture that any program opens, wide enough to be put on a slide."""
        inputs = {"data": json.dumps({"svg": svg, "told": told, "title": title, "note": note}, ensure_ascii=False)}
        with self._one_at_a_time:
            made = self._compiler.compile(input=str(PICTURE), format="png", ppi=PICTURE_PPI, sys_inputs=inputs)
        if not isinstance(made, bytes):
            raise TypeError("The typesetter gave no picture.")
        return made

    def _compiled(self, template: Path, inputs: dict[str, str], standards: "list[PDFStandard]", at: datetime) -> bytes:
        with self._one_at_a_time:
            made = self._compiler.compile(
                input=str(template),
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=standards,
                timestamp=at.astimezone(SHANGHAI).replace(microsecond=0),  # a PDF date has whole seconds
            )
        if not isinstance(made, bytes):
            raise TypeError("The typesetter gave no document.")
        return made

    def _shown(self, value: object) -> object:
        if isinstance(value, str):
            return printable(value, self._repertoire)
        if isinstance(value, Mapping):
            return {key: self._shown(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._shown(inner) for inner in value]
        return value


@cache
def typesetter(fonts: Path) -> Typesetter:
    """The process's typesetter for this folder of fonts (…/@expo-google-fonts/noto-sans-sc)."""
    return Typesetter(fonts)
