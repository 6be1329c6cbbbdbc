"""Deliveries that overlap, any of them taken back in any order: what stands is what the others alone make."""

import random
from datetime import datetime, timedelta

import psycopg
import pyarrow.parquet as pq
import pytest

from jinfuyun.data import nightly, pipeline, withdrawal
from jinfuyun.data.ingest.repeats import WITHDRAWAL_DAYS
from jinfuyun.data.lake.ledger import Delivery, deliveries
from jinfuyun.data.lake.serving import Serving
from jinfuyun.data.lake.tables import Lake
from jinfuyun.kit.errors import NotFound
from tests.data.codes import A, B
from tests.data.conftest import AT
from tests.data.test_corrections import fates
from tests.data.test_invoices import HEADER, document, fact, sold
from tests.data.test_kill import PowerCut

TAXPAYERS = "纳税人识别号,统一社会信用代码,更新时间\n"
INVOICES = HEADER.replace("\n", ",更新时间\n")
Row = tuple[str, str, str]  # key, content, time of change or ""


def taxpayer_file(rows: list[Row]) -> str:
    return TAXPAYERS + "".join(f"T{key},{A if content == '0' else B},{moment}\n" for key, content, moment in rows)


def invoice_file(rows: list[Row]) -> str:
    months = {key: f"2019/{int(key) + 1}/15" for key, _, _ in rows}
    return INVOICES + "".join(
        sold("T1", int(key), months[key], f"{content}.5").replace("\n", f",{moment}\n") for key, content, moment in rows
    )


FILES = {
    "taxpayers": (taxpayer_file, "tax_number[2:], CASE uscc WHEN '" + A + "' THEN '0' ELSE '1' END"),
    "sales_invoices": (invoice_file, "invoice_number, ((net_fen - 50) // 100)::VARCHAR"),
}


def rows_of(chance: random.Random) -> list[Row]:
    moments = ("", "", "2020-03-02 08:00:00", "2020-03-02 10:30:00", "2020-03-02 13:00:00")
    return [(str(chance.randrange(6)), str(chance.randrange(2)), chance.choice(moments)) for _ in range(8)]


def oracle(files: list[tuple[datetime, list[Row]]]) -> dict[str, str]:
    """The rule of the load, row by row: later wins by its version, an equal row changes nothing."""
    standing: dict[str, tuple[Row, datetime]] = {}
    for at, rows in files:
        best: dict[str, tuple[Row, datetime]] = {}
        for row in rows:
            version = datetime.fromisoformat(f"{row[2]}+08:00") if row[2] else at
            if row[0] not in best or version >= best[row[0]][1]:
                best[row[0]] = (row, version)
        for key, (row, version) in best.items():
            before = standing.get(key)
            if before is None or (before[0][1:] != row[1:] and version >= before[1]):
                standing[key] = (row, version)
    return {key: row[1] for key, (row, _) in standing.items()}


def in_ledger(plane, number: str) -> Delivery:
    with psycopg.connect(plane.data_dsn) as data:
        return deliveries(data, department=None, number=number, limit=1)[0]


@pytest.mark.parametrize("feed", list(FILES))
@pytest.mark.parametrize("seed", [0, 1, 2, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(3, 10))])
def test_any_deliveries_taken_back_in_any_order_leave_what_the_others_make(
    deliver, authorise, plane, look, seed, feed
) -> None:
    """Seen red with the repeated rows left out, and with versions compared without the order of arrival."""
    chance, words = random.Random(seed), FILES[feed][0]
    if feed == "sales_invoices":
        deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\n")
        authorise(A)
    sent, withdrawn = {}, []
    for place in range(5):
        at, rows = AT + timedelta(hours=place), rows_of(chance)
        sent[deliver(feed, words(rows), at=at).number] = (at, rows)
    for number in chance.sample(list(sent), 4):
        seen = withdrawal.effects(plane, in_ledger(plane, number), withdrawn)
        before = look(f"{feed}.current", FILES[feed][1])
        withdrawal.withdraw(plane, number, because="误送", at=AT + timedelta(hours=9))
        withdrawn.append(number)
        del sent[number]
        now = look(f"{feed}.current", FILES[feed][1])
        assert dict(now) == oracle(list(sent.values())) and len(now) == len(dict(now))
        assert len(before) - len(now) == seen.gone
        assert not {row[0] for row in look(f"{feed}.current", "DISTINCT delivery")} - set(sent)


YEAR = HEADER + sold("T1", 8, "2018/12/31", "1") + sold("T1", 9, "2019/12/31", "1")


def taken_back(plane, delivery: Delivery, at: datetime = AT) -> Delivery:
    return withdrawal.withdraw(plane, delivery.number, because="误送", at=at)


