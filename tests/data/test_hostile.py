"""Files that mean harm, or were harmed: a named refusal or quarantine with its reason, never a crash."""

import gzip
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.ingest.lines import Lines
from jinfuyun.data.ingest.refusal import FileRefused
from tests.data.codes import A, B
from tests.data.test_invoices import HEADER, sold

HOSTILE = Path(__file__).parents[3] / "shared" / "data" / "hostile"
CORPUS = sorted(path for path in HOSTILE.rglob("*") if path.is_file()) if HOSTILE.exists() else []
REGISTRATION = "统一社会信用代码,企业名称,注册日期\n"


@pytest.mark.skipif(not CORPUS, reason="skipped: no real data")
def test_every_hostile_file_is_refused_by_name(deliver):
    for path in CORPUS:
        delivery = deliver("registration", path)
        assert (delivery.state, delivery.accepted) == ("refused", 0), path
        assert delivery.reason, path


@pytest.mark.skipif(not CORPUS, reason="skipped: no real data")
def test_hostile_bodies_under_a_right_header_do_no_harm(deliver):
    for path in CORPUS:
        delivery = deliver("registration", REGISTRATION.encode() + path.read_bytes())
        assert delivery.accepted == 0, path
        assert delivery.state == "refused" or delivery.quarantined == delivery.delivered > 0, path


@pytest.mark.skipif(not CORPUS, reason="skipped: no real data")
@pytest.mark.parametrize("name", ["gb18030", "gbk", "gb2312"])
def test_the_encodings_of_python_s_own_suite_are_read_right(name):
    folder = HOSTILE / "cjk_encodings"
    header = "统一社会信用代码\n"
    for encoding, suffix in ((name, ""), ("utf-8", "-utf8")):
        body = header.encode(encoding) + (folder / f"{name}{suffix}.txt").read_bytes()
        lines = Lines(lambda body=body: iter([body]))
        text = [line for piece in lines.pieces() for line in piece.column("line").to_pylist()]
        expected = header + (folder / f"{name}-utf8.txt").read_text(encoding="utf-8")
        assert "\n".join(text) == expected.removesuffix("\n"), encoding


def test_a_field_of_a_hundred_megabytes_is_refused_in_passing(deliver, tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as out:
        out.write(f'{REGISTRATION}{B},好厂,2015-01-01\n{A},"'.encode())
        for _ in range(100):
            out.write(b"x" * (1 << 20))
        out.write(b'",2015-01-01\n')
    delivery = deliver("registration", path)
    assert (delivery.state, delivery.accepted) == ("refused", 0)
    assert "第 3 行第 2 列：内容超过 1 MB" in delivery.reason


def test_a_bomb_is_not_unpacked(deliver):
    delivery = deliver("registration", REGISTRATION + "0" * (300 << 20), packed=True)
    assert delivery.state == "refused"


def test_a_packed_file_cut_off_on_the_way_is_refused(deliver, tmp_path):
    whole = gzip.compress((REGISTRATION + f"{A},厂,2015-01-01\n" * 50_000).encode())
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    delivery = deliver("registration", path)
    assert (delivery.state, "截断" in delivery.reason) == ("refused", True)


@pytest.mark.parametrize(
    ("feed", "files"),
    [(feed, 3) for feed in sorted(FEEDS)]
    + [pytest.param(feed, 12, marks=[pytest.mark.deep, pytest.mark.timeout(1200)]) for feed in FEEDS],
)
def test_any_bytes_after_the_header_lose_no_row(deliver, feed, files):
    """Each is refused with a reason, or every line in it is counted."""
    chance = random.Random(feed)
    header = ",".join(column.label for column in FEEDS[feed].columns if column.needed) + "\n"
    alphabet = [
        b",",
        b'"',
        b"\n",
        b"\r",
        b"\0",
        b"=",
        b"1e400",
        "２".encode(),
        "厂".encode(),
        b"\xff",
        A.encode(),
        b"2019-02-30",
    ]
    for _ in range(files):
        body = b"".join(chance.choices(alphabet, k=chance.randrange(1, 60)))
        delivery = deliver(feed, header.encode() + body)
        assert delivery.accepted == 0
        assert delivery.reason if delivery.state == "refused" else delivery.delivered > 0


CELLS = st.sampled_from(
    ["T1", "T2", "T9", "", "1", "2019/12/30", "2019/2/30", "1e400", "-5", "5.5", "有效发票", "作废发票", "=1+1"]
)
ROWS = st.lists(st.lists(CELLS, min_size=7, max_size=9), min_size=1, max_size=30)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, good=st.integers(min_value=0, max_value=5))
def test_every_row_comes_out_once(deliver, authorise_once, rows, good):
    lines = [",".join(row) + "\n" for row in rows]
    lines += [sold("T1", number, "2019/12/30", "1") for number in range(good)]
    delivery = deliver("sales_invoices", HEADER + "".join(lines))
    kept = delivery.accepted + delivery.superseded
    assert delivery.delivered == len(lines) == kept + delivery.quarantined + delivery.unauthorised
    assert kept >= good


@pytest.fixture
def authorise_once(deliver, authorise):
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\nT2,{B}\n")
    authorise(A)


def test_the_refusal_of_a_stream_reaches_the_caller_as_itself():
    lines = Lines(lambda: iter([b"a\n1\n", b'2,"open\n', b"3\n"]))
    with pytest.raises(FileRefused, match="第 3 行第 2 列：引号没有闭合"):
        list(lines.pieces())
