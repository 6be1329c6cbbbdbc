"""贷后管理 and 我的贷款 through their pages: what is entered, what comes back, and who sees it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jinfuyun.loans.models import Loan
from jinfuyun.loans.rules import Act, Grade, LineState, State
from jinfuyun.supervision.queries import BY_NAME
from jinfuyun.supervision.queries.counting import Span, by_institution
from jinfuyun.web import figures
from tests import market
from tests.cast import given
from tests.loans.steps import enter, funded
from tests.market import RIVER, WAN, applied
from tests.web.inside import inside
from tests.web.traced import Traced


@pytest.fixture
def loan(db, red_star, river_bank_officer, river_bank_approver):
    market.product(code="RIVER001", of=market.institution(RIVER))
    given(red_star)
    return funded(applied(red_star), river_bank_officer.actor, river_bank_approver.actor, red_star.owner)


@pytest.fixture
def officer(loan, river_bank_officer):
    return inside(river_bank_officer)


@pytest.fixture
def approver(loan, river_bank_approver):
    return inside(river_bank_approver)


@pytest.fixture
def owner(loan, red_star, red_star_owner):
    return inside(red_star_owner, uscc=red_star.uscc)


def today() -> str:
    return timezone.localdate().isoformat()


def words(client, path: str) -> str:
    return client.get(path).content.decode()


def test_the_desk_lists_finds_exports_and_opens(officer, loan):
    assert loan.number in words(officer, "/bank/loans")
    assert loan.number in words(officer, "/bank/loans?q=红星")
    assert loan.number not in words(officer, "/bank/loans?q=蓝海")
    assert loan.number not in words(officer, "/bank/loans?tray=ended")
    exported = officer.get("/bank/loans/export?tray=living")
    assert loan.number in exported.content.decode()
    assert "attachment" in exported.headers["Content-Disposition"]
    page = words(officer, f"/bank/loans/{loan.number}")
    assert "500,000.00" in page
    assert "登记核销" not in page  # an approver's


def test_the_desks_sums_are_the_figures_of_the_one_table(officer, loan, river_bank_approver):
    """Drawn, badly graded, written off: what the page says is what regulators count of this bank."""
    names, shown = ("owed_fen", "overdue_fen", "bad_fen"), []
    for act, more in ((None, {}), (Act.GRADE, {"grade": Grade.SUBSTANDARD}), (Act.WRITE_OFF, {})):
        if act:
            enter(loan, act, timezone.localdate(), river_bank_approver.actor, why="本息逾期未还", **more)
        page = {one.names: one.text for one in Traced(words(officer, "/bank/loans")).figures}
        found = by_institution(names, Span(None, timezone.now()), ["RIVER"])["RIVER"]
        for name in names:
            assert f"{figures.short(BY_NAME[name], found[name])}万元" in page[name], (act, name)
        shown.append(tuple(found[name] // WAN for name in names))
    assert shown == [(50, 0, 0), (50, 50, 50), (0, 0, 0)]


def test_an_export_that_is_cut_short_says_so(officer, loan, monkeypatch):
    assert "只导出前" not in officer.get("/bank/loans/export?tray=living").content.decode()
    monkeypatch.setattr("jinfuyun.web.bank.loans.EXPORTED_MAX", 0)
    cut = officer.get("/bank/loans/export?tray=living").content.decode()
    assert "只导出前 0 笔" in cut and loan.number not in cut


def test_a_repayment_is_entered_seen_and_reversed(officer, approver, owner, loan, red_star):
    form = {"on": today(), "principal": "100000", "interest": "1625.50", "balance": "400000", "reference": "L001"}
    assert officer.post(f"/bank/loans/{loan.number}/repay", form).status_code == 302
    loan.refresh_from_db()
    assert (loan.balance_fen, loan.interest_paid_fen) == (40 * WAN, 162_550)
    assert "400,000.00" in words(owner, f"/my/loans/{loan.number}")
    event = loan.events.last().pk
    wrong = {"event": event, "why": "本金录错"}
    assert officer.post(f"/bank/loans/{loan.number}/reverse", wrong).status_code == 403
    assert approver.post(f"/bank/loans/{loan.number}/reverse", wrong).status_code == 302
    assert "已冲正" in words(owner, f"/my/loans/{loan.number}")
    assert Loan.objects.get().balance_fen == 50 * WAN


@pytest.mark.parametrize(
    ("name", "form", "message"),
    [
        ("repay", {"principal": "500000.01", "interest": "0"}, "不能大于贷款余额"),
        ("repay", {"principal": "1", "interest": "0", "balance": "1"}, "还款后余额应为"),
        ("repay", {"principal": "-1", "interest": "0"}, "大于或等于"),
        ("repay", {}, "请填写实还本金"),
        ("settle", {"principal": "1", "interest": "0"}, "结清须还清全部本金"),
        ("prolong", {"due_on": "2026-03-07"}, "展期后的到期日"),
        ("grade", {"grade": "watched", "why": "短"}, "4"),
    ],
)
def test_what_does_not_add_up_comes_back(officer, loan, name, form, message):
    on = {"prolong": "2026-03-20", "grade": "2026-03-20"}.get(name, today())
    answer = officer.post(f"/bank/loans/{loan.number}/{name}", {"on": on, **form})
    assert (answer.status_code, message in answer.content.decode()) == (422, True)
    assert loan.events.count() == 1


def test_money_is_drawn_under_the_line_which_is_frozen_and_closed(officer, approver, loan):
    path = f"/bank/lines/{loan.line.number}"
    assert "可用额度" in words(officer, path)
    above = {"amount": "31", "rate": "3.9", "on": "2026-03-06", "due_on": "2026-09-06", "purpose": "stock"}
    assert officer.post(f"{path}/draw", above).status_code == 422
    assert officer.post(f"{path}/draw", above | {"amount": "30"}).status_code == 302
    assert Loan.objects.count() == 2
    assert officer.post(f"{path}/freeze").status_code == 403
    for name, state in (
        ("freeze", LineState.FROZEN), ("unfreeze", LineState.IN_FORCE), ("close", LineState.CLOSED)
    ):  # fmt: skip
        approver.post(f"{path}/{name}")
        loan.line.refresh_from_db()
        assert loan.line.state == state
    assert "刚刚已被处理" in approver.post(f"{path}/freeze", follow=True).content.decode()


def test_the_enterprise_looks_confirms_and_sees_when_what_is_due(owner, loan, red_star):
    assert loan.number in words(owner, "/my/loans")
    page = words(owner, f"/my/loans/{loan.number}")
    assert "金额和利率无误" in page
    assert "2027-03-06" in page
    owner.post(f"/my/loans/{loan.number}/confirm", {"acting_for": red_star.uscc})
    assert "企业核对" in words(owner, f"/my/loans/{loan.number}")
    loan.refresh_from_db()
    assert (loan.answer, loan.line.application.drawdown_answer) == ("confirmed", "confirmed")


def test_a_dispute_without_words_comes_back_and_with_words_reaches_the_desk(owner, officer, loan, red_star):
    path, who = f"/my/loans/{loan.number}/dispute", {"acting_for": red_star.uscc}
    assert owner.post(path, who | {"text": ""}).status_code == 422
    assert owner.post(path, who | {"text": "<b>实到 49 万元</b>"}).status_code == 302
    assert "&lt;b&gt;实到 49 万元" in words(officer, f"/bank/loans/{loan.number}")
    assert loan.number in words(officer, "/bank/loans?tray=disputed")


def test_renewal_is_asked_with_everything_filled_in(owner, loan, red_star):
    assert "现在还不能申请续贷" in words(owner, f"/my/loans/{loan.number}/renew")
    near = timezone.localdate() + timedelta(days=30)
    Loan.objects.update(due_on=near, next_due_on=near, state=State.REPAYING)
    page = words(owner, f"/my/loans/{loan.number}/renew")
    assert 'value="50"' in page
    form = {
        "acting_for": red_star.uscc, "form_token": "0e0f3c9a-0000-4000-8000-000000000001", "amount": "50",
        "term": "12", "purpose": "renewal", "reason": "",
    }  # fmt: skip
    answer = owner.post(f"/my/loans/{loan.number}/renew", form)
    assert answer.headers["Location"].startswith("/my/applications/RZ")
    assert "已申请续贷" in words(owner, f"/my/loans/{loan.number}")
