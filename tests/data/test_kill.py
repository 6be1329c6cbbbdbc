"""Killed at any point, delivered again: every row once, every figure right."""

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from jinfuyun.config import database
from jinfuyun.data import pipeline
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.ingest import load
from jinfuyun.data.lake.tables import Lake
from tests.data.codes import A, B
from tests.data.conftest import AT
from tests.data.test_invoices import HEADER, fact, sold

ROOT = Path(__file__).parents[2]


def files_and_oracle(folder: Path, count: int) -> tuple[list[Path], dict[str, tuple[int, str]]]:
    """Overlapping deliveries and the rows that must stand after all of them: number → (fen, state)."""
    chance = random.Random(7)
    paths, standing = [], {}
    for place in range(count):
        rows = []
        for number in chance.sample(range(60), 20):
            yuan, state = chance.randrange(1, 999), chance.choice(("有效发票", "作废发票"))
            rows.append(sold("T1", number, f"2019/{number % 12 + 1}/15", str(yuan), state))
            standing[str(number)] = (yuan * 100, "valid" if state == "有效发票" else "void")
        path = folder / f"{place:03d}.csv"
        path.write_text(HEADER + "".join(rows))
        paths.append(path)
    return paths, standing


def ledger() -> list[tuple[int, int]]:
    with psycopg.connect(database.dsn("jinfuyun_data")) as data:
        return data.execute(
            "SELECT delivered, accepted + superseded FROM serving.delivery WHERE feed = 'sales_invoices'"
        ).fetchall()


def check(look, files: list[Path], standing: dict[str, tuple[int, str]]) -> None:
    rows = look("sales_invoices.current", "invoice_number, net_fen, state")
    assert {number: (fen, state) for number, fen, state in rows} == standing
    assert len(rows) == len(standing)
    assert ledger() == [(20, 20)] * len(files)
    # The latest invoice is of 15 December 2019, so the last full month is 2019-11 and the twelve begin in 2018-12.
    sales = sum(fen for number, (fen, state) in standing.items() if state == "valid" and int(number) % 12 < 11)
    assert fact(A, "sales_r12")["value"] == sales


@pytest.mark.deep
@pytest.mark.timeout(1200)
def test_two_hundred_kills_change_nothing(deliver, authorise, plane, look, tmp_path):
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\n")
    authorise(A)
    files, standing = files_and_oracle(tmp_path, 40)
    command = [sys.executable, "-m", "tests.data.delivering", plane.data_dsn, str(plane.lake.root), *map(str, files)]
    chance = random.Random(11)
    for _ in range(200):
        child = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
        try:
            child.wait(timeout=chance.uniform(0.8, 3.0))  # the moment of the kill, nothing is waited for
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True)
    check(look, files, standing)


class PowerCut(BaseException):
    """Not to be caught by anybody."""


@pytest.mark.parametrize("step", ["land", "judged", "written", "settled", "committed", "published", "recorded"])
def test_a_cut_at_each_step_leaves_the_old_or_the_new(deliver, authorise, plane, look, monkeypatch, tmp_path, step):
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\n")
    authorise(A)
    files, standing = files_and_oracle(tmp_path, 3)
    cut_after = {
        "land": (pipeline.landing, "land"),
        "judged": (load, "judge"),
        "written": (Lake, "write"),
        "settled": (load, "settle"),
        "committed": (Lake, "commit"),
        "published": (Lake, "publish"),
        "recorded": (pipeline.Serving, "record"),
    }
    for path in files:
        with monkeypatch.context() as patched:
            owner, name = cut_after[step]
            real = getattr(owner, name)

            def cut(*args, real=real, **rest):
                real(*args, **rest)
                raise PowerCut

            patched.setattr(owner, name, cut)
            with pytest.raises(PowerCut):
                deliver("sales_invoices", path)
        deliver("sales_invoices", path)
    check(look, files, standing)


def test_two_that_deliver_at_once_wait_for_each_other(deliver, authorise, plane, look, tmp_path):
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\nT2,{B}\n")
    authorise(A, B)
    paths = []
    for place in range(6):
        path = tmp_path / f"{place}.csv"
        path.write_text(HEADER + sold(f"T{place % 2 + 1}", place, "2019/12/31", "1"))
        paths.append(path)
    threads = [
        threading.Thread(target=pipeline.deliver, args=(plane, FEEDS["sales_invoices"], path), kwargs={"at": AT})
        for path in paths
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert look("sales_invoices.current", "invoice_number") == [(str(place),) for place in range(6)]
    assert fact(A, "sales_r12")["value"] == fact(B, "sales_r12")["value"] == 300
