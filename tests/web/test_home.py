"""The home page says nothing that the one table of figures does not."""

import re

import pytest
from django.core.cache import cache

from jinfuyun.supervision.queries import BY_NAME
from jinfuyun.web import figures
from jinfuyun.web.public import home
from tests import market
from tests.browser import axe, overflow, shoot
from tests.supervision import scene
from tests.supervision.scene import FUZHOU, WAN


@pytest.fixture(autouse=True)
def nothing_kept():
    """What another test counted in the same minute."""
    cache.clear()


def cards(client) -> dict[str, str]:
    page = client.get("/").content.decode()
    found = re.findall(r'<dt>([^<]+)</dt>\s*<dd class="figure-value[^"]*">(.*?)</dd>', page)
    return {label: re.sub(r"<[^>]+>", " ", value).strip() for label, value in found}


def test_an_empty_platform_shows_zeros_and_no_products(client, db):
    shown = cards(client)
    assert list(shown) == [BY_NAME[name].label for name in home.FIGURES]
    assert all(value.split()[0] == "0" for value in shown.values())
    assert "新近上架的产品" not in client.get("/").content.decode()


def test_figures_are_counted_now_and_small_cells_stay_hidden(client, db, red_star_owner):
    scene.three_cities(red_star_owner)
    assert cards(client) == {
        "认证企业数": "7 户", "授权企业数": "—", "入驻机构数": "2 家", "上架产品数": "2 款", "放款笔数": "—",
        "放款金额": "—",
    }  # fmt: skip
    for number in range(10, 13):
        scene.funded(scene.enterprise(number, FUZHOU), wan=4000)
    assert cards(client)["认证企业数"] == "7 户"  # kept for a minute
    cache.clear()
    shown = cards(client)
    assert (shown["认证企业数"], shown["放款笔数"], shown["放款金额"]) == ("10 户", "6 笔", "1.24 亿元")


def test_each_figure_says_how_it_is_counted(client, db):
    page = client.get("/").content.decode()
    assert all(figures.definition(BY_NAME[name]) in page for name in home.FIGURES)


def test_how_figures_are_written():
    fen, share, count = (BY_NAME[name] for name in ("funded_fen", "consented_share", "funded"))
    assert [figures.short(fen, value) for value in (None, 0, 123_456_700)] == ["—", "0", "123.46"]
    assert [figures.exact(fen, value) for value in (None, 5, 123_456_705)] == ["", "0.05", "1234567.05"]
    assert (figures.short(share, 5714), figures.exact(count, 12345), figures.short(count, 12345)) == (
        "57.14%", "12345", "12,345",
    )  # fmt: skip
    assert figures.card(fen, 10_000 * WAN)[1:3] == ("1", "亿元")
    assert figures.card(fen, 9_999 * WAN)[1:3] == ("9,999", "万元")


def fill(person):
    scene.three_cities(person)
    for number in range(2, 5):
        market.product(code=f"MLYH00{number}")


def look(page, site):
    page.goto(site + "/")
    page.get_by_text("这些数字怎么来的").click()
    assert axe(page) == []
    assert overflow(page) == 0
    shoot(page, "home-figures")


@pytest.mark.browser
def test_the_home_page_at_desk_width(site, red_star_owner, page):
    fill(red_star_owner)
    look(page, site)


@pytest.mark.browser
def test_the_home_page_on_a_phone(site, red_star_owner, phone):
    fill(red_star_owner)
    look(phone, site)
