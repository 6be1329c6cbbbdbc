"""The medians of industries: made once for a month, of no fewer than ten, and what they do to documents."""

from datetime import date, datetime

import pytest

from jinfuyun.data import nightly as night
from jinfuyun.data import peers
from jinfuyun.data.indicators import portable
from jinfuyun.data.lake.ledger import SHANGHAI
from tests.data.codes import uscc
from tests.data.indicators.test_documents import DECLARED, PAID
from tests.data.test_invoices import fact
from tests.documents import stored

MARCH, APRIL = (datetime(2020, month, 2, 3, tzinfo=SHANGHAI) for month in (3, 4))
# Eleven restaurants pay 1 % to 11 % of their sales in tax, nine inns 1 % to 9 %.
RESTAURANTS, INNS = (
    [uscc(f"91350100M{letter}{n:07}") for n in range(1, count + 1)] for letter, count in (("A", 11), ("B", 9))
)
REGISTERED = "统一社会信用代码,企业名称,注册日期,行业\n"


def registered(one: str, industry: str) -> str:
    return f"{one},示例,2015-01-01,{industry}\n"


def taxed(deliver, month: str, percents: dict[str, int]) -> None:
    """Sales of 100 yuan declared for `month`, and this much paid in it; nothing sold a year before."""
    last = f"{month}-29" if month == "2020-02" else f"{month}-31"
    sold = [f"{one},增值税,2019-02-01,2019-02-28,2019-03-10,2019-03-15,0,0\n" for one in percents]
    sold += [f"{one},增值税,{month}-01,{last},{last},{last},100,3\n" for one in percents]
    paid = [f"{one},P{month}{one},增值税,正税,{month}-01,{last},{last},{yuan}\n" for one, yuan in percents.items()]
    for feed, header, rows in (("tax_declarations", DECLARED, sold), ("tax_payments", PAID, paid)):
        delivery = deliver(feed, header + "".join(rows), covers_until=date.fromisoformat(last), at=APRIL)
        assert delivery.quarantined == delivery.unauthorised == 0, delivery.reason


@pytest.fixture
def province(deliver, authorise):
    words = [registered(one, "餐饮业") for one in RESTAURANTS] + [registered(one, "61") for one in INNS]
    deliver("registration", REGISTERED + "".join(words))
    deliver("taxpayers", "纳税人识别号,统一社会信用代码\n" + "".join(f"{one},{one}\n" for one in RESTAURANTS + INNS))
    authorise(*RESTAURANTS, *INNS, category="tax")
    taxed(deliver, "2020-01", {one: n for some in (RESTAURANTS, INNS) for n, one in enumerate(some, 1)})


def distance(one: str) -> int | None:
    return fact(one, "tax_burden_to_industry", "tax")["value"]


def test_a_month_is_closed_once_and_not_of_fewer_than_ten(province, plane, deliver, look):
    """Seen red: made anew each night; of nine."""
    assert distance(RESTAURANTS[0]) is None
    night.nightly(plane, at=MARCH)
    closed = [("2020-01-31", "", None, 20), ("2020-01-31", "62", 600, 11)]
    assert look("industry_medians", "month::VARCHAR, division, burden_bp, enterprises") == closed
    assert [distance(one) for one in (RESTAURANTS[0], RESTAURANTS[-1], INNS[0])] == [-500, 500, None]
    told = fact(RESTAURANTS[0], "tax_burden_peers", "tax")
    assert (told["value"], len(told["deliveries"])) == ("餐饮业 2020-01，11 户，6.0%", 2)
    taxed(deliver, "2020-01", dict.fromkeys(RESTAURANTS[:5], 90))  # half of them pay far more than they had said
    night.nightly(plane, at=MARCH)
    assert look("industry_medians", "month::VARCHAR, division, burden_bp, enterprises") == closed
    assert [distance(one) for one in (RESTAURANTS[0], RESTAURANTS[-1])] == [8400, 500]


def test_another_month_closed_moves_those_of_whom_nobody_spoke(province, plane, deliver):
    """Seen red: with a night that does not look which month was closed."""
    night.nightly(plane, at=MARCH)
    taxed(deliver, "2020-02", {one: 10 * n for n, one in enumerate(RESTAURANTS, 1)})
    night.nightly(plane, at=MARCH)
    assert distance(RESTAURANTS[0]) == 550 - 600, "not everybody has filed for February"
    night.nightly(plane, at=APRIL)
    assert distance(RESTAURANTS[0]) == 550 - 3300
    some = stored()
    night.nightly(plane, everything=True, at=APRIL)
    assert stored() == some


def test_who_goes_to_another_industry_is_compared_with_another(province, plane, deliver):
    """Seen red: with the registration read by its own chapter alone."""
    night.nightly(plane, at=MARCH)
    deliver("registration", REGISTERED + registered(RESTAURANTS[0], "住宿业") + registered(INNS[0], "62"))
    assert [distance(one) for one in (RESTAURANTS[0], INNS[0])] == [None, -500]


def test_medians_are_portable():
    portable.check(peers.medians_sql("divided", date(2020, 1, 31)))


@pytest.mark.parametrize(
    ("told", "today", "month"),
    [
        (["2020-02-29", "2020-02-29"], "2020-03-02", "2020-01-31"),  # who files in March for February has not yet
        (["2020-02-29", "2020-02-29"], "2020-04-01", "2020-02-29"),
        (["2020-02-28", "2020-03-31"], "2020-04-01", "2020-01-31"),  # of a month that one feed told of in part
        (["2019-12-31", "2020-02-29"], "2020-04-01", "2019-12-31"),  # what comes late is waited for
        (["2020-02-29", None], "2020-04-01", None),
    ],
)
def test_the_month_that_is_closed(told, today, month):
    days = [day and date.fromisoformat(day) for day in told]
    assert str(peers.month_to_close(days, date.fromisoformat(today))) == str(month)
