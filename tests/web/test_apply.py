"""An enterprise applies, follows and answers, through its pages; and everything wrong that a form can bring."""

from uuid import uuid4

import pytest
from django.utils import timezone

from jinfuyun.applications import actions
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import State
from tests import market
from tests.applications.steps import to_offer, to_review
from tests.cast import given
from tests.market import RIVER, WAN, applied
from tests.web.inside import inside

FORM = {"amount": "100", "term": "12", "purpose": "stock", "reason": ""}
NEW = "/my/applications/new?product=RIVER001"


@pytest.fixture
def product(db):
    return market.product(code="RIVER001", of=market.institution(RIVER))


@pytest.fixture
def owner(product, red_star, red_star_owner):
    given(red_star)
    return inside(red_star_owner, uscc=red_star.uscc)


@pytest.fixture
def application(owner, red_star):
    return applied(red_star)


def sent(client, firm, path=NEW, **fields):
    form = {"acting_for": firm.uscc, "form_token": str(uuid4()), **FORM, **fields}
    return client.post(path, form)


def test_apply_with_amount_term_and_purpose_only(owner, red_star):
    page = owner.get(NEW).content.decode()
    for known in ("红星示例机械厂", red_star.uscc, "闽江银行", "138****0001"):
        assert known in page
    answer = sent(owner, red_star, amount="88.88")
    application = Application.objects.get()
    assert answer.headers["Location"] == f"/my/applications/{application.number}"
    assert (application.amount_fen, application.term_months, application.state) == (88_880_000, 12, State.SUBMITTED)
    detail = owner.get(answer.headers["Location"]).content.decode()
    for text in ("闽江银行", "机构决定是否受理", "已提交", application.number):
        assert text in detail


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"amount": ""}, "请填写申请金额"),
        ({"amount": "abc"}, "输入一个数"),
        ({"amount": "-1"}, "0.01"),
        ({"amount": "0.001"}, "小数"),
        ({"amount": "NaN"}, "输入一个数"),
        ({"amount": "9" * 400}, "位"),
        ({"amount": "301"}, "该产品的额度为 1 万元至 300 万元"),
        ({"term": "0"}, "1"),
        ({"term": "13"}, "该产品的期限为 1 至 12 个月"),
        ({"term": "一年"}, "整数"),
        ({"purpose": ""}, "请填写用途"),
        ({"purpose": "casino"}, "选择"),
        ({"purpose": "other"}, "一句话"),
        ({"reason": "长" * 201}, "200"),
        ({"reason": "a\0b"}, "不允许"),
        ({"form_token": "not-a-token"}, "UUID"),
    ],
)
def test_a_faulty_form_comes_back_with_what_was_typed(owner, red_star, fields, message):
    answer = sent(owner, red_star, **fields)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page
    assert "还有几处需要您改一下" in page
    assert not Application.objects.exists()


def test_extra_fields_change_nothing(owner, red_star):
    sent(owner, red_star, state="funded", uscc="91350111MA9YY00026", institution="HILL", amount_fen="1")
    application = Application.objects.get()
    assert (application.state, application.uscc, application.institution.code) == ("submitted", red_star.uscc, "RIVER")


def test_the_back_button_and_a_double_click_make_no_second_application(owner, red_star):
    token = str(uuid4())
    first, second = (sent(owner, red_star, form_token=token) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    other = sent(owner, red_star)
    assert other.headers["Location"] == first.headers["Location"]
    assert Application.objects.count() == 1


def test_without_a_consent_the_page_says_where_to_sign(product, red_star, red_star_owner):
    client = inside(red_star_owner, uscc=red_star.uscc)
    assert "去签署或恢复授权" in client.get(NEW).content.decode()
    answer = sent(client, red_star)
    assert answer.status_code == 422
    assert "请先签署或恢复授权" in answer.content.decode()


@pytest.mark.parametrize("code", ["", "NOSUCH", "river001", "x" * 99])
def test_a_product_that_is_not_there(owner, code):
    assert owner.get(f"/my/applications/new?product={code}").status_code in (302, 404)


def test_a_form_shown_for_another_enterprise_is_refused(owner, red_star, blue_sea):
    assert sent(owner, blue_sea).status_code == 409
    assert not Application.objects.exists()


def test_a_strangers_application_is_404_like_one_that_is_not_there(application, blue_sea, stranger):
    client = inside(stranger, uscc=blue_sea.uscc)
    for number in (application.number, "RZ2026030200000000"):
        assert client.get(f"/my/applications/{number}").status_code == 404
        for act in ("withdraw", "supply", "accept", "decline", "confirm", "dispute"):
            form = {"acting_for": blue_sea.uscc, "text": "说明一下"}
            assert client.post(f"/my/applications/{number}/{act}", form).status_code == 404


def test_nobody_and_staff_do_not_get_in(application, client, river_bank_officer):
    path = f"/my/applications/{application.number}"
    assert client.get(path).headers["Location"].startswith("/login")
    assert inside(river_bank_officer).get(path).status_code == 404


def act(client, firm, application, name, **fields):
    return client.post(f"/my/applications/{application.number}/{name}", {"acting_for": firm.uscc, **fields})


def test_withdraw_once(owner, application, red_star):
    for _ in range(2):
        assert act(owner, red_star, application, "withdraw", reason="不需要了").status_code == 302
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN
    assert application.moves.count() == 2


def test_what_the_bank_asks_is_shown_and_answered(owner, application, red_star, river_bank_officer):
    to_review(application, river_bank_officer.actor)
    actions.ask_more(
        application=application, what="请说明<b>下降</b>原因", by=river_bank_officer.actor, at=timezone.now()
    )
    page = owner.get(f"/my/applications/{application.number}").content.decode()
    assert "请说明&lt;b&gt;下降" in page
    assert "机构时限暂停" in page
    empty = act(owner, red_star, application, "supply", text="")
    assert (empty.status_code, "请填写说明" in empty.content.decode()) == (422, True)
    long = act(owner, red_star, application, "supply", text="长" * 401)
    assert (long.status_code, "长" * 401 in long.content.decode()) == (422, True)
    assert act(owner, red_star, application, "supply", text="客户停产检修").status_code == 302
    application.refresh_from_db()
    assert application.state == State.UNDER_REVIEW


def test_the_page_shows_who_will_call(owner, application, river_bank_officer):
    to_review(application, river_bank_officer.actor)
    page = owner.get(f"/my/applications/{application.number}").content.decode()
    assert "江经理 · 0591-87000001" in page
    assert "平台不收费" in page


def test_an_offer_that_is_over_cannot_be_accepted(
    owner, application, red_star, river_bank_officer, river_bank_approver
):
    to_offer(application, river_bank_officer.actor, river_bank_approver.actor)  # valid till March, and now it is later
    page = owner.get(f"/my/applications/{application.number}").content.decode()
    assert "批复已过有效期" in page
    assert "确认接受批复方案" not in page
    answer = owner.post(
        f"/my/applications/{application.number}/accept", {"acting_for": red_star.uscc}, follow=True
    ).content.decode()
    assert "批复已过有效期，不能再确认" in answer


def test_an_unknown_act_is_404(owner, application, red_star):
    assert act(owner, red_star, application, "fund").status_code == 404
    assert owner.get(f"/my/applications/{application.number}/withdraw").status_code == 405


def test_the_list_and_the_own_page_show_it(owner, application):
    for path in ("/my/applications", "/my"):
        page = owner.get(path).content.decode()
        assert application.number in page
        assert "税易融" in page
    assert Application.objects.get().amount_fen == 100 * WAN
