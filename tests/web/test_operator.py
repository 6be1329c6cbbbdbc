"""Operators admit institutions and list products through their pages, two people each."""

import re
from dataclasses import replace

import pytest

from jinfuyun.accounts.models import Invitation
from jinfuyun.institutions.models import Institution
from jinfuyun.kit.actor import PLATFORM_HOUSE, Role
from jinfuyun.products.models import Product, Version
from tests import market
from tests.cast import staff_person
from tests.market import RIVER, TAX_LOAN
from tests.web.inside import inside

FORM = {
    "code": "MLYH", "name": "闽岭银行", "kind": "bank", "licence_number": "B0001H235010001", "region_code": "350100",
    "hotline": "0591-87000001", "contact_name": "林知远", "contact_phone": "13805910001",
}  # fmt: skip
INSTITUTION = "/operator/institutions/MLYH"


def seen_on(client, path: str) -> str:
    """The digest in the form that the reviewer was shown."""
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(path).content.decode())
    assert found
    return found[1]


def proposed(client) -> None:
    assert client.post("/operator/institutions/new", FORM).headers["Location"] == INSTITUTION
    client.post(f"{INSTITUTION}/submit")


def state() -> str:
    return Institution.objects.get(code="MLYH").state


def test_one_operator_writes_another_admits_and_invites_the_first_administrator(db, operator, second_operator):
    one, two = inside(operator), inside(second_operator)
    proposed(one)
    assert "须由另一位同事复核" in one.get(INSTITUTION).content.decode()
    refused = one.post(f"{INSTITUTION}/admit", {"seen": seen_on(one, INSTITUTION)}, follow=True).content.decode()
    assert ("不能复核自己提交的内容" in refused, state()) == (True, "in_review")
    assert "闽岭银行" in two.get("/operator/institutions?state=in_review").content.decode()
    page = two.get(INSTITUTION).content.decode()
    assert ("13805910001" in page, "138****0001" in page) == (False, True)
    two.post(f"{INSTITUTION}/admit", {"seen": seen_on(two, INSTITUTION)})
    assert state() == "active"
    first = {"name": "林知远", "phone": "13805910001", "account": "minling.admin"}
    assert two.post(f"{INSTITUTION}/invite", first).status_code == 302
    assert (Invitation.objects.get().house_code, Invitation.objects.get().roles) == ("MLYH", ["institution_admin"])


def test_a_second_account_of_the_same_person_may_not_admit(db, operator):
    proposed(inside(operator))
    again = staff_person("operator", "operator.again", operator.phone, "云运营", PLATFORM_HOUSE, Role.OPERATOR)
    client = inside(again)
    answer = client.post(f"{INSTITUTION}/admit", {"seen": seen_on(client, INSTITUTION)}, follow=True)
    assert ("同一人" in answer.content.decode(), state()) == (True, "in_review")


def test_an_old_page_does_not_admit_new_content(db, operator, second_operator):
    one, two = inside(operator), inside(second_operator)
    proposed(one)
    old = seen_on(two, INSTITUTION)
    two.post(f"{INSTITUTION}/send_back", {"ground": "licence", "why": "名称与证书不符"})
    assert "名称与证书不符" in one.get(INSTITUTION).content.decode()
    one.post(f"{INSTITUTION}/edit", FORM | {"name": "闽岭商业银行"})
    one.post(f"{INSTITUTION}/submit")
    answer = two.post(f"{INSTITUTION}/admit", {"seen": old}, follow=True)
    assert ("刷新页面重新核对" in answer.content.decode(), state()) == (True, "in_review")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"code": ""}, "请填写机构编码"),
        ({"code": "minling"}, "大写字母"),
        ({"name": "行" * 61}, "60"),
        ({"kind": "pawnshop"}, "选择"),
        ({"licence_number": "1"}, "照证书填写"),
        ({"region_code": "110000"}, "选择"),
        ({"hotline": "call me"}, "企业可以拨打的电话"),
        ({"contact_phone": "1"}, "联系人的手机号"),
        ({"contact_name": "a\0"}, "不允许"),
    ],
)
def test_a_faulty_institution_comes_back(db, operator, change, message):
    answer = inside(operator).post("/operator/institutions/new", FORM | change)
    assert (answer.status_code, message in answer.content.decode()) == (422, True)
    assert not Institution.objects.exists()


