"""Evaluation on its pages: the regulator's, the institution's, everybody's; and one walk through them in a browser."""

import io

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from jinfuyun.accounts.models import User
from jinfuyun.evaluation.models import Adoption, Appeal, Result
from jinfuyun.evaluation.queries import schemes
from jinfuyun.institutions.models import Institution, Unit
from jinfuyun.kit.actor import House, HouseKind, Role
from tests.browser import axe, overflow, shoot
from tests.cast import staff_person
from tests.evaluation import stage
from tests.evaluation.stage import MARCH
from tests.signing_in import sign_in
from tests.web.inside import inside

RANKING = f"/regulator/evaluation/periods/{MARCH}"
SCHEME = "/regulator/evaluation/schemes/by_hand"
WORDS = "客户当日已联系，登记迟了一天。"


@pytest.fixture(autouse=True)
def by_hand(monkeypatch):
    monkeypatch.setitem(schemes.SCHEMES, "by_hand", stage.SCHEME)


def regulator(account, phone):
    house = House(HouseKind.REGION, "350000")
    return staff_person("regulator", account, phone, f"监管{account}", house, Role.REGULATOR)


@pytest.fixture
def one():
    return regulator("one", "13700000011")


@pytest.fixture
def two():
    return regulator("two", "13700000012")


@pytest.fixture
def made(db, one, two):
    stage.evaluated(one.actor, two.actor, timezone.now())


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_scheme_is_simulated_proposed_and_confirmed_by_another(db, one, two):
    stage.business()
    stage.supervision.close(month=MARCH, by=stage.PROVINCE, at=timezone.now())
    first, second = inside(one), inside(two)
    page = text(first.get(f"{SCHEME}?period={MARCH}"))
    assert "样本少于 3 笔" in page and "示例2号银行" in page and "66.67" in page and not Result.objects.exists()
    assert "还没有关账" in text(first.get(f"{SCHEME}?period=2026-02"))
    first.post(SCHEME, {"act": "propose", "from_month": MARCH})
    adoption = Adoption.objects.get()
    fields = {"adoption": str(adoption.pk), "seen": schemes.digest_now(adoption)}
    first.post(SCHEME, {"act": "confirm"} | fields)
    assert "另一位同事" in text(first.get(SCHEME)), "four eyes"
    second.post(SCHEME, {"act": "confirm"} | fields)
    assert "已生效" in text(second.get(SCHEME))
    first.post("/regulator/evaluation", {"period": MARCH})
    assert "已评价" in text(first.get("/regulator/evaluation"))
    assert first.post(SCHEME, {"act": "confirm", "adoption": "x"}).status_code == 404
    assert first.get("/regulator/evaluation/schemes/none").status_code == 404


def test_the_ranking_its_file_and_what_everybody_sees_of_it(made, one):
    inspector, anybody = inside(one), Client()
    page = text(inspector.get(RANKING))
    assert "chart-ranking" in page and "可计分的项目太少，不评总分" in page
    book = load_workbook(io.BytesIO(inspector.get(f"{RANKING}.xlsx").content))
    rows = {row[2]: row for row in book.active.iter_rows(values_only=True)}
    assert rows["示例1号银行"][:6] == ("银行", 4, "示例1号银行", 66.67, 80, 33.34) and rows["示例6号银行"][3] is None
    assert "还没有公布的排名" in text(anybody.get("/evaluations"))
    assert anybody.get(f"/evaluations?period={MARCH}").status_code == 404
    inspector.post(RANKING, {"act": "publish"})
    page = text(anybody.get("/evaluations"))
    assert "示例1号银行" in page and "66.67" in page and "受理及时率" not in page
    inspector.post(RANKING, {"act": "hide"})
    assert "66.67" not in text(anybody.get("/evaluations"))
    assert inspector.post(RANKING, {"act": "x"}).status_code == inspector.get(f"{RANKING}0").status_code == 404


def test_a_group_of_fewer_than_five_is_not_public(made, one, monkeypatch):
    inside(one).post(RANKING, {"act": "publish"})
    monkeypatch.setattr("jinfuyun.evaluation.queries.results.SMALL_CELL", 6)
    page = text(Client().get("/evaluations"))
    assert "不公布排名" in page and "66.67" not in page


