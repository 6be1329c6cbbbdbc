"""Ten real enterprises from a demand to a settled loan: one in the browser, nine by actions and by file.

Products ask for what the real invoices say. The data lies beside the repository; nothing of it is shot or kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import psycopg
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob

from jinfuyun.config import database
from jinfuyun.data import door
from jinfuyun.demands import actions as demands
from jinfuyun.demands.models import Demand
from jinfuyun.kit.conditions import Condition, Verdict
from jinfuyun.loans import actions as loans
from jinfuyun.loans import queries
from jinfuyun.loans.checks import HEADING
from jinfuyun.loans.models import Loan, LoanEvent, LoanUpload
from jinfuyun.loans.rules import State
from jinfuyun.matching import actions as matching
from jinfuyun.matching import queries as market_read
from jinfuyun.matching.rules import match
from jinfuyun.storage.sheets import sheet
from tests import market
from tests.cast import MONDAY, TUESDAY, Firm, Person, enterprise_of, enterprise_person, given
from tests.demands.stage import WANTED, posted, proposed
from tests.journeys.steps import Town, press
from tests.journeys.test_real_input import DATA, SALES, Entry, everybody
from tests.loans.steps import FIRST, funded, on
from tests.market import OFFER, RIVER, TAX_LOAN, WAN
from tests.web.inside import let_in
from tests.web.test_demand_browser import chooses, proposes, writes

__all__ = ("everybody",)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.deep,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not DATA.exists(), reason="skipped: no real data"),
]
TEN = 10
SALES_WAN, MONTHS = 200, 10
INVOICE_LOAN = replace(
    TAX_LOAN, name="票链贷", conditions=(
        Condition("invoiced_sales_r12", ">=", SALES_WAN, "近 12 个月开票不低于 200 万元"),
        Condition("active_months_r12", ">=", MONTHS, "近 12 个月至少 10 个月有开票"),
    ),
)  # fmt: skip
HILL = replace(RIVER, code="HILL", name="山岭示例银行", licence_number="B0004H235010099")
REPAID_ON, WRONG_ON, SETTLED_ON = date(2026, 4, 6), date(2026, 4, 7), date(2026, 5, 6)


@dataclass(frozen=True)
class Traded:
    """What the raw file says of twelve months to 2020-01."""

    sales_fen: int
    months: int

    @property
    def fits(self) -> bool:
        return self.sales_fen >= SALES_WAN * WAN and self.months >= MONTHS


def traded() -> dict[str, Traded]:
    """By the masked name; valid invoices, each once."""
    rows = duckdb.execute(
        """SELECT 企业代号, CAST(sum(CAST(金额 AS DECIMAL(18, 2))) * 100 AS BIGINT),
            count(DISTINCT date_trunc('month', strptime(开票日期, '%Y/%m/%d')))
        FROM (SELECT DISTINCT * FROM read_csv(?, all_varchar = true))
        WHERE trim(发票状态) = '有效发票'
            AND strptime(开票日期, '%Y/%m/%d') BETWEEN DATE '2019-02-01' AND DATE '2020-01-31'
        GROUP BY 企业代号""",
        [str(SALES)],
    ).fetchall()
    return {name: Traded(*found) for name, *found in rows}


@dataclass(frozen=True)
class Bank:
    officer: Person
    approver: Person


@pytest.fixture
def bank(river_bank_officer: Person, river_bank_approver: Person) -> Bank:
    return Bank(river_bank_officer, river_bank_approver)


def test_ten_real_enterprises_from_a_demand_to_a_settled_loan(
    town: Town, page: Page, everybody: list[Entry], bank: Bank, hill_bank_officer: Person, tmp_path: Path,
    visitors: Callable[..., Page],
) -> None:  # fmt: skip
    for draft in (RIVER, HILL):
        market.product(INVOICE_LOAN, code=f"{draft.code}001", of=market.institution(draft))
    raw = traded()
    fit = [one for one in everybody if one["keys"][0] in raw and raw[one["keys"][0]].fits][:TEN]
    unfit = [one for one in everybody if one["keys"][0] in raw and not raw[one["keys"][0]].fits][:2]
    people = {one["uscc"]: enterprise_person(one["phone"], one["legal_name"]) for one in fit + unfit}
    firms = [
        enterprise_of(people[one["uscc"]], number=n, name=one["name"], legal_name="沙示例", uscc=one["uscc"])
        for n, one in enumerate(fit + unfit, 1)
    ]
    for firm in firms:
        given(firm)
    ProcrastinateJob.objects.all().delete()  # their data comes with the file below
    taxpayers = tmp_path / "taxpayers.csv"
    taxpayers.write_text("企业代号,统一社会信用代码\n" + "".join(f"{o['keys'][0]},{o['uscc']}\n" for o in everybody))
    for feed, path in (("taxpayers", taxpayers), ("sales_invoices", SALES)):
        door.deliver(feed, path, at=MONDAY)

    for entry, firm in zip(fit + unfit, firms, strict=True):
        the_market_says_what_the_raw_file_says(firm, raw[entry["keys"][0]])
    in_the_browser(town, page, visitors, firms[0], people[firms[0].uscc], bank, hill_bank_officer)
    lent = [by_actions(firm, raw[entry["keys"][0]], bank) for entry, firm in zip(fit[1:], firms[1:TEN], strict=True)]
    the_book_adds_up(bank, by_file(lent, bank))
    the_rest_is_settled_by_file(lent, bank)
    the_book_adds_up(bank, {})
    assert Loan.objects.filter(state=State.SETTLED, balance_fen=0).count() == Loan.objects.count() == TEN


def the_market_says_what_the_raw_file_says(firm: Firm, real: Traded) -> None:
    values = matching.look(uscc=firm.uscc, by=firm.owner, at=TUESDAY)
    asked = {one.subject for one in INVOICE_LOAN.conditions}
    for one in match(market_read.catalogue(TUESDAY.date()), values):
        against = {each.condition.subject: each.verdict for each in one.against}
        missed = {each for each in asked if against.get(each, Verdict.MET) is Verdict.MISSED}
        unknown = {each for each in asked if against.get(each) is Verdict.UNKNOWN}
        assert (not missed, unknown) == (real.fits, set()), (firm.uscc, real, against)


def by_actions(firm: Firm, real: Traded, bank: Bank) -> Loan:
    """A tenth of its real sales, asked of everybody, chosen of two proposals, lent; its loan."""
    amount = min(real.sales_fen // 10 // WAN * WAN, INVOICE_LOAN.amount_max_fen)
    demand = posted(firm, replace(WANTED, amount_fen=amount))
    for code, rate in (("RIVER", 380), ("HILL", 390)):
        proposed(demand, code, amount_fen=amount, rate_bp=rate)
        demands.look(demand=demand, institution_code=code, by=firm.owner, at=MONDAY)
    application = demands.choose(demand=demand, institution_code="RIVER", by=firm.owner, at=MONDAY)
    return funded(
        application, bank.officer.actor, bank.approver.actor, firm.owner,
        first=replace(FIRST, amount_fen=amount, rate_bp=380), offer=replace(OFFER, amount_fen=amount, rate_bp=380),
    )  # fmt: skip


def sent(rows: list[tuple[str, ...]], bank: Bank, on_day: date) -> None:
    upload = loans.upload(
        file_name="借据账.xlsx", content=sheet(HEADING, rows), by=bank.officer.actor, at=on(on_day)
    )  # fmt: skip
    loans.take_in(upload_id=upload.pk, at=on(on_day))
    done = LoanUpload.objects.get(pk=upload.pk)
    assert (done.loaded_count, done.wrong) == (len(rows), [])


def row(reference: str, kind: str, loan: Loan, day: date, principal_fen: int, interest_fen: int) -> tuple[str, ...]:
    yuan = [f"{Decimal(fen) / 100:.2f}" for fen in (principal_fen, interest_fen)]
    return (reference, kind, loan.number, day.isoformat(), *yuan, "", "", "", "")


def by_file(lent: list[Loan], bank: Bank) -> dict[str, int]:
    """A fifth comes back, and one row was wrong and is reversed; what is left by loan, in fen."""
    rows = [row(f"R{n}", "还款", one, REPAID_ON, one.amount_fen // 5, 100_00 + n) for n, one in enumerate(lent)]
    sent(rows, bank, REPAID_ON)
    sent([row("W", "还款", lent[3], WRONG_ON, 777_00, 0)], bank, WRONG_ON)
    wrong = LoanEvent.objects.get(reference="W")
    loans.reverse(event=wrong, why="记错借据", by=bank.approver.actor, at=on(WRONG_ON))
    return {one.number: one.amount_fen - one.amount_fen // 5 for one in lent}


def the_rest_is_settled_by_file(lent: list[Loan], bank: Bank) -> None:
    rest = [one.amount_fen - one.amount_fen // 5 for one in lent]
    rows = [row(f"S{n}", "结清", one, SETTLED_ON, rest[n], 200_00) for n, one in enumerate(lent)]
    sent(rows, bank, SETTLED_ON)


BOOK = """
    SELECT l.number, sum(e.principal_fen) FILTER (WHERE e.act = 'draw'),
        coalesce(sum(e.principal_fen) FILTER (WHERE e.act IN ('repay', 'settle')), 0),
        coalesce(sum(e.interest_fen) FILTER (WHERE e.act IN ('repay', 'settle')), 0)
    FROM loan_event e JOIN loan l ON l.id = e.loan_id
    WHERE e.act <> 'reverse' AND NOT EXISTS (SELECT 1 FROM loan_event r WHERE r.reverses_id = e.id)
    GROUP BY l.number
