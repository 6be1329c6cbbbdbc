"""Files of an application: what is taken and how long it is kept, what one really is, whether a scanner objects."""

import io
import shlex
import socket
import struct
import subprocess
import zipfile
from datetime import date
from enum import StrEnum

from jinfuyun.applications.rules import ENDED, State
from jinfuyun.kit.calendar import ONE_DAY
from jinfuyun.kit.errors import Unreachable
from jinfuyun.kit.reasons import Reason


class FileKind(StrEnum):
    PDF = "pdf"
    JPG = "jpg"
    PNG = "png"
    DOCX = "docx"
    XLSX = "xlsx"


ENDINGS = {kind.value: kind for kind in FileKind} | {"jpeg": FileKind.JPG}


class Scan(StrEnum):
    """What is known of a kept file."""

    WAITING = "waiting"
    UNSCANNED = "unscanned"
    CLEAN = "clean"
    INFECTED = "infected"
    ERASED = "erased"


SCAN_LABELS = {
    Scan.WAITING: "正在查毒",
    Scan.UNSCANNED: "未查毒",
    Scan.CLEAN: "已查毒",
    Scan.INFECTED: "查出病毒，已删除",
    Scan.ERASED: "到期已删除",
}
FILE_BYTES_MAX = 20 << 20  # a scanned contract of fifty pages; longer ones come in parts
DOCUMENTS_MAX = 40
MATERIAL_LENGTH = (2, 40)
FILE_NAME_LENGTH_MAX = 120
# Papers of an application without a loan go after this; those of a loan stay while claims from it may be made.
KEEP_WITHOUT_LOAN_DAYS = 30
KEEP_WITH_LOAN_DAYS = 5 * 366

BEGINNINGS: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF-", FileKind.PDF),
    (b"\xff\xd8\xff", FileKind.JPG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
)
INSIDE: tuple[tuple[str, FileKind], ...] = (("word/document.xml", FileKind.DOCX), ("xl/workbook.xml", FileKind.XLSX))
MACROS = "vbaProject.bin"
SCAN_SECONDS_MAX = 60  # twenty megabytes are scanned in a few; a scanner that takes longer hangs
CLEAN, FOUND = 0, 1  # what clamscan and its like exit with; everything else is a failure
CHUNK = 1 << 16


def kind_of(content: bytes) -> FileKind | None:
    """The kind, or None for everything that is not taken: programs, archives, documents with macros."""
    for beginning, kind in BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if not content.startswith(b"PK"):
        return None
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return None
    if any(name.endswith(MACROS) for name in names):
        return None
    return next((kind for name, kind in INSIDE if name in names), None)


def is_clean(content: bytes, *, scanner: str) -> bool:
    """Ask the scanner: a command that reads the file from its input, or `unix:<socket>` of clamd.

    Raises Unreachable if it gives no answer that one may trust.
    """
    if scanner.startswith("unix:"):
        return _clamd(content, scanner.removeprefix("unix:"))
    try:
        done = subprocess.run(
            shlex.split(scanner), input=content, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=SCAN_SECONDS_MAX, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as broken:
        raise Unreachable(f"scanner: {type(broken).__name__}") from None
    if done.returncode not in (CLEAN, FOUND):
        raise Unreachable(f"scanner: exit {done.returncode}")
    return done.returncode == CLEAN


def _clamd(content: bytes, path: str) -> bool:
    """Clamd's INSTREAM: pieces with their length before them, an empty one at the end; it answers OK or FOUND."""
    try:
        with socket.socket(socket.AF_UNIX) as clamd:
            clamd.settimeout(SCAN_SECONDS_MAX)
            clamd.connect(path)
            clamd.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                piece = content[start : start + CHUNK]
                clamd.sendall(struct.pack("!L", len(piece)) + piece)
            clamd.sendall(struct.pack("!L", 0))
            said = clamd.recv(CHUNK).rstrip(b"\0\n")
    except OSError as broken:
        raise Unreachable(f"scanner: {type(broken).__name__}") from None
    if said.endswith(b"FOUND"):
        return False
    if said.endswith(b" OK"):
        return True
    raise Unreachable("scanner: no verdict")


def why_not_keep(material: str, file_name: str, size_bytes: int, kind: FileKind | None) -> list[Reason]:
    """What stands against keeping this file. `kind` is what its content says, whatever it is called."""
    reasons = []
    if not MATERIAL_LENGTH[0] <= len(material) <= MATERIAL_LENGTH[1]:
        reasons.append(Reason("material", f"请写明是什么材料（{MATERIAL_LENGTH[0]} 至 {MATERIAL_LENGTH[1]} 个字）。"))
    if len(file_name) > FILE_NAME_LENGTH_MAX:
        reasons.append(Reason("file", f"文件名不超过 {FILE_NAME_LENGTH_MAX} 个字。"))
    if size_bytes > FILE_BYTES_MAX:
        reasons.append(Reason("file", f"文件超过 {FILE_BYTES_MAX >> 20} MB，请压缩或拆分后再上传。"))
    elif kind is None:
        reasons.append(
            Reason("file", "只接受 PDF、JPG、PNG、Word（docx）和 Excel（xlsx），不接受程序、压缩包和带宏的文件。")
        )
    elif ENDINGS.get(file_name.rpartition(".")[2].lower()) is not kind:
        reasons.append(Reason("file", f"文件内容是 {kind.value.upper()}，与文件名不符，请核对后再上传。"))
    return reasons


def erase_on(state: str, ended_on: date) -> date | None:
    """When the papers of an application that ended then are erased; None while it is open."""
    if state not in ENDED:
        return None
    return ended_on + (KEEP_WITH_LOAN_DAYS if state == State.FUNDED else KEEP_WITHOUT_LOAN_DAYS) * ONE_DAY
