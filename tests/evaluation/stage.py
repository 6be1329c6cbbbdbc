"""Six banks, how many applications each took in and how many in time; a scheme that can be reckoned by hand."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from jinfuyun.applications.models import Move
from jinfuyun.evaluation import actions
from jinfuyun.evaluation.queries import schemes
from jinfuyun.evaluation.rules import Cadence, Group, Item, Scheme
from jinfuyun.kit.actor import Actor, House, HouseKind, Role, institution_house
from jinfuyun.kit.calendar import SHANGHAI
from jinfuyun.kit.cards import Bin
from jinfuyun.supervision import actions as supervision
from tests import market
from tests.cast import MONDAY, TODAY, staff_person
from tests.supervision import scene
from tests.supervision.scene import regulator

MARCH, APRIL = "2026-03", datetime(2026, 4, 2, 9, tzinfo=SHANGHAI)
PROVINCE, FUZHOU_CITY = regulator("350000"), regulator("350100")
# code, taken in, of them in time, refused, of them without a reason
BANKS = (
    ("RIVER", 5, 4, 2, 1), ("HILL", 5, 5, 0, 0), ("BTHREE", 4, 1, 4, 1), ("BFOUR", 5, 5, 5, 0), ("BFIVE", 3, 3, 0, 0),
    ("BSIX", 2, 2, 1, 1),
)  # fmt: skip
SCHEME = Scheme(
    name="by_hand", label="手算方案", valid_from=date(2026, 1, 1), reference="测试", cadence=Cadence.MONTH,
    sample_min=3, coverage_min=50, groups=(Group("银行", ("bank",), ()),),
    items=(
        Item("intake_in_time", "受理及时率", "intakes_timed", 60,
             (Bin(0, high=5000), Bin(50, low=5000, high=9000), Bin(100, low=9000))),
        Item("accepted_share", "受理率", "intakes", 30, (Bin(40, high=5000), Bin(100, low=5000))),
        Item("first_share", "首贷占比", "funded", 10, (Bin(0, high=1000), Bin(100, low=1000))),
        Item("unstated_share", "不便说明占比", "refused", 0, (Bin(0, high=2000), Bin(-5, low=2000))),
    ),
)  # fmt: skip


def person(account: str, phone: str) -> Actor:
    """A regulator of the province, with a phone of his own."""
    house = House(HouseKind.REGION, "350000")
    return staff_person("regulator", account, phone, f"监管{account}", house, Role.REGULATOR).actor


def admin(code: str = "RIVER") -> Actor:
    return Actor("9", "林管事", frozenset({Role.INSTITUTION_ADMIN}), institution_house(code))


def business() -> None:
    """March's: what a bank took in it accepted, except for what it refused at intake; enterprises withdrew."""
    firm = scene.enterprise(90, scene.FUZHOU)  # nobody else's number
    for number, (code, taken, in_time, refused, unstated) in enumerate(BANKS, 1):
        draft = replace(
            market.MINLING, code=code, name=f"示例{number}号银行", licence_number=f"B{number:04d}H235010077"
        )
        market.product(code=f"{code}001", of=market.institution(draft))
        for nth in range(taken):
            at = MONDAY + timedelta(days=1 if nth < in_time else 5)
            act = "decline_intake" if nth < refused else "accept"
            basis = "unstated" if nth < unstated else "policy" if nth < refused else ""
            made = scene.application(
                firm, wan=10, state="declined_intake" if nth < refused else "withdrawn", code=f"{code}001",
                decided_at=at if nth < refused else None, refusal_basis=basis,
            )  # fmt: skip
            made.number = f"SQ{code}{nth}"
            made.save(update_fields=["number"])
            Move.objects.bulk_create(
                [
                    Move(application=made, act="submit", target="x", at=MONDAY, by="1", by_label="林某",
                         due_on=TODAY + timedelta(days=1)),
                    Move(application=made, act=act, target="x", at=at, by="1", by_label="林某"),
                ]
            )  # fmt: skip


def in_force(one: Actor, other: Actor, *, month: str = MARCH, name: str = "by_hand") -> None:
    adoption = actions.propose(name=name, from_month=month, by=one, at=APRIL)
    actions.confirm(adoption=adoption, on_screen=schemes.digest_now(adoption), by=other, at=APRIL)


def evaluated(one: Actor, other: Actor, at: datetime = APRIL) -> None:
    business()
    supervision.close(month=MARCH, by=PROVINCE, at=APRIL)
    in_force(one, other)
    actions.evaluate(period=MARCH, by=one, at=at)
