"""企业声明 on the page of the own reports."""

import pytest

from jinfuyun.consents.models import Consent
from jinfuyun.reports import queries
from tests.cast import Firm, Person
from tests.disputes.conftest import consent
from tests.web.inside import inside

__all__ = ("consent",)

SAID = "二月停产检修，当月开票下降；<b>三月起</b>已恢复。"


@pytest.mark.django_db
def test_it_is_written_shown_and_taken_back(consent: Consent, red_star: Firm, red_star_owner: Person) -> None:
    owner = inside(red_star_owner, uscc=red_star.uscc)
    acting = {"acting_for": red_star.uscc}
    answer = owner.post("/my/report/statement", {"statement": "太短", **acting})
    assert answer.status_code == 422
    assert "企业声明为 10 至 300 个字。" in answer.content.decode()

    answer = owner.post("/my/report/statement", {"statement": SAID, **acting})
    assert (answer.status_code, answer["Location"]) == (302, "/my/report")
    page = owner.get("/my/report").content.decode()
    assert "二月停产检修，当月开票下降；&lt;b&gt;三月起&lt;/b&gt;已恢复。" in page
    assert "企业声明已提交" in page

    owner.post("/my/report/statement", {"take_back": "1", **acting})
    assert queries.statement(red_star.uscc) is None
    page = owner.get("/my/report").content.decode()
    assert "二月停产检修" not in page
    assert "企业声明已撤下" in page
