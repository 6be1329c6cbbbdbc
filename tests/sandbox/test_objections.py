"""A new sandbox has disputes and questions at every desk, made by the real actions."""

from jinfuyun.disputes.models import Dispute, Question
from jinfuyun.sandbox.objections import Hands, one_story
from tests import market
from tests.cast import MONDAY, Firm, Person, given
from tests.disputes.stage import department_person
from tests.documents import plant
from tests.reports.sample import INVOICES, REGISTRATION


def test_the_bank_reads_the_enterprise_asks_and_disputes_and_the_bureau_goes_on(
    committed_db: None, red_star: Firm, blue_sea: Firm, river_bank_officer: Person
) -> None:
    product = market.product(code="RIVER001", of=market.institution(market.RIVER))
    hands = Hands(river_bank_officer.actor, department_person("tax", 1).actor)
    applications = []
    for firm in (red_star, blue_sea):
        given(firm)
        applications.append(market.applied(firm, product_code=product.code))
    plant(red_star.uscc, REGISTRATION, INVOICES)
    assert one_story(applications[0], 2, hands, at=MONDAY)
    assert not one_story(applications[1], 0, hands, at=MONDAY), "nothing of the bureau's to dispute"
    assert Dispute.objects.get().state == "need_more_info"
    assert Question.objects.get().uscc == red_star.uscc
