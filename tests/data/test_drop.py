"""The drop folder: whole files are taken in once, whatever is cut off, and only as their manifest says."""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from jinfuyun.config import database, drop, keys
from jinfuyun.data import door
from tests.data.codes import A, B
from tests.data.conftest import AT
from tests.data.test_invoices import HEADER, sold
from tests.data.test_kill import PowerCut

REGISTRATION = "统一社会信用代码,企业名称,注册日期\n"
TWO = f"{REGISTRATION}{A},甲厂,2015-01-01\n{B},乙厂,2015-01-01\n"


@pytest.fixture
def root(plane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A drop folder, and this test's own door."""
    monkeypatch.setattr(door, "_doors", [])
    door.open_door(
        app_dsn=database.dsn("jinfuyun_app"), data_dsn=plane.data_dsn, lake=plane.lake.root,
        departments_url="http://127.0.0.1:9", department_keys={}, ring=keys.field_keys(),
    )  # fmt: skip
    folder = tmp_path / "drop"
    drop.make_folders(folder)
    yield folder
    door.close_door()


def put(root: Path, feed: str, words: str, *, name: str = "f.csv", **said: Any) -> Path:
    """File and manifest, as a department writes them."""
    path, body = root / feed / name, words.encode()
    manifest = {"rows": words.count("\n") - 1, "sha256": hashlib.sha256(body).hexdigest()} | said
    for place, content in ((path, body), (path.with_name(name + drop.MANIFEST), json.dumps(manifest).encode())):
        part = place.with_name(place.name + drop.PART)
        part.write_bytes(content)
        part.rename(place)
    return path


def ledger() -> list[tuple[str, int]]:
    with psycopg.connect(database.dsn("jinfuyun_data")) as data:
        return data.execute("SELECT state, delivered FROM serving.delivery ORDER BY number").fetchall()


def result(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.with_name(path.name + drop.RESULT).read_text())
    return told


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_a_whole_file_is_taken_in_and_its_result_stands_beside_it(root, look):
    path = put(root, "registration", TWO)
    [answer] = drop.look(root, at=AT)
    assert result(path) == answer
    [one] = answer["deliveries"]
    assert (answer["ok"], one["state"], one["delivered"], one["file_name"]) == (True, "loaded", 2, "f.csv")
    assert len(look("registration.current", "uscc")) == 2
    assert names(root / "registration" / "done") == {"f.csv", "f.csv.manifest.json", "f.csv.result.json"}
    assert not path.exists()
    assert drop.look(root, at=AT) == []


@pytest.mark.parametrize("missing", ["f.csv", "f.csv.manifest.json"])
def test_half_is_waited_for(root, missing):
    put(root, "registration", TWO)
    (root / "registration" / missing).rename(root / "registration" / (missing + drop.PART))
    assert drop.look(root, at=AT) == []
    (root / "registration" / (missing + drop.PART)).rename(root / "registration" / missing)
    assert len(drop.look(root, at=AT)) == 1


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"rows": 3}, "文件与清单不符：行数清单 3，文件 2。"),
        ({"sha256": "0" * 64}, "文件与清单不符：SHA-256 清单 000000000000…，文件 "),
        ({"sum": {"企业名称": 1}}, "清单里的“企业名称”不是数字列，不能合计。"),
        ({"sum": {"没有": 1}}, "清单里的“没有”不是“企业登记信息”的列。"),
        ({"rows": -1}, "清单里的行数或 SHA-256 写法不对。"),
        ({"rows": "2"}, "清单应当形如"),
        ({"more": 1}, "清单应当形如"),
    ],
)
def test_a_file_that_is_otherwise_than_its_manifest_says_is_not_taken_in(root, look, said, reason):
    path = put(root, "registration", TWO, **said)
    [answer] = drop.look(root, at=AT)
    told = answer["error"] if not answer["deliveries"] else answer["deliveries"][0]["reason"]
    assert (answer["ok"], reason in told) == (False, True), told
    assert result(path) == answer
    assert look("registration.current", "uscc") == []
    assert names(root / "registration" / "refused") == {"f.csv", "f.csv.manifest.json", "f.csv.result.json"}
    put(root, "registration", TWO)  # put right and dropped again under the same name
    [answer] = drop.look(root, at=AT + timedelta(minutes=1))
    assert answer["ok"]
    assert len(look("registration.current", "uscc")) == 2


