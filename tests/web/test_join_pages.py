"""The desk where keys are joined, and the enterprise's own page of what it was called before; both widths, axe."""

import pytest
from playwright.sync_api import Page

from jinfuyun.joins import tasks
from jinfuyun.joins.models import Proposal
from tests.browser import axe, overflow, shoot
from tests.cast import MONDAY, Firm, Person
from tests.joins.conftest import OLD, lake, waiting
from tests.web.inside import inside, let_in

__all__ = ("lake", "waiting")


@pytest.fixture
def proposal(waiting: None) -> Proposal:
    tasks.propose_joins(at=MONDAY)
    return Proposal.objects.get()


def test_both_sides_stand_beside_each_other_and_a_decision_needs_its_reason(
    proposal: Proposal, operator: Person
) -> None:
    client, path = inside(operator), f"/operator/joins/{proposal.pk}"
    assert OLD in client.get("/operator/joins").content.decode()
    words = client.get(path).content.decode()
    for said in (
        "红星机械有限责任公司",
        "福州红星机械有限公司",
        "旧星机械有限公司",
        "同一行政区划",
        "强烈支持",
        "鼓楼区某路 1 号",
    ):
        assert said in words
    assert client.post(path, {"act": "join", "because": ""}).status_code == 422
    assert client.post(path, {"act": "open_all", "because": "x"}).status_code == 422
    assert client.post(path, {"act": "join", "because": "档案"}).status_code == 302
    assert "拆分，数据退回等待" in client.get(path).content.decode()
    assert OLD in client.get("/operator/joins?state=joined").content.decode()


def test_an_enterprise_reads_what_it_was_called_before(waiting: None, red_star: Firm, red_star_owner: Person) -> None:
    page = inside(red_star_owner, uscc=red_star.uscc).get("/my/changes")
    assert page.status_code == 200 and "登记信息里没有变更" in page.content.decode()


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["page", "phone"])
def test_the_pages_have_no_barrier(
    site: str, proposal: Proposal, operator: Person, red_star: Firm, red_star_owner: Person, kind: str,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    page: Page = request.getfixturevalue(kind)
    visits = (
        (operator, "", ("/operator/joins", f"/operator/joins/{proposal.pk}", "/operator")),
        (red_star_owner, red_star.uscc, ("/my/changes",)),
    )
    for person, uscc, paths in visits:
        let_in(page, site, person, uscc=uscc)
        for path in paths:
            assert page.goto(site + path).ok, path
            shoot(page, "joins" + path.replace("/", "-").replace(str(proposal.pk), "one"))
            assert axe(page) == [], path
            assert overflow(page) == 0, path
