"""Power used: months and days alike, all accounts of an enterprise together."""

from pathlib import Path

import pytest

from tests.data.codes import A, B
from tests.data.test_invoices import document, fact

HEADER = "统一社会信用代码,户号,用电月份,用电量,电费\n"
REAL = Path(__file__).parents[3] / "shared" / "data" / "electricity" / "daily_kwh_700.csv.gz"


@pytest.fixture(autouse=True)
def known(deliver, authorise):
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\n1,{A}\n2,{B}\n")
    authorise(A, category="electricity")


def test_a_month_reaches_to_its_last_day(deliver):
    months = [f"2019-{month:02d}" for month in range(2, 13)] + ["2020-01"]
    delivery = deliver(
        "electricity", HEADER + "".join(f"{A},H1,{month},100.5,68.34\n{A},H2,{month},1,0.68\n" for month in months)
    )
    assert (delivery.accepted, str(delivery.covers_until)) == (24, "2020-01-31")
    body = document(A, "electricity")
    assert (body["cut_off"], len(body["series"]["by_month"])) == ("2020-01", 12)
    assert fact(A, "kwh_r12", "electricity")["value"] == 1218.0
    assert fact(A, "kwh_yoy", "electricity")["value"] is None


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ("H1,2019-13,5,1", "used_on_unreadable"),
        ("H1,2020-03,5,1", "used_on_future"),
        ("H1,2019-12,-5,1", "kwh_negative"),
        ("H1,2019-12,1e400,1", "kwh_unreadable"),
        ("H1,2019-12,,1", "kwh_missing"),
    ],
)
def test_a_bad_reading_waits_with_its_reason(deliver, look, cells, rule):
    assert deliver("electricity", f"{HEADER}{A},{cells}\n").quarantined == 1
    assert look("quarantine", "rule") == [(rule,)]


@pytest.mark.skipif(not REAL.exists(), reason="skipped: no real data")
def test_447_300_real_readings_are_accounted_for(deliver, authorise, look):
    authorise(B, category="electricity")
    delivery = deliver("electricity", REAL)
    assert (delivery.delivered, delivery.accepted, delivery.unauthorised) == (447_300, 2 * 639, 698 * 639)
    assert (delivery.quarantined, str(delivery.covers_until)) == (0, "2016-09-30")
    assert look("unauthorised", "any_value(reason), count(*), sum(row_count)") == [
        ("unknown_enterprise", 698, 698 * 639)
    ]
    assert document(A, "electricity")["cut_off"] == "2016-09"
    assert fact(A, "kwh_months_r12", "electricity")["rows"] == 366