def test_documents_coverage_and_quarantine_go_with_it_and_the_ledger_says_so(deliver, authorise, plane, look):
    """Seen red with documents of nobody rewritten."""
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\nT2,{B}\n")
    authorise(A, B)
    first = deliver("sales_invoices", YEAR + sold("T1", 1, "2019/2/5", "10"))
    wrong = HEADER + sold("T1", 1, "2019/2/5", "90") + sold("T2", 2, "2019/12/31", "7") + sold("T1", 3, "x", "1")
    second = deliver("sales_invoices", wrong + sold("T9", 4, "2020/1/6", "1"))
    assert fact(A, "sales_r12")["value"] == 9100 and document(B) is not None
    seen = withdrawal.effects(plane, second, [])
    assert (seen.standing, seen.older_again, seen.gone, seen.enterprises, seen.quarantined) == (2, 1, 1, 2, 1)
    assert taken_back(plane, second).state == "withdrawn"
    assert fact(A, "sales_r12")["value"] == 1100 and document(B) is None
    assert fact(A, "sales_r12")["deliveries"] == [first.number]
    told = in_ledger(plane, second.number)
    assert (told.state, told.withdrawn_because, told.withdrawn_at) == ("withdrawn", "误送", AT)
    assert (told.delivered, told.accepted, told.quarantined, told.unauthorised) == (4, 2, 1, 1)
    for table in ("quarantine", "waiting", "coverage", "unauthorised", "sales_invoices.history"):
        assert (second.number,) not in look(table, "delivery")


def test_of_a_consented_feed_no_byte_stays_and_of_a_public_one_history_does(deliver, authorise, plane, look):
    """Seen red without the clearing of old files."""
    public = deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\n")
    authorise(A)
    sales = deliver("sales_invoices", HEADER + sold("T1", 1, "2020/1/5", "10").replace("B1", "BUYER77"))
    taken_back(plane, sales)
    files = (plane.lake.root / "tables").rglob("*.parquet")
    assert not any("BUYER77" in str(pq.read_table(path).to_pylist()) for path in files)
    taken_back(plane, public)
    assert look("taxpayers.current", "delivery") == []
    assert look("taxpayers.history", "delivery") == [(public.number,)]


def test_the_same_file_may_come_again_afterwards(deliver, plane, look):
    words = f"纳税人识别号,统一社会信用代码\nT1,{A}\n"
    first = deliver("taxpayers", words)
    taken_back(plane, first)
    again = deliver("taxpayers", words)
    assert again.number != first.number and look("taxpayers.current", "delivery") == [(again.number,)]


def test_what_it_had_corrected_waits_again(deliver, plane):
    first = deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A[:-1]}\n")
    again = deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\n")
    assert fates(plane, first) == [(2, again.number, "accepted")]
    taken_back(plane, again)
    assert fates(plane, first) == [(2, "", "")]


def test_what_cannot_be_taken_back_is_refused_with_the_reason(deliver, plane):
    delivery = deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\n")
    with pytest.raises(withdrawal.CannotWithdraw, match="超过"):
        taken_back(plane, delivery, AT + timedelta(days=WITHDRAWAL_DAYS, seconds=1))
    with pytest.raises(withdrawal.CannotWithdraw):
        taken_back(plane, deliver("taxpayers", "表头\n"))
    with pytest.raises(NotFound):
        withdrawal.withdraw(plane, "20200302-999999", because="", at=AT)
    assert taken_back(plane, delivery, AT + timedelta(days=WITHDRAWAL_DAYS)).state == "withdrawn"
    assert taken_back(plane, delivery).state == "withdrawn"  # twice is no error


def test_repeated_rows_are_kept_no_longer_than_a_delivery_may_be_taken_back(deliver, plane, look):
    words = f"纳税人识别号,统一社会信用代码\nT1,{A}\n"
    deliver("taxpayers", words)
    second = deliver("taxpayers", words + "\n", at=AT + timedelta(days=1))
    nightly.nightly(plane, at=AT + timedelta(days=WITHDRAWAL_DAYS + 1))
    assert look("taxpayers.repeated", "delivery") == [(second.number,)]
    nightly.nightly(plane, at=AT + timedelta(days=WITHDRAWAL_DAYS + 2))
    assert look("taxpayers.repeated", "delivery") == []


@pytest.mark.parametrize(
    ("owner", "name"),
    [(withdrawal, "_stand_again"), (Lake, "replace"), (Lake, "erase"), (withdrawal, "_undone"), (Lake, "publish"),
     (Serving, "record"), (Serving, "serve"), (Lake, "clear_old_files")],
)  # fmt: skip
def test_a_cut_at_each_step_leaves_the_old_or_the_new(deliver, authorise, plane, look, monkeypatch, owner, name):
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\n")
    authorise(A)
    deliver("sales_invoices", YEAR + sold("T1", 1, "2019/2/5", "10"))
    second = deliver("sales_invoices", HEADER + sold("T1", 1, "2019/2/5", "90") + sold("T1", 2, "2019/3/5", "5"))
    before, after = [(100,), (100,), (500,), (9000,)], [(100,), (100,), (1000,)]
    real = getattr(owner, name)

    def cut(*args, **rest):
        real(*args, **rest)
        raise PowerCut

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, cut)
        with pytest.raises(PowerCut):
            taken_back(plane, second)
    standing = look("sales_invoices.current", "net_fen")
    assert standing in (before, after)
    pipeline.rebuild(plane, [A], at=AT)  # whoever comes next finds one or the other, whole
    state, sales = in_ledger(plane, second.number).state, fact(A, "sales_r12")["value"]
    assert (state, sales, look("sales_invoices.current", "net_fen")) in (
        ("loaded", 9600, before), ("withdrawn", 1100, after),
    )  # fmt: skip
    taken_back(plane, second)
    assert fact(A, "sales_r12")["value"] == 1100 and look("sales_invoices.current", "net_fen") == after
