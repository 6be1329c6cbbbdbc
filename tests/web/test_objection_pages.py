"""The operators' desk of disputes shows what may be done, and to nobody else."""

import pytest

from jinfuyun.kit.grant import Category
from tests.cast import Firm, Person, given
from tests.disputes.stage import raised, report_of
from tests.reports.test_scoring import lines
from tests.web.inside import inside


@pytest.mark.django_db
def test_the_page_offers_what_the_table_allows(red_star: Firm, operator: Person, second_operator: Person) -> None:
    consent = given(red_star, utilities=(Category.ELECTRICITY,))
    own = report_of(red_star, number="BG20260302000001", consent_number=consent.number, score=lines(0))
    dispute = raised(own, red_star, figure=("platform", "score"))
    client = inside(operator)
    listing = client.get("/operator/objections")
    assert f"/operator/objections/{dispute.number}" in listing.content.decode()
    page = client.get(f"/operator/objections/{dispute.number}")
    assert page.status_code == 200 and "开始核查" in page.content.decode()
    assert client.post(f"/operator/objections/{dispute.number}/take").status_code == 302
    assert "更正后的报告编号" in client.get(f"/operator/objections/{dispute.number}").content.decode()
