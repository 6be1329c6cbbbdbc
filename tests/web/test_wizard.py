"""The wizard at its door: which page answers what, without a browser."""

from datetime import datetime

import pytest
from django.utils import timezone

from jinfuyun.data.door import Verdict
from jinfuyun.enterprises import actions
from jinfuyun.enterprises.models import Enterprise, Run
from tests.cast import Firm, Person, uscc_of
from tests.web.inside import inside
from tests.web.stage import LICENCE, unfinished_run

pytestmark = pytest.mark.django_db

PROFILE = {
    "name": "红星示例机械二厂", "region": "350111", "industry": "C", "nature": "enterprise", "legal_name": "林红星",
    "contact_name": "林红星", "contact_phone": "13800000001",
}  # fmt: skip


def verified(person: Person, number: int, at: datetime | None = None) -> Run:
    run: Run = unfinished_run(person, number=number, verdict=Verdict.MATCHES, at=at or timezone.now())
    return run


def test_another_persons_enterprise_leads_to_the_way_of_a_mandate(red_star: Firm, red_star_owner: Person) -> None:
    run = verified(red_star_owner, 11)  # of the holder of document 11; Red Star's is 1
    answer = inside(red_star_owner).post(
        "/enterprises/new/profile", PROFILE | {"run": str(run.pk), "uscc": uscc_of(11)}
    )
    assert (answer.status_code, "经办授权" in answer.content.decode()) == (200, True)
    assert not Enterprise.objects.filter(uscc=uscc_of(11)).exists()


def test_a_run_given_up_leaves_the_desk(red_star_owner: Person, operator: Person) -> None:
    """Seen red: the inbox fell over what the person had given up."""
    run = unfinished_run(red_star_owner, number=12, verdict=Verdict.DIFFERS, at=timezone.now())
    case = actions.open_case(
        run=run, reason="differs", note="", licence=LICENCE, by=red_star_owner.actor, at=timezone.now()
    )
    desk = inside(operator)
    assert uscc_of(12) in desk.get("/operator/desk").content.decode()
    inside(red_star_owner).post("/enterprises/new/drop", {"run": str(run.pk)})
    assert uscc_of(12) not in desk.get("/operator/desk").content.decode()
    assert desk.get(f"/operator/desk/{case.pk}").status_code == 404


# -- one page is one run ---------------------------------------------------------------------------------------------

TYPED = {"tax_number": uscc_of(1), "legal_name": "林红星", "id_type": "resident", "phone": "13800000001"}


def test_nothing_typed_makes_no_run(red_star_owner: Person) -> None:
    """Seen red: three empty posts, three runs in the list."""
    visitor = inside(red_star_owner)
    for _ in range(3):
        assert visitor.post("/enterprises/new/elements", {"id_type": "resident"}).status_code == 422
    assert not Run.objects.exists()


def test_the_same_typed_again_goes_on_with_the_run_that_is_there(red_star_owner: Person) -> None:
    visitor = inside(red_star_owner)
    for _ in range(3):
        visitor.post("/enterprises/new/elements", TYPED)
    visitor.post("/enterprises/new/elements", TYPED | {"legal_name": "林"})
    assert Run.objects.count() == 2


def test_a_name_that_is_anothers_run_makes_none(red_star_owner: Person, stranger: Person) -> None:
    theirs = unfinished_run(stranger, number=11, verdict=Verdict.DIFFERS, at=timezone.now())
    visitor = inside(red_star_owner)
    answer = visitor.post("/enterprises/new/elements", TYPED | {"new_run": str(theirs.pk)})
    assert answer.status_code == 404
    assert visitor.post("/enterprises/new/elements", TYPED | {"new_run": "no such thing"}).status_code == 422
    theirs.refresh_from_db()
    assert theirs.state == "differs"
