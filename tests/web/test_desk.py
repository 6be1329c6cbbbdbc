"""The institution's desk through its pages, and everything wrong that a form or a person can bring."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from jinfuyun.accounts.models import Invitation
from jinfuyun.applications import actions
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import State
from jinfuyun.audit.models import Line
from jinfuyun.reports.models import Report
from tests import market
from tests.applications.steps import to_review
from tests.cast import given
from tests.market import RIVER, applied
from tests.web.inside import inside


@pytest.fixture
def application(db, red_star):
    market.product(code="RIVER001", of=market.institution(RIVER))
    given(red_star)
    return applied(red_star)


@pytest.fixture
def officer(application, river_bank_officer):
    return inside(river_bank_officer)


@pytest.fixture
def approver(application, river_bank_approver):
    return inside(river_bank_approver)


def path_of(application, name="") -> str:
    return f"/bank/applications/{application.number}" + (f"/{name}" if name else "")


def state(application) -> str:
    application.refresh_from_db()
    return application.state


def test_the_way_from_the_inbox_to_the_first_money(officer, approver, application, red_star, red_star_owner):
    owner = inside(red_star_owner, uscc=red_star.uscc)
    assert application.enterprise_name in officer.get("/bank/").content.decode()
    assert application.number in officer.get("/bank/applications").content.decode()
    accept = officer.get(path_of(application)).content.decode()
    assert 'value="江经理"' in accept  # nothing typed that the platform knows
    assert "138****0001" in accept
    officer.post(path_of(application, "accept"), {"caller_name": "江经理", "caller_phone": "0591-87000001"})
    assert "13800000001" in officer.get(path_of(application)).content.decode()  # now somebody has to call
    officer.post(path_of(application, "contact"), {"note": "已电话联系"})
    officer.post(path_of(application, "review"))
    till = (timezone.now() + timedelta(days=15)).date()
    offer = {
        "amount": "80", "rate": "3.9", "term": "12", "security": "unsecured", "repayment": "at_maturity",
        "valid_till": till.isoformat(),
    }  # fmt: skip
    assert "批复方案" in approver.get(path_of(application)).content.decode()
    approver.post(path_of(application, "approve"), offer)
    assert (state(application), application.offer_amount_fen, application.offer_rate_bp) == (
        State.APPROVED, 80_000_000, 390
    )  # fmt: skip
    owner.post(f"/my/applications/{application.number}/accept", {"acting_for": red_star.uscc})
    today = timezone.localdate().isoformat()
    officer.post(path_of(application, "sign"), {"contract_number": "JK20260001", "signed_on": today})
    officer.post(path_of(application, "fund"), {"amount": "80", "rate": "3.9", "on": today, "is_first_loan": "yes"})
    assert (state(application), application.is_first_loan) == (State.FUNDED, True)
    owner.post(f"/my/applications/{application.number}/confirm", {"acting_for": red_star.uscc})
    assert "已确认" in officer.get(path_of(application)).content.decode()
    rows = re.findall(r"<tr.*?</tr>", owner.get("/my/access").content.decode(), re.DOTALL)
    moves = [row for row in rows if "river.officer" in row]
    about = [row for row in moves if application.number in row]
    assert (len(about), len(moves)) == (5, 7)  # two more are of the loan book: the line and its first drawdown
    assert all(application.institution.name in row for row in moves)


@pytest.mark.parametrize(
    ("name", "form", "message"),
    [
        ("accept", {}, "请填写联系企业的客户经理"),
        ("accept", {"caller_name": "江", "caller_phone": "1"}, "请填写客户经理用来联系企业的电话"),
        ("accept", {"caller_name": "长" * 21, "caller_phone": "95588"}, "20"),
        ("decline_intake", {}, "请填写不予受理的原因"),
        ("decline_intake", {"code": "credit"}, "选择"),
        ("decline_intake", {"code": "policy_region", "text": "长" * 201}, "200"),
    ],
)
def test_a_faulty_intake_comes_back(officer, application, name, form, message):
    answer = officer.post(path_of(application, name), form)
    assert (answer.status_code, message in answer.content.decode()) == (422, True)
    assert state(application) == State.SUBMITTED


@pytest.mark.parametrize(
    ("name", "form", "message"),
    [
        ("ask_more", {"what": ""}, "请填写需要企业补充什么"),
        ("ask_more", {"what": "短"}, "4"),
        ("approve", {}, "请填写批复金额"),
        ("approve", {"amount": "301"}, "批复金额不超过产品上限"),
        ("approve", {"rate": "4.21"}, "不能高于产品公布的上限"),
        ("approve", {"rate": "0.001"}, "小数"),
        ("approve", {"security": "mortgage"}, "选择"),
        ("approve", {"valid_till": "2020-01-01"}, "批复有效期为"),
        ("approve", {"valid_till": "2026-02-30"}, "有效"),
        ("reject", {}, "请填写未通过的原因"),
        ("reject", {"code": "data_sales"}, "须先为本申请查询信用报告"),
        ("reject", {"code": "credit", "fact": "nothing"}, "选择"),
    ],
)
def test_a_faulty_decision_comes_back(approver, application, river_bank_officer, name, form, message):
    to_review(application, river_bank_officer.actor)
    till = (timezone.now() + timedelta(days=15)).date().isoformat()
    whole = {"amount": "80", "rate": "3.9", "term": "12", "security": "unsecured", "repayment": "at_maturity"}
    answer = approver.post(path_of(application, name), (whole | {"valid_till": till} | form) if form else {})
    assert (answer.status_code, message in answer.content.decode()) == (422, True)
    assert state(application) == State.UNDER_REVIEW


def test_an_officer_sees_no_decision_and_may_not_make_one(officer, application, river_bank_officer):
    to_review(application, river_bank_officer.actor)
    assert "审批通过</button>" not in officer.get(path_of(application)).content.decode()
    till = (timezone.now() + timedelta(days=15)).date().isoformat()
    offer = {
        "amount": "80", "rate": "3.9", "term": "12", "security": "unsecured", "repayment": "at_maturity",
        "valid_till": till,
    }  # fmt: skip
    assert officer.post(path_of(application, "approve"), offer).status_code == 403
    assert officer.post(path_of(application, "reject"), {"code": "credit"}).status_code == 403


def test_a_second_click_and_an_old_page_change_nothing(officer, application):
    form = {"caller_name": "江经理", "caller_phone": "0591-87000001"}
    officer.post(path_of(application, "accept"), form)
    again = officer.post(path_of(application, "accept"), form, follow=True).content.decode()
    assert "操作没有生效" in again
    assert "申请现在是“已受理”" in again  # what became of it
    assert application.moves.count() == 2


def test_a_declined_application_says_why_to_both(officer, application, red_star, red_star_owner):
    officer.post(path_of(application, "decline_intake"), {"code": "policy_region", "text": "<i>仅限厦门</i>"})
    owner = inside(red_star_owner, uscc=red_star.uscc)
    for page in (officer.get(path_of(application)), owner.get(f"/my/applications/{application.number}")):
        text = page.content.decode()
        assert "不在本机构服务区域" in text
        assert "&lt;i&gt;仅限厦门" in text
        assert "行内政策" in text


def test_another_banks_people_find_nothing(application, hill_bank_officer):
    client = inside(hill_bank_officer)
    assert application.number not in client.get("/bank/applications").content.decode()
    for name in ("", "accept", "report"):
        method = client.post if name else client.get
        assert method(path_of(application, name)).status_code == 404
    assert client.get("/bank/applications/RZ2026030200000000").status_code == 404


@pytest.mark.parametrize(
    "path", ["/bank/", "/bank/applications", "/bank/products", "/bank/staff", "/bank/products/new"]
)
def test_nobody_and_strangers_do_not_get_in(db, client, operator, red_star_owner, fuzhou_regulator, path):
    assert client.get(path).headers["Location"] == "/login?role=institution"
    for person in (operator, red_star_owner, fuzhou_regulator):
        assert inside(person).get(path).status_code == 404


def test_each_role_finds_its_own_pages_only(db, river_bank_officer, river_bank_product_manager, river_bank_admin):
    market.institution(RIVER)
    doors = {
        river_bank_officer: {"/bank/applications"},
        river_bank_product_manager: {"/bank/products"},
        river_bank_admin: {"/bank/staff", "/bank/products"},
    }
    for person, own in doors.items():
        client = inside(person)
        assert client.get("/bank/").status_code == 200
        for path in ("/bank/applications", "/bank/products", "/bank/staff"):
            assert (client.get(path).status_code == 200) == (path in own)


def test_an_unknown_act_and_a_get_of_an_act(officer, application):
    assert officer.post(path_of(application, "withdraw")).status_code == 404
    assert officer.get(path_of(application, "accept")).status_code == 405


def test_trays(officer, application):
    for tray, found in (("todo", True), ("waiting", False), ("ended", False), ("nonsense", True)):
        assert (application.number in officer.get(f"/bank/applications?tray={tray}").content.decode()) == found


def test_the_administrator_invites_and_stops(db, river_bank_admin, river_bank_officer, hill_bank_officer):
    market.institution(RIVER)
    client = inside(river_bank_admin)
    form = {"name": "江新人", "phone": "139 0000 0099", "account": "river.new", "roles": ["officer"]}
    assert client.post("/bank/staff", form).status_code == 302
    assert (Invitation.objects.get().house_code, Invitation.objects.get().phone) == ("RIVER", "13900000099")
    for wrong in ({"phone": "123"}, {"account": "X!"}, {"roles": ["operator"]}, {"roles": []}, {"name": ""}):
        assert client.post("/bank/staff", form | wrong).status_code == 422
    assert client.post("/bank/staff", form | {"account": "river.officer"}).status_code == 422
    assert client.post(f"/bank/staff/{hill_bank_officer.user_id}/stop").status_code == 404
    assert client.post(f"/bank/staff/{river_bank_officer.user_id}/stop").status_code == 302
    assert inside(river_bank_officer).get("/bank/").status_code == 302


def test_nobody_else_may_stop_anybody(db, river_bank_officer, river_bank_admin):
    assert inside(river_bank_officer).post(f"/bank/staff/{river_bank_admin.user_id}/stop").status_code == 404


def test_refused_report_without_a_consent_says_so(officer, application, red_star):
    from jinfuyun.consents import actions as consents
    from jinfuyun.consents import queries as consents_read

    consent = consents_read.in_force(red_star.uscc, timezone.now())
    consents.revoke(consent=consent, by=red_star.owner, at=timezone.now())
    answer = officer.post(path_of(application, "report"), follow=True)
    assert "没有有效的授权" in answer.content.decode()
    assert Application.objects.count() == 1


def test_a_report_is_opened_through_an_application_under_way_not_through_a_withdrawn_one(
    committed_db, red_star, river_bank_officer
):
    market.product(code="RIVER001", of=market.institution(RIVER))
    given(red_star)
    first = applied(red_star)
    actions.withdraw(application=first, why="不需要了", by=red_star.owner, at=timezone.now())
    second = applied(red_star)
    officer = inside(river_bank_officer)
    refused = officer.post(path_of(first, "report"), follow=True)
    assert "授权书没有授权本机构凭此申请" in refused.content.decode()
    assert not Report.objects.exists()
    assert Line.objects.get(action="data.refused").detail["because"] == first.number
    assert officer.post(path_of(second, "report")).headers["Location"].startswith("/bank/reports/")
    assert Report.objects.get().because == second.number
    page = officer.get(f"/bank/reports/{Report.objects.get().number}").content.decode()
    [watermark] = re.findall(r'<svg class="watermark".*?</svg>', page, re.DOTALL)
    for named in (market.RIVER.name, "river.officer", f"{timezone.localdate():%Y-%m-%d}"):
        assert named in watermark
    actions.withdraw(application=second, why="不需要了", by=red_star.owner, at=timezone.now())
    assert officer.get(f"/bank/reports/{Report.objects.get().number}").status_code == 403
