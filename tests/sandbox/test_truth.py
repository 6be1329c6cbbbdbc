"""The province through the real data plane: what became of every row and every figure is what the arrays say."""

import csv
import json
from collections import Counter
from datetime import datetime

import pyarrow.parquet as pq
import pytest

from jinfuyun.data.lake.ledger import SHANGHAI
from jinfuyun.kit.grant import Category
from jinfuyun.sandbox import dirt, province, truth
from jinfuyun.sandbox.departments.registers import Registers
from tests.data import conftest as plane_of_tests
from tests.documents import stored
from tests.sandbox.service import UNTIL

AT = datetime(UNTIL.year, UNTIL.month, UNTIL.day, 9, 0, tzinfo=SHANGHAI)
ENTERPRISES = 60
MONTHS = 14
DIRT = 0.06

serving_schema, plane, deliver, authorise, look = (
    getattr(plane_of_tests, name) for name in ("serving_schema", "plane", "deliver", "authorise", "look")
)


@pytest.fixture
def delivered(request, tmp_path, deliver, authorise):
    """A province with the dirt that the test wants, all of it delivered under everybody's consent."""
    folder = tmp_path / "province"
    province.generate(enterprises=ENTERPRISES, seed=3, until=UNTIL, out=folder, months=MONTHS, dirt=request.param)
    for category in Category:
        authorise(*(one["uscc"] for one in province.people(folder)), category=category)
    spoken = province.delivered(folder)
    assert list(spoken) == list(province.FEEDS), "a province too small to try everything"
    outcomes = {
        feed: deliver(feed, folder / f"{feed}.csv", at=AT, covers_until=until) for feed, until in spoken.items()
    }
    return folder, outcomes


@pytest.mark.deep
@pytest.mark.parametrize("delivered", [0], indirect=True)
def test_every_row_of_a_clean_province_is_accepted(delivered, look):
    _, outcomes = delivered
    assert {feed: look("quarantine", "feed, rule") for feed in outcomes if outcomes[feed].quarantined} == {}
    for feed, outcome in outcomes.items():
        assert (outcome.state, outcome.delivered) == ("loaded", outcome.accepted), feed


@pytest.mark.deep
@pytest.mark.parametrize("delivered", [DIRT], indirect=True)
def test_of_a_dirty_province_each_row_and_each_figure_comes_to_what_the_arrays_say(delivered, look):
    folder, outcomes = delivered
    told = json.loads((folder / truth.COUNTS).read_text())
    held = Counter(look("quarantine", "feed, rule"))
    for feed, outcome in outcomes.items():
        expected = told[feed]
        got = {name: getattr(outcome, name) for name in ("delivered", "accepted", "superseded", "unauthorised")}
        got["quarantined"] = {rule: count for (name, rule), count in held.items() if name == feed}
        assert got == expected, feed
    assert sum(one["superseded"] for one in told.values()) > 50
    ways = {rule.rpartition("_")[2] for _, rule in held}
    assert ways >= {"unreadable", "width", "missing", "formula", "negative", "digit", "count"}
    assert any(outcome.unauthorised for outcome in outcomes.values())
    assert any("01" <= key[:2] <= "99" and len(key) == 15 for (key,) in look("electricity.current", "customer"))
    _figures_are_true(folder, look)


def _figures_are_true(folder, look):
    table = pq.read_table(folder / truth.VALUES)
    true = {row["uscc"]: row for row in table.to_pylist()}
    assert len(true) == ENTERPRISES
    for name, category, column in (
        ("sales_r12", "invoices", "sales_r12_fen"),
        ("purchases_r12", "invoices", "purchases_r12_fen"),
        ("kwh_r12", "electricity", "kwh_r12"),
    ):
        measured = _measured(name, category)
        assert {uscc: value for uscc, value in measured.items() if value} == {
            uscc: row[column] for uscc, row in true.items() if row[column]
        }
        assert len(measured) > ENTERPRISES / 2
    for sql, shelf, column in (
        ("CASE WHEN payment_kind = 'tax' AND paid_on >= DATE '2025-03-01' AND paid_on < DATE '2026-03-01' THEN paid_fen"
         " ELSE 0 END", "tax_payments", "tax_paid_r12_fen"),
        ("owed_fen", "tax_arrears", "tax_owed_fen"),
        ("CASE WHEN insurance = 'pension' AND month_end > DATE '2025-03-01' THEN heads ELSE 0 END", "social_insurance",
         "pension_heads_r12"),
    ):  # fmt: skip
        found = Counter()
        for uscc, value in look(f"{shelf}.current", f"uscc, {sql}"):
            found[uscc] += value
        assert +found == Counter({uscc: row[column] for uscc, row in true.items() if row[column]}), column


def _measured(name, category):
    """What the enterprises' documents say."""
    documents = stored(category=category).items()
    return {uscc: fact["value"] for uscc, body in documents for fact in body["facts"] if fact["name"] == name}


def test_every_feed_can_be_broken_in_several_ways():
    for feed in province.FEEDS:
        rules = [rule for rule, _ in dirt.ways_to_break(province.CONTRACTS[feed])]
        assert len(set(rules)) == len(rules) >= 5, feed


def test_a_department_finds_rows_under_the_old_key_of_an_enterprise(tmp_path):
    folder, found = tmp_path / "province", tmp_path / "found.csv"
    province.generate(enterprises=30, seed=3, until=UNTIL, out=folder, months=12, dirt=DIRT, feeds=("electricity",))
    registers = Registers(folder, tmp_path / "state")
    under_old_keys = 0
    for one in province.people(folder):
        assert registers.write_feed("electricity", [one["uscc"]], found) > 0
        with found.open(encoding="utf-8") as lines:
            named = {row["统一社会信用代码"] for row in csv.DictReader(lines)}
        assert named <= {one["uscc"], *one["keys"]}
        under_old_keys += named != {one["uscc"]}
    assert under_old_keys


def test_some_departments_still_write_gb18030(tmp_path):
    province.generate(enterprises=30, seed=3, until=UNTIL, out=tmp_path, months=3, dirt=DIRT)
    for feed in dirt.GB18030_FEEDS:
        raw = (tmp_path / f"{feed}.csv").read_bytes()
        with pytest.raises(UnicodeDecodeError):
            raw.decode("utf-8")
        assert province.CONTRACTS[feed].columns[0].label in raw.decode("gb18030").partition("\n")[0]