def test_sent_twice_it_is_one_institution(db, operator):
    client = inside(operator)
    client.post("/operator/institutions/new", FORM)
    again = client.post("/operator/institutions/new", FORM)
    assert (again.status_code, "与已有机构重复" in again.content.decode()) == (422, True)
    assert Institution.objects.count() == 1


def test_suspended_its_products_leave_the_market(db, client, operator):
    market.product(code="MLYH001")
    one = inside(operator)
    assert one.post(f"{INSTITUTION}/suspend", {"why": ""}).status_code == 422
    one.post(f"{INSTITUTION}/suspend", {"why": "投诉核查"})
    assert client.get("/products/MLYH001").status_code == 404
    seat = {"name": "林敏岭", "phone": "13905910001", "account": "minling.lin"}
    refused = one.post(f"{INSTITUTION}/invite", seat)
    assert (refused.status_code, "机构入驻后、没有暂停时" in refused.content.decode()) == (422, True)
    one.post(f"{INSTITUTION}/resume", {"why": "核查完毕"})
    assert client.get("/products/MLYH001").status_code == 200


def test_what_is_not_there_is_404(db, operator):
    client = inside(operator)
    for path in ("/operator/institutions/NOBODY", "/operator/products/NOBODY/1"):
        assert client.get(path).status_code == 404
        assert client.post(f"{path}/pause").status_code == 404
    market.institution()
    assert client.post(f"{INSTITUTION}/explode").status_code == 404


@pytest.mark.parametrize("path", ["/operator/institutions", "/operator/institutions/new", "/operator/products"])
def test_nobody_else_gets_in(db, client, river_bank_admin, red_star_owner, fuzhou_regulator, path):
    assert client.get(path).headers["Location"].startswith("/login")
    for person in (river_bank_admin, red_star_owner, fuzhou_regulator):
        assert inside(person).get(path).status_code == 404


# -- products, from the manager's form to the market -----------------------------------------------------------------

PRODUCT = {
    "name": "税易融", "kind": "working_capital", "summary": "按时纳税的小微企业，凭纳税信用申请。", "amount_min": "1",
    "amount_max": "300", "term_min": "1", "term_max": "12", "rate_kind": "floating", "lpr_tenor": "1Y",
    "spread_min": "40", "spread_max": "120", "securities": ["unsecured"], "repayments": ["at_maturity"],
    "repayment_frequency": "monthly", "drawdown": "revolving", "prepayment": "free", "borrowers": ["company"],
    "regions": ["350100"], "counties": ["350203"], "industries": ["C"], "tax_grades": ["A", "B"],
    "accept_days": "1", "approve_days": "5", "disburse_days": "5", "categories": ["registration", "invoices"],
    "purpose": "pre_loan", "hotline": "0591-87000001", "from_data": "营业执照\n", "to_upload": "近一年主要合同\n其他",
    "subject_0": "tax_paid_r12", "operator_0": ">=", "value_0": "1", "text_0": "近 12 个月入库税额不低于 1 万元",
}  # fmt: skip
APPRAISAL = {
    "fee_kind_0": "appraisal", "fee_payer_0": "enterprise", "fee_basis_0": "once_fen", "fee_value_0": "3000",
    "fee_text_0": "评估机构收取",
}  # fmt: skip
MANAGED = "/bank/products/RIVER-001"
REVIEWED = "/operator/products/RIVER-001/1"


def confirmed(admin) -> None:
    """The institution's second pair of eyes."""
    second = inside(admin)
    second.post(f"{MANAGED}/confirm", {"seen": seen_on(second, MANAGED)})


@pytest.fixture
def manager(db, river_bank_product_manager):
    market.institution(RIVER)
    return inside(river_bank_product_manager)


