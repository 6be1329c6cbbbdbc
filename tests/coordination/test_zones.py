"""专区: gathered by choice or by condition, shown from the first day to the last, never empty.

Seen red: with an empty one published, and with a zone shown whatever its days.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from jinfuyun.coordination import actions, queries
from jinfuyun.coordination.content import ZoneText, zone_stands
from jinfuyun.coordination.models import Zone
from jinfuyun.kit.actor import PLATFORM_HOUSE, Actor, Role
from jinfuyun.kit.errors import NotAllowed, NotFound
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.products.models import Product
from tests.cast import MONDAY, TODAY
from tests.coordination.stage import CITY, XIAMEN
from tests.demands.stage import officer_of

OPERATOR = Actor("op", "云运营", frozenset({Role.OPERATOR}), PLATFORM_HOUSE)
TEXT = ZoneText(
    "spring-tea", "春茶备货专区", "面向春茶收购和加工的小微企业，备货贷款集中对接。", TODAY, TODAY + timedelta(days=9),
    product_codes=("RIVER001",),
)  # fmt: skip


def codes(text):
    return [Product.objects.get(pk=one).code for one in queries.products_of(text)]


def test_it_runs_from_its_first_day_to_its_last_and_ends_by_itself(banks):
    actions.keep_zone(text=TEXT, by=OPERATOR, at=MONDAY)
    assert queries.running_zones(TODAY) == []  # a draft
    actions.publish_zone(slug="spring-tea", by=OPERATOR, at=MONDAY)
    shown = {days: bool(queries.running_zones(TODAY + timedelta(days=days))) for days in (-1, 0, 9, 10)}
    assert shown == {-1: False, 0: True, 9: True, 10: False}
    Product.objects.update(state="paused")
    with pytest.raises(NotFound):  # nothing in it any more
        queries.running_zone("spring-tea", TODAY)


def test_products_by_choice_and_by_condition(banks):
    assert codes(TEXT) == ["RIVER001"]
    assert codes(replace(TEXT, product_codes=(), security="unsecured")) == ["HILL001", "RIVER001"]
    assert codes(replace(TEXT, product_codes=(), security="pledge")) == []
    version = Product.objects.get(code="RIVER001").current
    version.regions = ["350200"]
    version.save()
    Product.objects.update(listed_at=MONDAY)  # so that the market is read anew
    assert codes(replace(TEXT, region_code="350100")) == []


def test_an_empty_one_is_not_published_nor_emptied(banks):
    actions.keep_zone(text=replace(TEXT, product_codes=()), by=OPERATOR, at=MONDAY)
    with pytest.raises(actions.Empty):
        actions.publish_zone(slug="spring-tea", by=OPERATOR, at=MONDAY)
    actions.keep_zone(text=TEXT, slug="spring-tea", by=OPERATOR, at=MONDAY)
    actions.publish_zone(slug="spring-tea", by=OPERATOR, at=MONDAY)
    with pytest.raises(actions.Empty):
        actions.keep_zone(text=replace(TEXT, product_codes=()), slug="spring-tea", by=OPERATOR, at=MONDAY)


def test_a_regulator_makes_its_own_for_its_region(banks):
    with pytest.raises(NotInOrder, match="辖内"):
        actions.keep_zone(text=TEXT, by=CITY, at=MONDAY)
    actions.keep_zone(text=replace(TEXT, region_code="350100"), by=CITY, at=MONDAY)
    with pytest.raises(NotInOrder, match="已被使用"):
        actions.keep_zone(text=TEXT, by=OPERATOR, at=MONDAY)
    with pytest.raises(NotFound):
        actions.publish_zone(slug="spring-tea", by=XIAMEN, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.publish_zone(slug="spring-tea", by=officer_of("RIVER"), at=MONDAY)
    actions.publish_zone(slug="spring-tea", by=CITY, at=MONDAY)
    actions.close_zone(slug="spring-tea", by=OPERATOR, at=MONDAY)
    assert Zone.objects.get().state == "closed"


@pytest.mark.parametrize(("changes", "field"), [
    ({"slug": "春茶"}, "slug"), ({"slug": "-tea"}, "slug"), ({"title": "茶"}, "title"), ({"words": "短"}, "words"),
    ({"until": TODAY - timedelta(days=1)}, "until"), ({"until": date(2027, 9, 1)}, "until"),
    ({"region_code": "110000"}, "region_code"),
])  # fmt: skip
def test_what_is_not_in_order_says_where(db, changes, field):
    with pytest.raises(NotInOrder) as refusal:
        actions.keep_zone(text=replace(TEXT, **changes), by=OPERATOR, at=MONDAY)
    assert [reason.field for reason in refusal.value.reasons] == [field]


def test_how_it_stands_by_its_days():
    stands = [zone_stands("published", TODAY, TODAY, TODAY + timedelta(days=days)) for days in (-1, 0, 1)]
    assert [*stands, zone_stands("draft", TODAY, TODAY, TODAY)] == ["planned", "running", "expired", "draft"]
