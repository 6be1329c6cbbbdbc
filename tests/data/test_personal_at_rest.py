"""Consented feeds bring persons along: in columns nobody asked for, in place of a code, in rows that are wrong. None of
them lies in the lake in the clear: not in Parquet (read as a reader would: compressed bytes show nothing), not in logs
and manifests, not in what has landed and was not destroyed because the process died.

Seen red: with landing not sealed, with what is made of a file that is no CSV not sealed, with the cipher of sealed
files left out, with the raw line of quarantine not sealed, and with the key itself kept of rows nobody authorised.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jinfuyun.data.ingest.landing import Landed
from jinfuyun.data.lake.tables import Lake
from tests.cast import id_number_of
from tests.data.codes import A, B
from tests.data.workbooks import workbook

PHONE, OTHERS_PHONE, NAME, OTHERS_NAME = "13977000123", "13977000456", "甘棠溪边", "苏堤柳下"
ID, OTHERS_ID = id_number_of(17), id_number_of(18)
PERSONAL = (PHONE, OTHERS_PHONE, NAME, OTHERS_NAME, ID, OTHERS_ID)
OPEN = "UNIT-OF-A"  # what is kept of a good row, and so must be found
HEAD_BYTES = 48  # of a file that is packed no word can be found, but its beginning can
STAFF = ("统一社会信用代码", "户名", "序号", "单位编号", "费款所属期", "险种类型", "缴费人数", "应缴金额", "实缴金额")
ROWS = (
    (A, NAME, PHONE, OPEN, "2019-12", "110", "3", "100", "100"),
    (A, NAME, PHONE, ID, "2019-12", "110", "三人", "100", "100"),  # a number that is none: held back
    (B, OTHERS_NAME, OTHERS_PHONE, OTHERS_ID, "2019-12", "110", "3", "100", "100"),  # authorised nobody
    (OTHERS_ID, OTHERS_NAME, OTHERS_PHONE, "", "2019-12", "110", "1", "100", "100"),  # a person in place of a code
    ("", OTHERS_NAME, OTHERS_PHONE, "", "2019-12", "110", "1", "100", "100"),  # names nobody
)


def as_csv() -> bytes:
    return "".join(",".join(row) + "\n" for row in (STAFF, *ROWS)).encode()


def as_json_lines() -> bytes:
    return "".join(json.dumps(dict(zip(STAFF, row, strict=True))) + "\n" for row in ROWS).encode()


def contents(file: Path) -> Iterator[bytes]:
    """The bytes; of Parquet also every cell and the footer."""
    yield file.read_bytes()
    if file.suffix == ".parquet":
        read = pq.ParquetFile(file)
        yield str(read.metadata.metadata).encode()
        for column in read.read().columns:
            yield "\n".join(map(str, column.to_pylist())).encode()
            yield b"\n".join(cell for cell in column.to_pylist() if isinstance(cell, bytes))


def leaks(folder: Path) -> dict[str, list[str]]:
    """Which of the persons' words stand in which file, as text or escaped as JSON does."""
    found: dict[str, list[str]] = {}
    for file in (path for path in folder.rglob("*") if path.is_file()):
        whole = b"\n".join(contents(file))
        said = [one for one in PERSONAL if one.encode() in whole or json.dumps(one)[1:-1].encode() in whole]
        if said or OPEN.encode() in whole:
            found[str(file.relative_to(folder))] = said
    return found


@pytest.mark.parametrize("content", [as_csv(), as_json_lines(), workbook([STAFF, *ROWS])], ids=["csv", "json", "xlsx"])
def test_of_a_consented_feed_no_person_lies_in_the_lake(
    content: bytes, deliver: Any, authorise: Any, plane: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake: Lake = plane.lake
    deliver("registration", f"统一社会信用代码,企业名称,注册日期\n{A},甲厂,2015-01-01\n{B},乙厂,2015-01-01\n")
    authorise(A, category="social_insurance")
    at_work = tmp_path / "at work"
    monkeypatch.setattr(
        Landed, "destroy", lambda landed: shutil.copytree(lake.root, at_work)
    )  # what a kill would leave
    delivery = deliver("social_insurance", content)
    assert (delivery.delivered, delivery.accepted, delivery.quarantined, delivery.unauthorised) == (5, 1, 2, 2)
    landed = [path.read_bytes() for path in (at_work / "landing" / "sealed").iterdir()]
    assert len(landed) == (1 if content == as_csv() else 2)  # what is no CSV is made one
    assert not any(content[:HEAD_BYTES] in one or OPEN.encode() in one for one in landed)
    for folder in (at_work, lake.root):
        found = leaks(folder)
        assert {file: said for file, said in found.items() if said} == {}
    assert any(file.endswith(".parquet") for file in found), (
        "what is kept was not found either: the search sees nothing"
    )


@pytest.mark.parametrize("suffix", [".parquet", ".json"])
def test_the_search_itself_finds_what_is_there(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"planted{suffix}"
    if suffix == ".json":
        file.write_text(json.dumps(PERSONAL))
    else:
        pq.write_table(pa.table({"said": [f"x{one}y" for one in PERSONAL]}), file, compression="zstd")
    assert leaks(tmp_path) == {file.name: list(PERSONAL)}