def test_from_the_managers_form_to_the_market_and_a_new_version(manager, client, operator, river_bank_admin):
    assert manager.post("/bank/products/new", PRODUCT).headers["Location"] == MANAGED
    manager.post(f"{MANAGED}/submit")
    desk = inside(operator)
    assert "税易融" not in desk.get("/operator/products").content.decode()
    confirmed(river_bank_admin)
    assert "税易融" in desk.get("/operator/products").content.decode()
    desk.post(f"{REVIEWED}/list", {"seen": seen_on(desk, REVIEWED)})
    page = client.get("/products/RIVER-001").content.decode()
    for text in (
        "3.40% – 4.20%",
        "福州市、厦门市思明区",
        "制造业",
        "近一年主要合同",
        "近 12 个月入库税额不低于 1 万元",
    ):
        assert text in page, text
    edit = manager.get(f"{MANAGED}/edit").content.decode()
    assert ('value="税易融"' in edit, "改出新版本" in edit) == (True, True)
    manager.post(f"{MANAGED}/edit", PRODUCT | {"spread_max": "200"})
    assert "4.20%" in client.get("/products/RIVER-001").content.decode()
    manager.post(f"{MANAGED}/submit")
    confirmed(river_bank_admin)
    second = "/operator/products/RIVER-001/2"
    compared = desk.get(second).content.decode()
    assert ("与第 1 版相比改动了" in compared, "第 1 版（现在上架）" in compared) == (True, True)
    desk.post(f"{second}/list", {"seen": seen_on(desk, second)})
    assert "5.00%" in client.get("/products/RIVER-001").content.decode()


def test_what_the_form_says_is_what_is_kept(manager):
    manager.post("/bank/products/new", PRODUCT)
    first = Version.objects.get().terms()
    manager.post(f"{MANAGED}/edit", PRODUCT)
    assert Version.objects.get().terms() == first
    assert (first.regions, first.industries, len(first.materials)) == (("350100", "350203"), ("C",), 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "请填写产品名称"),
        ({"amount_min": "400"}, "最高额度不能低于最低额度"),
        ({"amount_max": "abc"}, "输入一个数"),
        ({"spread_max": ""}, "请填写最低与最高"),
        ({"rate_kind": "fixed"}, "请填写最低与最高"),
        ({"rate_kind": "fixed", "rate_min": "3", "rate_max": "36"}, "超过平台上限 24%"),
        ({"lpr_tenor": ""}, "请选择所依据的 LPR 期限"),
        ({"securities": []}, "请填写担保方式"),
        ({"securities": ["soul"]}, "选择"),
        ({"regions": ["110000"]}, "选择"),
        ({"value_0": ""}, "第 1 条条件没有填完"),
        ({"subject_0": ""}, "第 1 条条件没有选择比较什么"),
        ({"subject_0": "tax_grade", "operator_0": "in"}, "第 1 条条件没有填完"),
        ({"subject_0": "size", "operator_0": ">=", "words_0": ["micro"]}, "选择"),
        ({"fee_kind_0": "appraisal", "fee_value_0": "1"}, "第 1 条费用没有填完"),
        (APPRAISAL, "小型、微型企业不得承担评估费"),
        ({"kind": "bill"}, "票据类产品的期限最长 6 个月"),
        ({"to_upload": "长" * 61}, "60 字以内"),
        ({"listed_until": "2020-01-01"}, "不能早于今天"),
        ({"listed_until": "tomorrow"}, "日期"),
        ({"accept_days": "0"}, "1"),
    ],
)
def test_a_faulty_product_comes_back(manager, change, message):
    answer = manager.post("/bank/products/new", PRODUCT | change)
    assert (answer.status_code, message in answer.content.decode()) == (422, True)
    assert 'href="#id_fee_kind_0"' in answer.content.decode() or change is not APPRAISAL  # at its row
    assert not Product.objects.exists()


def test_in_review_it_cannot_be_changed_and_sent_back_it_says_why(manager, operator, river_bank_admin):
    manager.post("/bank/products/new", PRODUCT)
    manager.post(f"{MANAGED}/submit")
    again = manager.post(f"{MANAGED}/edit", PRODUCT, follow=True).content.decode()
    assert "正在审核" in again
    confirmed(river_bank_admin)
    desk = inside(operator)
    assert desk.post(f"{REVIEWED}/send_back", {"ground": "conditions", "why": "短" * 201}).status_code == 422
    desk.post(f"{REVIEWED}/send_back", {"ground": "rate_or_fees", "why": "利率写法不清楚"})
    assert "利率写法不清楚" in manager.get(MANAGED).content.decode()
    manager.post(f"{MANAGED}/submit")
    assert Product.objects.get().state == "in_review"


