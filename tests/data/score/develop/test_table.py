"""What is wrong with a table is said with file, column and row, before anything is fitted."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jinfuyun.data.score.develop.table import BadTable, read_table

HEADER = "sales,grade,bad\n"
ROWS = [f"{place},{'AB'[place % 2]},{int(place % 3 == 0)}" for place in range(60)]


def table(tmp_path: Path, text: str, name: str = "样本.csv", **asked):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_table(path, target="bad", **asked)


def changed(row: int, line: str) -> str:
    """`row` as counted in the file, where the header is row 1."""
    return HEADER + "\n".join([*ROWS[: row - 2], line, *ROWS[row - 1 :]]) + "\n"


def test_numbers_words_and_the_unknown_are_told_apart(tmp_path: Path) -> None:
    found = table(tmp_path, changed(3, ",NA,1"))
    assert found.columns["sales"].dtype == np.float64
    assert np.isnan(found.columns["sales"][1])
    assert list(found.columns["grade"][:3]) == ["A", None, "A"]
    assert list(found.bad[:4]) == [1, 1, 0, 1]


@pytest.mark.parametrize(("text", "said"), [
    ("", "样本.csv：文件是空的。"),
    (HEADER, "样本.csv：文件里没有数据。"),
    (HEADER + "\n".join(ROWS[:20]), "样本.csv：只有 20 行数据，至少要 50 行。"),
    ("sales,sales,bad\n" + "\n".join(ROWS), "样本.csv，列“sales”，第 1 行：列名出现了两次。"),
    ("sales,,bad\n" + "\n".join(ROWS), "样本.csv，第 1 行：第 2 列没有列名。"),
    ("sales,grade,default\n" + "\n".join(ROWS), "样本.csv，列“bad”：没有这一列；有的是 sales、grade、default。"),
    (changed(31, "很多,A,0"), "样本.csv，列“sales”，第 31 行：“很多”不是数字，而这一列是数字。"),
    (changed(31, "inf,A,0"), "样本.csv，列“sales”，第 31 行：“inf”不是数字，而这一列是数字。"),
    (changed(31, "1,A,也许"), "样本.csv，列“bad”，第 31 行：“也许”既不是违约（1、是）也不是正常（0、否）。"),
    (changed(31, "1,A,"), "样本.csv，列“bad”，第 31 行：“”既不是违约（1、是）也不是正常（0、否）。"),
    (changed(31, "1,A"), "样本.csv，第 31 行：有 2 格，表头有 3 格。"),
    (HEADER + "\n".join(f",A,{place % 2}" for place in range(60)), "样本.csv，列“sales”：整列都是未知。"),
    (HEADER + "\n".join(f"{place},A,0" for place in range(60)), "样本.csv，列“bad”：违约的只有 0 行，至少要 10 行。"),
    (HEADER + "\n".join(f"{place},A,1" for place in range(60)), "样本.csv，列“bad”：正常的只有 0 行，至少要 10 行。"),
    (HEADER + "\n".join(f"{place},E{place}号,{place % 2}" for place in range(150)),
     "样本.csv，列“grade”：有 150 种不同的文字，像是编号或名称；请用 --without 把它排除。"),
])  # fmt: skip
def test_a_bad_table_is_refused_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadTable) as refusal:
        table(tmp_path, text)
    assert str(refusal.value) == said


def test_a_column_that_is_not_there_cannot_be_looked_at_or_left_out(tmp_path: Path) -> None:
    for asked in ({"by": ["region"]}, {"without": ["region"]}):
        with pytest.raises(BadTable, match="列“region”：没有这一列"):
            table(tmp_path, HEADER + "\n".join(ROWS), **asked)


def test_what_is_looked_at_or_left_out_is_no_candidate(tmp_path: Path) -> None:
    found = table(tmp_path, HEADER + "\n".join(ROWS), by=["grade"])
    assert set(found.columns) == {"sales"}
    assert set(found.by["grade"]) == {"A", "B"}
    with pytest.raises(BadTable, match="没有可用的列"):
        table(tmp_path, HEADER + "\n".join(ROWS), without=["grade", "sales"])


def test_many_numbers_are_looked_at_in_four_bands(tmp_path: Path) -> None:
    found = table(tmp_path, HEADER + "\n".join(ROWS), by=["sales"])
    names, counts = np.unique(found.by["sales"].astype(str), return_counts=True)
    assert len(names) == 4
    assert list(counts) == [15, 15, 15, 15]


def test_parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    cells = [row.split(",") for row in ROWS]
    columns = {
        "sales": [float(row[0]) for row in cells],
        "grade": [row[1] for row in cells],
        "bad": [row[2] == "1" for row in cells],
    }
    pq.write_table(pa.table(columns), tmp_path / "样本.parquet")
    same = read_table(tmp_path / "样本.parquet", target="bad")
    text = table(tmp_path, HEADER + "\n".join(ROWS))
    assert list(same.bad) == list(text.bad)
    assert list(same.columns["sales"]) == list(text.columns["sales"])
    pq.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]), tmp_path / "样本.parquet")
    with pytest.raises(BadTable, match="列“a”，第 1 行：列名出现了两次"):
        read_table(tmp_path / "样本.parquet", target="bad")


@pytest.mark.parametrize(("name", "content", "said"), [
    ("样本.parquet", b"nothing", "不是有效的 Parquet 文件"),
    ("样本.csv", "企业,是否违约".encode("gbk"), "不是 UTF-8 编码"),
    ("样本.xlsx", b"PK", "只接受 .csv 或 .parquet 文件"), ("样本.csv", b'a,b\n"x', "不是有效的 CSV"),
])  # fmt: skip
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadTable, match=said):
        read_table(tmp_path / name, target="bad")
    with pytest.raises(BadTable, match="不能读取"):
        read_table(tmp_path / "nowhere.csv", target="bad")
