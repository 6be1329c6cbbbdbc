"""The night does only what changed, and that is the same as doing everything."""

import csv
import random
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from jinfuyun.data import nightly as night
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.indicators import documents
from jinfuyun.data.indicators.measure import is_whole, measure
from jinfuyun.data.indicators.registry import SOURCES
from jinfuyun.data.lake.ledger import SHANGHAI
from jinfuyun.data.lake.serving import Serving
from jinfuyun.kit.grant import Category
from jinfuyun.sandbox import province
from tests.data.codes import A, B
from tests.data.conftest import AT
from tests.data.test_invoices import HEADER, sold
from tests.data.test_kill import PowerCut
from tests.documents import stored

FIRST = date(2025, 12, 20)
ENTERPRISES = 30
CATEGORIES = tuple(Category)
PENALTIES = "统一社会信用代码,行政处罚决定文书号,违法行为类型,处罚类别,处罚决定日期,处罚机关,失信严重程度,公示截止期\n"


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, 0, tzinfo=SHANGHAI)


def slices(folder: Path, feed: str, chance: random.Random, count: int) -> list[str]:
    """The feed's file in so many files, its rows shuffled."""
    with (folder / f"{feed}.csv").open(encoding="utf-8-sig", newline="") as lines:
        header, *rows = csv.reader(lines)
    chance.shuffle(rows)
    cut = [0, *sorted(chance.sample(range(1, len(rows)), count - 1)), len(rows)]
    return [
        "\n".join(",".join(f'"{cell}"' for cell in row) for row in [header, *rows[start:end]]) + "\n"
        for start, end in pairwise(cut)
    ]


# Every register that is kept whole, and two feeds of those that consented.
REGISTERS = tuple(feed.name for feed in FEEDS.values() if is_whole(feed))
SOME = ("registration", "taxpayers", *REGISTERS, "sales_invoices", "tax_violations")
FULL = (pytest.mark.deep, pytest.mark.timeout(900))  # every feed: minutes where others work on the machine