def test_rows_are_added_and_taken_away_and_words_are_chosen_instead_of_a_number(manager):
    """By the server, with and without scripts; nothing is judged or lost meanwhile."""
    half = {"name": "半成品", "subject_0": "tax_paid_r12", "value_0": "7", "subject_4": "tax_grade"}
    page = manager.post("/bank/products/new", half | {"add": "condition"}).content.decode()
    assert all(part in page for part in ('name="subject_5"', 'name="words_4"', 'value="半成品"', "万元"))
    assert ("value_4" in page, "error-summary" in page) == (False, False)
    page = manager.post("/bank/products/new", half | {"remove": "condition_0"}).content.decode()
    assert ("subject_0" in page, "subject_4" in page) == (False, True)
    words = PRODUCT | {"subject_0": "tax_grade", "operator_0": "not in", "words_0": ["C", "D"], "text_0": ""}
    manager.post("/bank/products/new", words)
    [condition] = Version.objects.get().terms().conditions
    assert (condition.value, condition.text) == (("C", "D"), "纳税信用等级不属于：C 级、D 级")
    again = manager.get(f"{MANAGED}/edit").content.decode()
    assert [f'value="{one}" id="id_words_0_{i}" checked' in again for i, one in enumerate("ABMCD")] == [
        False, False, False, True, True
    ]  # fmt: skip


def test_what_is_typed_is_kept_without_being_judged(manager):
    notes = "00000000-0000-4000-8000-00000000abcd"
    kept = manager.post("/bank/products/new", {"draft": notes, "keep": "1", "name": "半成品", "amount_min": "不是数"})
    assert kept.headers["Location"] == f"/bank/products/new?draft={notes}"
    page = manager.get(f"/bank/products/new?draft={notes}").content.decode()
    assert ('value="半成品"' in page, 'value="不是数"' in page) == (True, True)
    assert "没有填完的新产品" in manager.get("/bank/products").content.decode()
    said = manager.post("/bank/products/new", {"draft": notes, "keep": "1"}, headers={"X-Autosave": "1"})
    assert said.content.decode().startswith("已保存 ")
    manager.post(f"/bank/products/unfinished/{notes}/discard")
    assert "没有填完的新产品" not in manager.get("/bank/products").content.decode()
    assert manager.post(f"/bank/products/unfinished/{notes}/discard").status_code == 404


def test_pause_resume_delist_with_a_reason(manager, client):
    market.product(code="RIVER-001", of=market.institution(RIVER))
    assert manager.post(f"{MANAGED}/pause", {"why": ""}).status_code == 422
    manager.post(f"{MANAGED}/pause", {"why": "额度用完"})
    assert client.get("/products/RIVER-001").status_code == 404
    manager.post(f"{MANAGED}/resume", {"why": "额度恢复"})
    assert client.get("/products/RIVER-001").status_code == 200
    manager.post(f"{MANAGED}/delist", {"why": "产品调整"})
    assert "刚刚已被处理" in manager.post(f"{MANAGED}/resume", {"why": "再来"}, follow=True).content.decode()
    assert manager.post(f"{MANAGED}/list", {"why": "自己上架"}).status_code == 404


def test_what_the_platform_paused_is_not_the_banks_to_resume(manager, operator):
    market.product(code="RIVER-001", of=market.institution(RIVER))
    inside(operator).post("/operator/products/RIVER-001/1/pause", {"why": "投诉核查"})
    page = manager.get(MANAGED).content.decode()
    assert "平台已暂停该产品" in page and "投诉核查" in page and f"{MANAGED}/resume" not in page
    assert "须由平台恢复" in manager.post(f"{MANAGED}/resume", {"why": "再来"}, follow=True).content.decode()


def test_another_banks_product_is_404(manager):
    other = market.institution(replace(market.MINLING, code="HILL", name="山岭银行", licence_number="B0009H1"))
    products_of_others = market.product(TAX_LOAN, code="HILL-001", of=other)
    for path in ("", "/edit"):
        assert manager.get(f"/bank/products/{products_of_others.code}{path}").status_code == 404
    for path in ("/submit", "/pause", "/edit"):
        assert manager.post(f"/bank/products/{products_of_others.code}{path}", PRODUCT).status_code == 404


def test_an_operator_may_take_a_product_off(db, client, operator):
    market.product(code="MLYH-001")
    desk = inside(operator)
    path = "/operator/products/MLYH-001/1"
    desk.post(f"{path}/pause", {"why": "投诉核查"})
    assert client.get("/products/MLYH-001").status_code == 404
    assert "平台：投诉核查" in desk.get(path).content.decode()
    desk.post(f"{path}/resume", {"why": "核查完毕"})
    assert client.get("/products/MLYH-001").status_code == 200
