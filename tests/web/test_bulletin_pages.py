"""月度简报 on its page: made by button, given out as PDF and Word, checked by anybody; and the wall in a browser."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from jinfuyun.kit.actor import House, HouseKind, Role
from jinfuyun.storage import signing
from jinfuyun.supervision import actions
from tests.browser import axe, overflow, shoot
from tests.cast import staff_person
from tests.supervision import scene
from tests.web.inside import inside, let_in


@pytest.fixture
def regulator():
    house = House(HouseKind.REGION, "350000")
    return staff_person("regulator", "province.regulator", "13700000002", "闽监管", house, Role.REGULATOR)


def close(month="2026-03"):
    actions.close(month=month, by=scene.regulator("350000"), at=timezone.now())


def make(person, month="2026-03"):
    return inside(person).post("/regulator/bulletins/make", {"month": month}, follow=True).content.decode()


def test_a_bulletin_is_made_given_out_and_checked(db, red_star_owner, regulator, fuzhou_regulator):
    scene.three_cities(red_star_owner)
    assert "还没有关账" in make(regulator, "2026-02") and "请写明月份" in make(regulator, "x")
    close()
    assert "立即制作" in inside(regulator).get("/regulator/bulletins").content.decode()
    assert "立即制作" not in inside(fuzhou_regulator).get("/regulator/bulletins").content.decode()
    assert inside(fuzhou_regulator).post("/regulator/bulletins/make", {"month": "2026-03"}).status_code == 403
    assert "2026-03 的简报已制作并签章" in make(regulator)
    reader = inside(fuzhou_regulator)
    assert reader.get("/regulator/bulletins/JB202603-1.pdf").content.startswith(b"%PDF")
    assert reader.get("/regulator/bulletins/JB202603-1.docx").content.startswith(b"PK")
    assert reader.get("/regulator/bulletins/JB209903-1.pdf").status_code == 404
    checked = Client().get("/verify/JB202603-1").content.decode()
    assert "月度简报" in checked and "确由本平台制作" in checked


def test_while_nothing_can_be_signed_nothing_is_kept_and_the_page_says_so(db, regulator, monkeypatch):
    close()

    def fails(*args, **kwargs):
        raise signing.CannotSign

    monkeypatch.setattr(signing, "sign", fails)
    assert "电子签章服务暂不可用" in make(regulator)
    assert "立即制作" in inside(regulator).get("/regulator/bulletins").content.decode()


def look(page, name):
    shoot(page, name)
    assert axe(page) == [], name
    assert overflow(page) == 0, name


@pytest.mark.browser
def test_the_wall_keeps_its_picture_while_the_server_is_away(site, red_star_owner, regulator, page, phone):
    scene.three_cities(red_star_owner)
    close()
    close("2026-02")
    let_in(page, site, regulator)
    page.goto(f"{site}/regulator/bulletins")
    page.get_by_role("button", name="立即制作").last.click()
    page.get_by_text("2026-03 的简报已制作并签章").wait_for()
    for each in (page, phone):
        let_in(each, site, regulator)
        each.goto(f"{site}/regulator/bulletins")
        look(each, "bulletins")
        each.goto(f"{site}/regulator/wall")
        look(each, "wall")
    scene.enterprise(9, scene.XIAMEN)
    card = page.locator("[data-indicator=authenticated] dd").first
    before = card.inner_text()
    page.evaluate("refresh()")
    expect(card).not_to_have_text(before)
    page.route("**/regulator/wall/now**", lambda route: route.abort())
    page.evaluate("refresh()")
    expect(page.get_by_text("暂时连不上服务器")).to_be_visible()
    expect(card).to_be_visible()
    look(page, "wall-away")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"/regulator(\?|$)"))
