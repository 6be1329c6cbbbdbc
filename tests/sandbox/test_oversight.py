"""A new sandbox has notes, complaints and looks at the desks, made by the real actions."""

from dataclasses import replace
from datetime import timedelta

from jinfuyun.kit.actor import House, HouseKind, Role, institution_house
from jinfuyun.oversight import queries
from jinfuyun.oversight.models import Complaint, Look, Note
from jinfuyun.sandbox.oversight import oversee_some
from jinfuyun.sandbox.staff import SHOWN
from tests import market
from tests.cast import MONDAY, Firm, given, staff_person

AT = MONDAY + timedelta(days=45)


def test_every_desk_has_something(db: None, red_star: Firm, blue_sea: Firm) -> None:
    province = House(HouseKind.REGION, "350000")
    first = staff_person("regulator", "regulator", "13700000081", "闽监管", province, Role.REGULATOR)
    second = staff_person("regulator", "regulator.two", "13700000082", "闽复核", province, Role.REGULATOR)
    house = institution_house(SHOWN)
    staff_person("institution", f"{SHOWN.lower()}.officer", "13900000088", "江经理", house, Role.OFFICER)
    product = market.product(code="SHOWN001", of=market.institution(replace(market.RIVER, code=SHOWN)))
    for firm in (red_star, blue_sea):
        given(firm)
        market.applied(firm, product_code=product.code)
    assert oversee_some(at=AT) == 2
    assert sorted(Note.objects.values_list("state", flat=True)) == ["answered", "sent"]
    assert Complaint.objects.filter(institution=None).count() == 1
    assert sorted(Look.objects.values_list("state", flat=True)) == ["asked", "open"]
    assert [len(queries.to_agree(one.actor, AT.date())) for one in (first, second)] == [0, 1]
