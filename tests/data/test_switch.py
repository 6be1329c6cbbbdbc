"""A department's own switch and quota: a stopped feed takes nothing in and is asked about nobody."""

from datetime import timedelta

import psycopg
import pytest

from jinfuyun.config import database
from jinfuyun.data import pipeline, preview
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.departments.words import described
from jinfuyun.data.ingest.refusal import FileRefused
from tests.data.codes import A, B, C
from tests.data.conftest import AT
from tests.data.test_invoices import HEADER, sold

TAXPAYERS = f"纳税人识别号,统一社会信用代码\nT1,{A}\nT2,{B}\nT3,{C}\n"


def switch(feed: str, *, stopped: bool = False, quota: int | None = None) -> None:
    with psycopg.connect(database.dsn("jinfuyun_app"), autocommit=True) as app:
        app.execute(
            "INSERT INTO serving.feed_switch VALUES (%s, %s, %s, %s) ON CONFLICT (feed) DO UPDATE"
            " SET stopped_at = excluded.stopped_at, daily_quota = excluded.daily_quota",
            [feed, AT if stopped else None, "系统割接" if stopped else "", quota],
        )


def waiting() -> list[tuple[str, str]]:
    with psycopg.connect(database.dsn("jinfuyun_app")) as app:
        return app.execute("SELECT uscc, why FROM serving.pull_waiting WHERE feed = 'sales_invoices'").fetchall()


@pytest.fixture
def pull(plane, deliver, authorise, tmp_path):
    """Pulls; gives whom the sales invoices were asked about, and what became of their delivery."""
    deliver("taxpayers", TAXPAYERS)
    authorise(A, B, C)

    def pulled(*usccs: str, at=AT):
        asked: list[list[str]] = []

        def fetch(feed, authorised):
            path = tmp_path / f"{feed.name}.csv"
            path.write_text(HEADER if "invoices" in feed.name else "x\n")
            if feed.name == "sales_invoices":
                asked.append([each.uscc for each in authorised])
                names = {A: "T1", B: "T2", C: "T3"}
                path.write_text(HEADER + "".join(sold(names[u], 1, "2020/1/2", "1") for u in asked[-1]))
            return path.open("rb")

        found = pipeline.pull(plane, usccs, pipeline.Departments(fetch=fetch), at=at)
        return asked, [one.state for one in found if one.feed == "sales_invoices"]

    return pulled


def test_a_stopped_feed_takes_nothing_in_and_is_asked_about_nobody_until_it_is_open(deliver, pull, plane, tmp_path):
    """Seen red without each of the three looks at the switch."""
    switch("sales_invoices", stopped=True)
    refused = deliver("sales_invoices", HEADER + sold("T1", 1, "2020/1/2", "1"))
    assert (refused.state, "系统割接" in refused.reason, refused.delivered) == ("refused", True, 0)
    path = tmp_path / "x.csv"
    path.write_text(HEADER + sold("T1", 1, "2020/1/2", "1"))
    with pytest.raises(FileRefused, match="系统割接"):
        preview.preview(plane, FEEDS["sales_invoices"], path, at=AT)
    assert pull(A) == ([], ["stopped"])
    assert waiting() == [(A, "stopped")]
    switch("sales_invoices")
    assert pull(A) == ([[A]], ["loaded"])
    assert waiting() == []


def test_a_day_s_quota_counts_enterprises_and_begins_anew_at_midnight(pull):
    """Seen red with the day left out of the count."""
    switch("sales_invoices", quota=2)
    assert pull(A, B) == ([[A, B]], ["loaded"])
    assert pull(A) == ([[A]], ["loaded"])  # asked about today already
    assert pull(C) == ([], ["over_quota"])
    assert waiting() == [(C, "over_quota")]
    assert pull(C, at=AT + timedelta(days=1)) == ([[C]], ["loaded"])
    assert waiting() == []


def test_who_is_within_the_quota_is_asked_about_though_others_are_not(pull):
    switch("sales_invoices", quota=2)
    asked, states = pull(A, B, C)
    assert (asked, states) == ([[A, B]], ["over_quota", "loaded"])


def test_every_rule_has_words():
    contract = described(FEEDS["sales_invoices"])
    assert contract.rule_words("sum_differs") == "“价税合计”不等于金额加税额"
    assert contract.rule_words("net_fen_unreadable") == "“金额”读不出来"
    assert contract.rule_words("column_count") == "列数不对"
