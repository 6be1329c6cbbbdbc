"""A new sandbox has disputes and questions at every desk, made by the real actions."""

from dataclasses import replace

from jinfuyun.consents import actions as consents
from jinfuyun.disputes.models import Dispute, Question
from jinfuyun.kit.actor import Role, institution_house
from jinfuyun.sandbox.objections import raise_some
from jinfuyun.sandbox.staff import SHOWN
from tests import market
from tests.cast import TUESDAY, Firm, Person, enterprise_of, given, staff_person
from tests.disputes.stage import department_person
from tests.documents import plant
from tests.reports.sample import INVOICES, REGISTRATION


def test_the_bank_reads_the_enterprise_asks_and_disputes_and_the_bureau_goes_on(
    committed_db: None, red_star: Firm, blue_sea: Firm, bookkeeper: Person
) -> None:
    """One has figures, one has none of the bureau's, one has revoked; and it is all done once."""
    house = institution_house(SHOWN)
    staff_person("institution", f"{SHOWN.lower()}.officer", "13900000088", "江经理", house, Role.OFFICER)
    department_person("tax", 1)
    product = market.product(code="SHOWN001", of=market.institution(replace(market.RIVER, code=SHOWN)))
    gone = enterprise_of(bookkeeper, number=3, name="远山示例木业社", legal_name="陈算盘")
    for firm in (red_star, blue_sea, gone):
        consent = given(firm)
        market.applied(firm, product_code=product.code)
    consents.revoke(consent=consent, by=gone.owner, at=TUESDAY)
    plant(red_star.uscc, REGISTRATION, INVOICES)
    assert raise_some(at=TUESDAY) == 1
    assert raise_some(at=TUESDAY) == 0
    assert Dispute.objects.get().uscc == red_star.uscc
    assert {question.uscc for question in Question.objects.all()} <= {red_star.uscc}