def test_an_institution_sees_its_points_its_rows_and_appeals(made, one, river_bank_admin, river_bank_approver):
    bank = inside(river_bank_admin)
    page = text(bank.get("/bank/evaluation"))
    assert "33.34" in page and "示例2号银行" not in page, "of others only the median"
    page = text(bank.get(f"/bank/evaluation?period={MARCH}&rows=intake_in_time"))
    assert page.count("SQRIVER") == 5 and "SQHILL" not in page and "/bank/applications/SQRIVER0" not in page
    assert "/bank/applications/SQRIVER0" in text(
        inside(river_bank_approver).get("/bank/evaluation?rows=intake_in_time")
    )
    assert bank.get("/bank/evaluation?rows=funded").status_code == 404
    assert bank.get("/bank/evaluation?period=2026-02").status_code == 404
    refused = bank.post("/bank/evaluation", {"indicator": "intake_in_time", "reason": "错"})
    assert refused.status_code == 422 and "请写明理由（4 至 1000 个字）" in refused.content.decode()
    assert bank.post("/bank/evaluation", {"indicator": "intake_in_time", "reason": WORDS}).status_code == 302
    appeal, inspector = Appeal.objects.get(), inside(one)
    assert WORDS in text(inspector.get(f"/regulator/evaluation/appeals/{appeal.number}"))
    answer = {"outcome": "recounted", "answer": "已核对明细。"}
    refused = inspector.post(f"/regulator/evaluation/appeals/{appeal.number}", answer)
    assert refused.status_code == 422 and "结果没有变化" in refused.content.decode()
    inspector.post(f"/regulator/evaluation/appeals/{appeal.number}", answer | {"outcome": "set_aside"})
    page = text(bank.get("/bank/evaluation"))
    assert "申诉成立，不计分" in page and "原结果：总分 66.67" in page and "已核对明细。" in page


def test_people_of_a_branch_see_the_points_and_no_rows(made, river_bank_admin):
    branch = Unit.objects.create(
        institution=Institution.objects.get(code="RIVER"), level="branch", name="厦门分行", regions=["350200"],
        made_at=stage.MONDAY,
    )  # fmt: skip
    User.objects.filter(pk=river_bank_admin.user_id).update(unit_id=branch.pk)
    page = text(inside(river_bank_admin).get("/bank/evaluation?rows=intake_in_time"))
    assert "66.67" in page and "SQRIVER" not in page and "由总部的机构管理员" in page


def test_without_a_result_the_institution_is_told_so(db, river_bank_admin):
    assert "还没有本机构的评价结果" in text(inside(river_bank_admin).get("/bank/evaluation"))


def test_an_officer_has_no_such_page_and_a_citys_regulator_only_reads(
    made, river_bank_officer, fuzhou_regulator, hill_bank_admin
):
    assert inside(river_bank_officer).get("/bank/evaluation").status_code == 404
    city = inside(fuzhou_regulator)
    assert "确认公布" not in text(city.get(RANKING))
    assert city.post(RANKING, {"act": "publish"}).status_code == 403
    assert city.post("/regulator/evaluation", {"period": MARCH}).status_code == 403
    assert "SQRIVER" not in text(inside(hill_bank_admin).get("/bank/evaluation?rows=intake_in_time"))


# -- in a real browser -----------------------------------------------------------------------------------------------


def walk(page, site, one, two, admin):
    """Simulated, published, read by everybody; appealed against and answered: every page on the way is looked at."""
    stage.evaluated(one.actor, two.actor, timezone.now())
    seen = [("evaluation-scheme", f"{SCHEME}?period={MARCH}"), ("evaluation-ranking", RANKING),
            ("evaluation-result", f"{RANKING}/RIVER")]  # fmt: skip
    sign_in(page, site, one)
    for name, path in seen:
        look(page, site, name, path)
    page.goto(site + RANKING)
    page.get_by_role("button", name="公布排名").click()
    page.get_by_role("button", name="确认", exact=True).click()
    page.get_by_role("link", name="查看公开页面").click()
    look(page, site, "evaluation-public", "/evaluations")
    sign_in(page, site, admin)
    look(page, site, "evaluation-bank", "/bank/evaluation?rows=intake_in_time")
    page.goto(site + "/bank/evaluation")
    page.get_by_label("有异议的项目").select_option("受理及时率")
    page.get_by_label("理由").fill(WORDS)
    page.get_by_role("button", name="提交申诉").click()
    page.get_by_role("button", name="确认", exact=True).click()
    page.get_by_text("申诉已提交").wait_for()
    sign_in(page, site, one)
    look(page, site, "evaluation-list", "/regulator/evaluation")
    page.get_by_role("link", name="示例1号银行 PS").click()
    shoot(page, "evaluation-appeal")
    page.get_by_label("申诉是否成立").select_option("set_aside")
    page.get_by_label("书面答复").fill("情况属实，该项不计分。")
    page.get_by_role("button", name="答复机构").click()
    page.get_by_role("button", name="确认", exact=True).click()
    page.get_by_text("机构已收到通知").wait_for()
    sign_in(page, site, admin)
    look(page, site, "evaluation-answered", "/bank/evaluation")


def look(page, site, name, path):
    assert page.goto(site + path).ok, name
    assert axe(page) == [], name
    assert overflow(page) == 0, name
    shoot(page, name)


@pytest.mark.browser
def test_from_a_result_to_an_answered_appeal(site, one, two, river_bank_admin, page):
    walk(page, site, one, two, river_bank_admin)


@pytest.mark.browser
def test_the_same_on_a_phone(site, one, two, river_bank_admin, phone):
    walk(phone, site, one, two, river_bank_admin)
