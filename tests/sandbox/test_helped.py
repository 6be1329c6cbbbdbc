"""After the night officers of a new sandbox read and lend, so that data supervision shows what the data helped to."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from jinfuyun.consents import actions as consents
from jinfuyun.kit.actor import Role, institution_house
from jinfuyun.loans.models import Loan
from jinfuyun.reports.models import Report
from jinfuyun.sandbox import business, helped, seed, staff
from jinfuyun.supervision.queries import feeds
from tests import market
from tests.cast import MONDAY, TUESDAY, Firm, Person, enterprise_of, given, staff_person
from tests.documents import plant
from tests.reports.sample import INVOICES, REGISTRATION
from tests.supervision import scene


def product_of(code: str, number: int) -> str:
    """Of an institution with an officer and an approver."""
    house = institution_house(code)
    for more, role in enumerate((Role.OFFICER, Role.APPROVER)):
        phone = f"139000000{number}{more}"
        staff_person("institution", f"{code.lower()}.{role}", phone, "江经理", house, role)
    bank = replace(market.RIVER, code=code, name=f"{code}银行", licence_number=f"B{number}")
    return market.product(code=f"{code}001", of=market.institution(bank)).code


def test_officers_read_and_lend_after_the_night_and_a_second_call_goes_on(
    committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, red_star: Firm, blue_sea: Firm,
    bookkeeper: Person,
) -> None:  # fmt: skip
    """One has revoked; what people try at the institution that is shown waits for them."""
    gone = enterprise_of(bookkeeper, number=3, name="远山示例木业社", legal_name="陈算盘")
    shown, other = product_of(staff.SHOWN, 1), product_of("RIVER", 2)
    signed = [given(firm) for firm in (red_star, blue_sea, gone)]
    for firm, product in ((red_star, shown), (red_star, other), (blue_sea, other), (gone, other)):
        hand = business.Hand(market.applied(firm, product_code=product), firm.owner, np.random.default_rng(1))
        for act in ("accept", "contact")[: 1 + (firm is red_star)]:
            hand.does(act, at=MONDAY)
    consents.revoke(consent=signed[-1], by=gone.owner, at=TUESDAY)
    (tmp_path / seed.LETTERS).touch()

    def finish() -> None:
        seed.finish(state=tmp_path, night=lambda: plant_all(red_star, blue_sea), at=TUESDAY)

    monkeypatch.setattr(helped, "COUNT", 1)
    with monkeypatch.context() as broken:
        broken.setattr(business.Hand, "_sign", lambda hand, at: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            finish()
    assert used() == (1, 0, 0)
    for _ in range(2):
        finish()
        assert used() == (1, 1, 1)
    monkeypatch.setattr(helped, "COUNT", 9)
    assert [helped.lend_some(at=TUESDAY) for _ in range(2)] == [2, 2]
    assert used() == (2, 2, 2) and Report.objects.count() == 2
    assert {loan.answer for loan in Loan.objects.all()} == {"confirmed"}


def plant_all(*firms: Firm) -> None:
    for firm in firms:
        plant(firm.uscc, REGISTRATION, INVOICES)


def used() -> tuple[object, ...]:
    """What the page of data supervision says of the month."""
    values = feeds.supply(month="2026-03", visible_to=scene.regulator("350000"), at=TUESDAY).total.values
    return values["reports"], values["loans"], values["helped"]
