"""What the night must find by itself: figures that move though no delivery spoke of their enterprise.

Each row is planted for one condition of `daily`, or for one register that had not reached its day, and belongs to an
enterprise of its own: what one condition finds, no other finds for it.
"""

from datetime import date, timedelta

import pytest

from jinfuyun.data import nightly as night
from jinfuyun.data import withdrawal
from jinfuyun.data.departments.contract import Feed, Kind
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.indicators.registry import SOURCES
from tests.data.codes import A, B, uscc
from tests.data.conftest import AT
from tests.data.test_invoices import fact
from tests.documents import stored

# Registers have told up to BEFORE, then up to AFTER; today is the second of March, then the third.
BEFORE, BETWEEN, AFTER, LAST_DAY = date(2020, 2, 20), date(2020, 2, 22), date(2020, 2, 24), "2020-03-02"
LONG_AGO, NEVER = "2016-06-10", "2099-12-31"
# (feed, what its row says): a term that ends, or days and months that are counted from it.
DAILY = (
    ("registration", {"registered_on": "2015-05-22"}),
    ("tax_violations", {"ends_on": LAST_DAY, "state": "1"}),
    ("penalties", {"decided_on": "2020-01-10"}),
    ("abnormal_list", {"ends_on": LAST_DAY}),
    ("licences", {"valid_until": LAST_DAY}),
    ("enforcements", {}),
    ("dishonest_debtors", {"ends_on": LAST_DAY}),
    ("qualifications", {"title": "01", "valid_until": "2021-01-01"}),
    ("qualifications", {"title": "04", "valid_until": LAST_DAY}),
    ("intellectual_property", {"granted_on": "2017-02-22", "state": "2"}),
    ("procurement_awards", {}),
)
# Registers with a row of a day that they have not reached.
AHEAD = ("shareholders", "equity_pledges", "customs_ratings", "judgments", "subsidies")
REACHING = (*AHEAD, "intellectual_property")  # those that reach further, by a row of somebody else
ROWS = (*DAILY, *((name, {FEEDS[name].dated_by: str(BETWEEN)}) for name in AHEAD))
PLANTED = tuple((uscc(f"91350100MA{n:07}"), feed, told) for n, (feed, told) in enumerate(ROWS))
WORDS = {Kind.TEXT: "示例", Kind.DATE: LONG_AGO, Kind.PERIOD: LONG_AGO, Kind.YEAR: "2015"}


def row(feed: Feed, number: int, whose: str, told: dict[str, str]) -> str:
    """A line of the feed that says what it must and what is `told`; else nothing."""
    cells = []
    for column in feed.columns:
        if column.kind is Kind.USCC or column.name == feed.enterprise:
            word = whose if column.name == feed.enterprise else uscc(f"91350200MB{number:07}")
        elif column.kind is Kind.CHOICE:
            word = column.choices[0][0]
        else:
            word = NEVER if column.ahead else WORDS.get(column.kind, str(number))
        needed = column.needed or column.name == feed.enterprise
        cells.append(told.get(column.name, word if needed else ""))
    return ",".join(cells) + "\n"


def file(feed: str, *rows: tuple[str, dict[str, str]], first: int = 1) -> str:
    header = ",".join(column.label for column in FEEDS[feed].columns) + "\n"
    return header + "".join(row(FEEDS[feed], number, *each) for number, each in enumerate(rows, first))


def facts_and_rows(whose: str, feed: str) -> list[object]:
    """What of a document is the enterprise's own; how far a register told is everybody's."""
    found = stored(category=str(FEEDS[feed].category), uscc=whose)[whose]
    return [found["facts"], [each["rows"] for each in found["lists"]]]


def known(deliver, *usccs: str) -> None:
    deliver("taxpayers", "纳税人识别号,统一社会信用代码\n" + "".join(f"T{one},{one}\n" for one in usccs))


def test_the_night_finds_every_figure_that_time_or_another_s_row_moved(plane, deliver, authorise):
    """Seen red: without what sources name in `daily` (eleven stay), without rows of days reached since (five stay)."""
    known(deliver, A, *(one for one, _, _ in PLANTED))
    for one, feed, _ in PLANTED:
        authorise(one, category=str(FEEDS[feed].category))
    for name in dict.fromkeys(feed for _, feed, _ in PLANTED):
        rows = [(one, told) for one, feed, told in PLANTED if feed == name]
        assert deliver(name, file(name, *rows), covers_until=BEFORE).accepted == len(rows), name
    night.nightly(plane, at=AT)
    for name in REACHING:
        assert deliver(name, file(name, (A, {}), first=99), covers_until=AFTER).accepted == 1
    found = {one: facts_and_rows(one, feed) for one, feed, _ in PLANTED}
    night.nightly(plane, at=AT + timedelta(days=1))
    assert [(feed, told) for one, feed, told in PLANTED if facts_and_rows(one, feed) == found[one]] == []
    some = stored()
    night.nightly(plane, everything=True, at=AT + timedelta(days=1))
    assert stored() == some


def test_a_register_whose_reach_is_taken_back_tells_less(plane, deliver, authorise):
    """Seen red: with the days of the reach in the order in which they came."""
    known(deliver, A, B)
    authorise(A, category="registration")
    deliver("shareholders", file("shareholders", (A, {"recorded_on": str(BETWEEN)})), covers_until=BEFORE)
    reaching = deliver("shareholders", file("shareholders", (B, {}), first=99), covers_until=AFTER)
    night.nightly(plane, at=AT)
    assert fact(A, "shareholders_now", "registration")["value"] == 1
    withdrawal.withdraw(plane, reaching.number, because="误送", at=AT)
    night.nightly(plane, at=AT)
    assert fact(A, "shareholders_now", "registration")["value"] == 0


@pytest.mark.parametrize(("feed", "name"), [("equity_pledges", "equity_pledged_fen"), ("branches", "branches_open")])
def test_what_passes_to_another_leaves_the_document_of_who_had_it(deliver, authorise, feed, name):
    """Seen red: with the documents of those alone whom the delivery names."""
    known(deliver, A, B)
    authorise(A, category="registration")
    deliver(feed, file(feed, (A, {})))
    assert fact(A, name, "registration")["value"] > 0
    deliver(feed, file(feed, (B, {})))
    assert fact(A, name, "registration")["value"] == 0


def test_every_condition_of_a_source_has_its_row():
    assert {feed for source in SOURCES for feed, _ in source.daily} == {feed for feed, _ in DAILY}