@pytest.mark.parametrize(
    ("seed", "feeds"),
    [(1, SOME), *(pytest.param(seed, tuple(FEEDS), marks=FULL) for seed in (2, 3))],
)
def test_what_changed_is_all_that_changed(plane, deliver, authorise, tmp_path, seed, feeds):
    """A walk through days and deliveries; after each the documents are those of a night that does everything.

    Few enterprises have no penalty, no enforcement, and no row of the days that a register had not reached; what moves
    without a delivery is planted in test_night_moves.py.
    """
    chance, day, steps = random.Random(seed), FIRST, (1, 3, 0, 20, 1, 9)
    province.generate(enterprises=ENTERPRISES, seed=seed, until=FIRST, out=tmp_path, months=14)
    usccs = [one["uscc"] for one in province.people(tmp_path)]
    waiting = {
        feed: slices(tmp_path, feed, chance, len(steps) + 1)
        for feed in province.delivered(tmp_path)
        if feed in feeds
        and len((tmp_path / f"{feed}.csv").read_text(encoding="utf-8-sig").splitlines()) > 3 * len(steps)
    }
    for category in CATEGORIES:
        authorise(*usccs[:20], category=category)
    for feed, files in waiting.items():
        deliver(feed, files.pop(), at=on(day), covers_until=day - timedelta(days=chance.randrange(9)))
    fewer = []
    for place, days in enumerate(steps):
        day += timedelta(days=days)
        if place == 2:  # signed, and nobody was asked about them yet
            for category in CATEGORIES:
                authorise(*usccs[20:], category=category)
        for feed in chance.sample(sorted(waiting), len(waiting) // 4 if days else 0):
            deliver(feed, waiting[feed].pop(), at=on(day), covers_until=day - timedelta(days=chance.randrange(3)))
        some = night.nightly(plane, at=on(day))
        found = stored()
        everything = night.nightly(plane, everything=True, at=on(day))
        assert {name for name, body in stored().items() if found.get(name) != body} == set(), day
        assert len(found) == everything
        fewer.append(some < everything / 2)
    assert sum(fewer) >= 3, "a night that does everything every time"


def test_a_night_after_a_night_does_nothing_and_a_day_later_only_whose_record_ended(plane, deliver, authorise):
    """Seen red: without what sources name in `daily`."""
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\nT2,{B}\n")
    authorise(A, B, category="public_credit")
    rows = [f"{one},罚〔2020〕{n}号,未按期公示,警告,2020-02-0{n},示例局,一般,{end}\n"
            for n, (one, end) in enumerate([(A, "2020-03-02"), (B, "2021-01-01")], 1)]  # fmt: skip
    delivery = deliver("penalties", PENALTIES + "".join(rows))
    assert delivery.accepted == 2, delivery.reason
    assert night.nightly(plane, at=AT) == 2
    assert night.nightly(plane, at=AT) == 0

    def penalties(uscc: str) -> tuple[int, int]:
        facts = {fact["name"]: fact["value"] for fact in stored(category="public_credit")[uscc]["facts"]}
        return facts["penalties_in_force"], facts["days_since_penalty"]

    assert penalties(A) == (1, 30)
    assert night.nightly(plane, at=AT + timedelta(days=1)) == 2
    assert (penalties(A), penalties(B)) == ((0, None), (1, 30))


def test_who_lacks_a_document_is_measured_only_where_a_delivery_told_of_them(plane, deliver, authorise):
    """Seen red: with all of those measured, and with none."""
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\nT2,{B}\n")
    authorise(A, B)
    deliver("sales_invoices", HEADER + sold("T1", 1, "2019/12/31", "1"))
    night.nightly(plane, at=AT)
    before, asked = stored(), []
    with psycopg.connect(plane.data_dsn) as data:
        data.execute("DELETE FROM serving.document")

    def spy(sql, source, *tables, **how):
        asked.append((source.category, sql.rows("SELECT DISTINCT uscc FROM subject")))
        measure(sql, source, *tables, **how)

    night.nightly(plane, at=AT, measure=spy)
    assert (asked, stored()) == ([(Category.INVOICES, [(A,)])], before)


def test_until_a_night_is_over_nobody_sees_anything_of_it(plane, deliver, authorise, monkeypatch):
    """Looked at from outside after its last word, and cut there.

    Seen red: with the documents written in two commits.
    """
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\nT2,{B}\n")
    authorise(A, B, category="public_credit")
    rows = [f"{one},罚{one}号,未按期公示,警告,2020-02-01,示例局,一般,2021-01-01\n" for one in (A, B)]
    deliver("penalties", PENALTIES + "".join(rows))
    night.nightly(plane, at=AT)
    before, seen = stored(), []

    def cut(*_: object) -> None:
        seen.append(stored())
        raise PowerCut

    with monkeypatch.context() as patched:
        patched.setattr(Serving, "_note", cut)
        with pytest.raises(PowerCut):
            night.nightly(plane, at=AT + timedelta(days=1))
    assert [*seen, stored()] == [before, before]
    assert night.nightly(plane, at=AT + timedelta(days=1)) == 2
    assert all(stored()[one] != before[one] for one in before)


def test_new_definitions_make_every_document_anew(plane, deliver, authorise, monkeypatch):
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\n")
    authorise(A, category="public_credit")
    deliver("penalties", PENALTIES + f"{A},罚1号,未按期公示,警告,2020-02-01,示例局,一般,2021-01-01\n")
    assert [night.nightly(plane, at=AT), night.nightly(plane, at=AT)] == [1, 0]
    monkeypatch.setattr(night, "mark", lambda source: documents.mark(source)[::-1])
    assert night.nightly(plane, at=AT) == 1


def test_a_mark_is_of_its_source_alone():
    assert len({documents.mark(source) for source in SOURCES}) == len(SOURCES)