@pytest.mark.parametrize(("total", "ok"), [("30.50", True), (30.5, True), ("30.51", False), ("1e2", False)])
def test_sums_are_of_what_was_read_in_the_unit_of_the_file(root, deliver, authorise, look, total, ok):
    """Unauthorised and superseded rows count as well: the deliverer cannot know them."""
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\n")
    authorise(A)
    words = HEADER + sold("T1", 1, "2019/12/30", "10.25") + sold("T9", 2, "2019/12/30", "20.25")
    label = HEADER.split(",")[4]
    put(root, "sales_invoices", words, sum={label: total})
    [answer] = drop.look(root, at=AT)
    assert answer["ok"] is ok, answer
    if not ok:
        assert look("sales_invoices.current", "uscc") == []
    if total == "30.51":
        assert f"“{label}”合计清单 30.51，文件 30.5" in answer["deliveries"][0]["reason"]


def test_of_consented_feeds_no_bytes_are_kept(root, deliver, authorise):
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\n")
    authorise(A)
    put(root, "sales_invoices", HEADER + sold("T1", 1, "2019/12/30", "1"))
    [answer] = drop.look(root, at=AT)
    assert answer["ok"]
    folder = root / "sales_invoices"
    assert names(folder) == {"f.csv.manifest.json", "f.csv.result.json"}
    assert not [path for path in folder.rglob("*") if path.is_file() and b"T1" in path.read_bytes()]


CUTS = ("_delivered", "_write", "_put_away", "replace")


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("cut", CUTS)
def test_cut_anywhere_it_is_done_once(root, look, monkeypatch, cut, right):
    path = put(root, "registration", TWO, rows=2 if right else 5)
    owner = Path if cut == "replace" else drop
    cuts = 3 if cut == "replace" else 1  # each move by itself
    for nth in range(1, cuts + 1):
        really, calls = getattr(owner, cut), []

        def cut_off(*arguments, really=really, calls=calls, nth=nth, **rest):
            calls.append(really(*arguments, **rest))
            if len(calls) == nth:
                raise PowerCut
            return calls[-1]

        with monkeypatch.context() as patched, pytest.raises(PowerCut):
            patched.setattr(owner, cut, cut_off)
            drop.look(root, at=AT)
            raise PowerCut  # it was whole before the nth call
    drop.look(root, at=AT)
    assert drop.look(root, at=AT) == []
    assert len(look("registration.current", "uscc")) == (2 if right else 0)
    done = "done" if right else "refused"
    assert names(root / "registration" / done) == {"f.csv", "f.csv.manifest.json", "f.csv.result.json"}
    assert result(path)["ok"] is right
    if right or cut not in ("_delivered", "replace"):
        assert len(ledger()) == 1
    assert not path.exists()


def test_old_halves_are_reported_and_left_where_they_are(root):
    old = put(root, "registration", TWO)
    old.with_name(old.name + drop.MANIFEST).unlink()
    part = root / "taxpayers" / "x.csv.part"
    part.write_text("x")
    fresh = root / "taxpayers" / "y.csv.part"
    fresh.write_text("y")
    a_day_ago = (AT - timedelta(days=1, minutes=1)).timestamp()
    for path in (old, part):
        os.utime(path, (a_day_ago, a_day_ago))
    os.utime(fresh, (AT.timestamp(), AT.timestamp()))
    assert drop.leftovers(root, at=AT) == [old, part]
    assert old.exists()


def test_links_lead_nowhere(root, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(TWO)
    path = put(root, "registration", TWO)
    path.unlink()
    path.symlink_to(secret)
    assert drop.look(root, at=AT) == []
    path.unlink()
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "registration" / "done").symlink_to(outside)
    put(root, "registration", TWO)
    with pytest.raises(ValueError, match="out of the drop folder"):
        drop.look(root, at=AT)
    assert not [path for path in outside.rglob("*") if path.is_file()]


def test_two_watchers_do_not_meet(root):
    put(root, "registration", TWO)
    with drop._only_one_here(root), pytest.raises(drop.TooLate):
        drop.look(root, at=AT)
