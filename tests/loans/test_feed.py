"""Chapter 18 is made of the platform's own loan book, delivered every night as any department's file is."""

from datetime import date

import pytest

from jinfuyun.config.jobs import PERIODIC
from jinfuyun.data import door
from jinfuyun.kit.grant import Category
from jinfuyun.kit.jobs import Job
from jinfuyun.loans import actions, queries
from jinfuyun.loans.models import LoanEvent
from jinfuyun.loans.rules import Act, Drawdown
from jinfuyun.loans.tasks import deliver, tend
from tests import market
from tests.cast import MONDAY, given
from tests.data.test_invoices import document
from tests.deliveries.conftest import COMPANIES, lake
from tests.loans.steps import DRAWN_ON, enter, funded, on
from tests.market import RIVER, WAN, applied

__all__ = ("lake",)
AGAIN = Drawdown(amount_fen=20 * WAN, rate_bp=390, on=DRAWN_ON, due_on=date(2026, 9, 6), purpose="stock")
NEXT, MAY = date(2026, 3, 7), date(2026, 5, 7)


@pytest.fixture
def known(lake, tmp_path, red_star, blue_sea):
    """The register knows both."""
    path = tmp_path / "known.csv"
    path.write_text(COMPANIES + "".join(f"{one.uscc},{one.name},2015-01-01,,,,,\n" for one in (red_star, blue_sea)))
    door.deliver("registration", path, at=MONDAY)


@pytest.fixture
def loan(known, red_star, blue_sea, officer, approver):
    """50 of 80 万元; 蓝海 consented too and never asked for anything."""
    market.product(code="RIVER001", of=market.institution(RIVER))
    given(red_star, chosen=(Category.PLATFORM,))
    given(blue_sea, chosen=(Category.PLATFORM,))
    return funded(applied(red_star), officer, approver, red_star.owner)


def told(firm, day: date) -> dict[str, object]:
    """What the platform's chapter says after that night; a `row` of its list as well."""
    tend(at=on(day))
    deliver(at=on(day))
    found = document(firm.uscc, "platform")
    facts = {one["name"].removeprefix("platform_"): one["value"] for one in found["facts"]}
    [listed] = found["lists"]
    return facts | {"row": listed["rows"][0] if listed["rows"] else None, "behind": found["deliveries"]}


def test_what_is_owed_stands_in_the_chapter_and_names_the_nights_delivery(loan, red_star, blue_sea):
    found = told(red_star, NEXT)
    assert (found["applications_r24"], found["balance_fen"], found["unsecured_fen"], found["lenders"]) == (
        1, 50 * WAN, 50 * WAN, 1
    )  # fmt: skip
    row = found["row"]
    assert (row["application"], row["state"], row["line_fen"], row["balance_fen"], row["loan_class"]) == (
        loan.line.application.number, "还款中", 80 * WAN, 50 * WAN, "正常"
    )  # fmt: skip
    [delivery] = door.deliveries(feed="platform_financing")
    assert (delivery.state, delivery.accepted, delivery.department) == ("loaded", 1, "platform")
    assert row["delivery"] == delivery.number == found["behind"][0]["number"]
    nothing = told(blue_sea, NEXT)
    assert (nothing["balance_fen"], nothing["applications_r24"], nothing["row"]) == (0, 0, None)
    assert nothing["behind"][0]["number"] == delivery.number


def test_a_reversed_loan_and_a_reversed_repayment_are_as_if_they_had_not_been(loan, red_star, officer, approver):
    wrong = actions.draw(line=loan.line, drawdown=AGAIN, by=officer, at=on(NEXT))
    enter(loan, Act.REPAY, date(2026, 4, 6), officer, principal_fen=10 * WAN, interest_fen=16_250)
    assert told(red_star, date(2026, 4, 7))["balance_fen"] == 60 * WAN
    for one, act in ((wrong, Act.DRAW), (loan, Act.REPAY)):
        one.refresh_from_db()
        event = LoanEvent.objects.get(loan=one, act=act)
        actions.reverse(event=event, why="登错借据", by=approver, at=on(date(2026, 4, 8)))
    found = told(red_star, date(2026, 4, 8))
    assert (found["balance_fen"], found["row"]["balance_fen"], found["row"]["state"]) == (50 * WAN, 50 * WAN, "逾期")


def test_overdue_days_go_on_by_themselves_and_end_with_the_settlement(loan, red_star, officer):
    found = told(red_star, MAY)
    assert (found["overdue"], found["overdue_days_max"], found["row"]["state"]) == (1, 31, "逾期")
    assert told(red_star, date(2026, 5, 17))["overdue_days_max"] == 41
    enter(loan, Act.SETTLE, date(2026, 5, 18), officer, principal_fen=50 * WAN, interest_fen=400_000)
    found = told(red_star, date(2026, 5, 18))
    assert (found["overdue"], found["settled"], found["balance_fen"], found["lenders"]) == (0, 1, 0, 0)
    assert found["row"]["state"] == "已结清"


def test_without_consent_to_it_nothing_is_told(known, red_star, officer, approver):
    market.product(code="RIVER001", of=market.institution(RIVER))
    given(red_star)
    funded(applied(red_star), officer, approver, red_star.owner)
    deliver(at=on(NEXT))
    assert (list(queries.financing(NEXT)), door.deliveries(feed="platform_financing")) == ([], [])


def test_it_goes_out_after_the_marks_of_the_night():
    assert PERIODIC[Job.TEND_LOANS] < PERIODIC[Job.DELIVER_LOANS] == "50 0 * * *"
