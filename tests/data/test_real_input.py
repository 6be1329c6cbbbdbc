"""20,000 real registrations and 373,431 real invoices: every row is accounted for, and the sales are right.

The data lies beside the repository, never in it.
"""

import csv
import gzip
from collections import Counter
from pathlib import Path

import duckdb
import psycopg
import pytest

from jinfuyun.config import database
from tests.data.test_invoices import document, fact

DATA = Path(__file__).parents[3] / "shared" / "data"
REGISTRATIONS = DATA / "registry" / "fujian_20000.csv.gz"
SALES = DATA / "invoices" / "invoices_123_output.csv.gz"
PURCHASES = DATA / "invoices" / "invoices_123_input.csv.gz"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="skipped: no real data")


@pytest.fixture
def bound(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """The 123 taxpayers, each bound to the code of a real registration."""
    with gzip.open(REGISTRATIONS, "rt", encoding="utf-8", newline="") as file:
        codes = [row["统一社会信用代码"] for row, _ in zip(csv.DictReader(file), range(123), strict=False)]
    pairs = {f"E{number}": uscc for number, uscc in enumerate(codes, 1)}
    path = tmp_path / "taxpayers.csv"
    path.write_text("企业代号,统一社会信用代码\n" + "".join(f"{key},{uscc}\n" for key, uscc in pairs.items()))
    return path, pairs


def counts(delivery) -> tuple[int, int, int, int, int]:
    return (
        delivery.delivered, delivery.accepted, delivery.superseded, delivery.quarantined, delivery.unauthorised,
    )  # fmt: skip


def raw_sales() -> dict[str, int]:
    """Taxpayer → fen sold from 2019-02 to 2020-01, straight from the raw file, one row an invoice."""
    with duckdb.connect() as engine:
        return dict(
            engine.execute(
                f"""SELECT 企业代号, CAST(coalesce(sum(CAST(金额 AS DECIMAL(18,2))) FILTER (
                    trim(发票状态) = '有效发票' AND strptime(开票日期, '%Y/%m/%d') >= DATE '2019-02-01'
                    AND strptime(开票日期, '%Y/%m/%d') < DATE '2020-02-01'), 0) * 100 AS BIGINT)
                FROM (SELECT DISTINCT * FROM read_csv('{SALES}', all_varchar = true)) GROUP BY ALL"""
            ).fetchall()
        )


def test_every_row_is_accounted_for_before_and_after_the_consents(deliver, authorise, look, bound):
    taxpayers, pairs = bound
    registrations = deliver("registration", REGISTRATIONS)
    assert counts(registrations) == (20_000, 19_998, 0, 2, 0)
    assert look("quarantine", "row_number, rule", "row_number") == [
        (6981, "control_character"),
        (17403, "capital_unreadable,kind_shifted"),
    ]
    assert counts(deliver("taxpayers", taxpayers)) == (123, 123, 0, 0, 0)

    before = [deliver("sales_invoices", SALES), deliver("purchase_invoices", PURCHASES)]
    assert [counts(each) for each in before] == [(162_484, 0, 0, 0, 162_484), (210_947, 0, 0, 0, 210_947)]
    assert registrations.delivered + sum(each.delivered for each in before) == 393_431
    assert look("sales_invoices.current", "uscc") == []

    authorise(*pairs.values())
    after = [deliver("sales_invoices", SALES), deliver("purchase_invoices", PURCHASES)]
    assert [counts(each) for each in after] == [(162_484, 158_048, 4_436, 0, 0), (210_947, 210_142, 803, 2, 0)]
    assert look("quarantine", "feed, row_number, rule", "feed, row_number")[:2] == [
        ("purchase_invoices", 100_451, "sum_differs"),
        ("purchase_invoices", 114_400, "sum_differs"),
    ]
    assert [deliver("sales_invoices", SALES), deliver("purchase_invoices", PURCHASES)] == after

    assert {document(uscc)["cut_off"] for uscc in pairs.values()} == {"2020-01"}
    assert {key: fact(uscc, "sales_r12")["value"] for key, uscc in pairs.items()} == raw_sales()


def test_every_capital_is_a_sum_of_money_or_unknown(deliver, look):
    deliver("registration", REGISTRATIONS)
    found = Counter(look("registration.current", "capital_currency, capital_cents IS NULL, capital IS NULL"))
    assert {key[0]: count for key, count in found.items() if not key[1]} == {
        "CNY": 15_219, "USD": 670, "HKD": 353, "JPY": 5, "SGD": 3, "DEM": 3, "EUR": 2, "CAD": 1,
    }  # fmt: skip
    assert {key: count for key, count in found.items() if key[1]} == {
        (None, True, True): 3_740, (None, True, False): 2,
    }  # fmt: skip


def test_what_another_signed_does_not_let_a_neighbour_in(deliver, authorise, look, bound):
    taxpayers, pairs = bound
    deliver("taxpayers", taxpayers)
    authorise(pairs["E1"])
    delivery = deliver("sales_invoices", SALES)
    assert counts(delivery) == (162_484, 8_110, 0, 0, 154_374)
    assert look("sales_invoices.current", "DISTINCT uscc") == [(pairs["E1"],)]
    with psycopg.connect(database.dsn("jinfuyun_data")) as data:
        assert data.execute("SELECT DISTINCT uscc FROM serving.document").fetchall() == [(pairs["E1"],)]
