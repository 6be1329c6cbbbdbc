"""An institution's own house in a real browser at both widths: asked in, branches, people, handover, home, messages."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from jinfuyun.applications import actions
from jinfuyun.applications.models import Application
from jinfuyun.institutions import actions as institutions
from jinfuyun.institutions.rules import DIRECTORY
from jinfuyun.kit.actor import Role, institution_house
from jinfuyun.storage.sheets import sheet
from tests import market
from tests.cast import MONDAY, given, staff_person
from tests.institutions.test_units import person_at, unit
from tests.market import RIVER, applied
from tests.web.inside import let_in
from tests.web.test_care_browser import confirm, look

pytestmark = pytest.mark.browser
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = [
    ("LLW", "蓝鹭湾银行", "银行", "B0002H235020001", "厦门市", "0592-5000002", "陈鹭生", "13805920002"),
    ("XYYH", "星砚银行", "钱庄", "B0005H235010005", "福州市", "0591-87000005", "林星砚", "13805910005"),
]


@pytest.fixture
def house(committed_db, red_star, river_bank_admin, river_bank_officer, river_bank_second_officer, river_bank_approver):
    """Two branches with people, an application at work with the head office's officer, one that is late."""
    for code in ("RIVER001", "RIVER002"):
        market.product(code=code, of=market.institution(RIVER))
    given(red_star)
    at = timezone.now()
    made = applied(red_star, at=at)
    by = river_bank_officer.actor
    actions.accept(application=made, caller_name="江经理", caller_phone="95588", by=by, at=at)
    fuzhou = unit(river_bank_admin, "福州分行", ("350100",))
    unit(river_bank_admin, "晋安支行", ("350111", "350104"), fuzhou)
    person_at(fuzhou, "river.fuzhou")
    late = applied(red_star, product_code="RIVER002", at=at - timedelta(hours=1))
    Application.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    asked = replace(market.LANLUWAN, code="", name="清峤融资担保公司", licence_number="X0009D235050001")
    institutions.ask(asked=asked, ip="10.0.0.1", at=MONDAY)
    return made


def ask_in(page, site) -> None:
    page.goto(f"{site}/join")
    page.get_by_label("金融许可证编码").fill("12")
    page.get_by_role("button", name="提交入驻申请").click()
    page.get_by_text("请填写机构名称").first.wait_for()
    look(page, "institution-join")


def decide(page, site) -> None:
    page.goto(f"{site}/operator/institutions/requests")
    look(page, "institution-requests")
    page.get_by_label("给 清峤融资担保公司 的机构编码").fill("qqdb")
    page.get_by_role("button", name="转为草稿").click()
    page.get_by_text("由另一位同事复核").first.wait_for()
    page.goto(f"{site}/operator/institutions/directory")
    file = {"name": "名录.xlsx", "mimeType": XLSX, "buffer": sheet(DIRECTORY, ROWS)}
    page.get_by_label("机构名录").set_input_files(file)
    page.get_by_role("button", name="导入").click()
    page.get_by_text("提交复核 1 家，有误 1 行").wait_for()
    look(page, "institution-directory")


def grow(page, site) -> None:
    page.goto(f"{site}/bank/units")
    page.get_by_label("名称").fill("泉州分行")
    page.get_by_label("泉州市", exact=True).check()
    page.get_by_role("button", name="设立").click()
    page.get_by_text("已设立泉州分行").wait_for()
    look(page, "institution-units")
    page.get_by_role("link", name="晋安支行").click()
    look(page, "institution-unit")


def hand_over(page, site, person) -> None:
    page.goto(f"{site}/bank/staff")
    page.locator(f"a[href='/bank/staff/{person.user_id}/handover']").click()
    look(page, "institution-handover")
    page.get_by_label("休假").check()
    page.get_by_label("到哪天止").fill(f"{timezone.localdate() + timedelta(days=3)}")
    page.get_by_role("button", name="办理交接").click()
    confirm(page)
    page.get_by_text("交接已办理").wait_for()
    look(page, "institution-staff")
    page.get_by_role("button", name="撤回").last.click()
    confirm(page)
    page.get_by_text("已撤回，业务和账号恢复原状").wait_for()


@pytest.mark.parametrize("width", ["page", pytest.param("phone", marks=pytest.mark.deep)])
def test_an_institution_is_asked_in_grows_and_hands_its_work_over(
    request, width, site, house, operator, river_bank_admin, river_bank_officer
):
    window = request.getfixturevalue(width)
    ask_in(window, site)
    let_in(window, site, operator)
    decide(window, site)
    let_in(window, site, river_bank_admin)
    grow(window, site)
    hand_over(window, site, river_bank_officer)
    window.goto(f"{site}/bank/")
    window.get_by_text("转派超时的申请（1）").wait_for()
    look(window, "institution-home-admin")
    let_in(window, site, river_bank_officer)
    window.goto(f"{site}/bank/")
    look(window, "institution-home")
    window.goto(f"{site}/account/messages")
    look(window, "institution-messages")
    house = institution_house("RIVER")
    let_in(
        window,
        site,
        staff_person("institution", "river.reader", "13900000088", "江查询", house, Role.INSTITUTION_READER),
    )
    window.goto(f"{site}/bank/")
    look(window, "institution-home-reader")
    let_in(window, site, river_bank_officer)
    window.goto(f"{site}/account/messages/topics")
    window.get_by_label("融资需求").uncheck()
    look(window, "institution-topics")
    window.get_by_role("button", name="保存").click()
    window.get_by_text("已保存").wait_for()
    assert not window.get_by_label("融资需求").is_checked()