"""


def the_book_adds_up(bank: Bank, left: dict[str, int]) -> None:
    """What the loan book says is what plain SQL over its entries says, loan by loan. `left`: what is owed."""
    with psycopg.connect(database.dsn("jinfuyun_app")) as app:
        plain = {number: sums for number, *sums in app.execute(BOOK).fetchall()}
    said = {
        one.number: [one.amount_fen, one.principal_paid_fen, one.interest_paid_fen] for one in Loan.objects.all()
    }  # fmt: skip
    assert said == {number: [int(each) for each in sums] for number, sums in plain.items()}
    owed = {number: int(drawn - paid) for number, (drawn, paid, _) in plain.items()}
    assert queries.sums(bank.officer.actor)["owed_fen"] == sum(owed.values())
    assert {number: fen for number, fen in owed.items() if fen} == left


def in_the_browser(
    town: Town, page: Page, visitors: Callable[..., Page], firm: Firm, boss: Person, bank: Bank, hill: Person
) -> None:
    let_in(page, town.url, boss, uscc=firm.uscc)
    demand = writes(page, town.url)
    officer, approver, other = visitors(), visitors(), visitors()
    for desk, person, rate, code in ((officer, bank.officer, "3.6", "RIVER001"), (other, hill, "3.9", "HILL001")):
        let_in(desk, town.url, person)
        proposes(desk, town.url, demand, rate, code)
    chooses(page, town.url, demand)
    number = page.url.rpartition("/")[2]
    chosen = Demand.objects.get(number=demand).application
    assert chosen is not None and chosen.institution.code == "RIVER"
    let_in(approver, town.url, bank.approver)
    the_bank_decides(town, officer, approver, number)
    page.reload()
    press(page, "确认接受批复方案")
    press(page, "确认")
    expect(page.get_by_text("已确认批复方案")).to_be_visible()
    the_bank_pays_and_is_paid_back(town, officer, firm)
    page.goto(f"{town.url}/my/loans")
    expect(page.get_by_text("已结清").first).to_be_visible()


def the_bank_decides(town: Town, officer: Page, approver: Page, number: str) -> None:
    officer.goto(f"{town.url}/bank/applications/{number}")
    officer.fill("[name=caller_phone]", "0591-87000001")
    press(officer, "受理")
    officer.fill("[name=note]", "已电话联系，约定周三下户")
    press(officer, "登记已对接")
    press(officer, "开始审批")
    expect(officer.get_by_text("已开始审批")).to_be_visible()
    approver.goto(f"{town.url}/bank/applications/{number}")
    approver.fill("[name=amount]", "80")
    approver.fill("[name=rate]", "3.6")
    press(approver, "审批通过")
    press(approver, "确认")
    expect(approver.get_by_text("已批复，等待企业确认")).to_be_visible()


def the_bank_pays_and_is_paid_back(town: Town, officer: Page, firm: Firm) -> None:
    officer.reload()
    officer.fill("[name=contract_number]", "JK20260001")
    press(officer, "登记已签约")
    officer.select_option("[name=is_first_loan]", "yes")
    press(officer, "登记首笔放款")
    expect(officer.get_by_text("首笔放款").first).to_be_visible()
    loan = Loan.objects.get(uscc=firm.uscc)
    assert loan.drawn_on == timezone.localdate()
    officer.goto(f"{town.url}/bank/loans/{loan.number}")
    officer.get_by_text("结清", exact=True).click()
    press(officer, "登记结清")
    press(officer, "确认")
    expect(officer.get_by_text("已结清").first).to_be_visible()
