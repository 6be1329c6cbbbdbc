"""What a clerk sees and reaches by a mandate for named acts: these and nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jinfuyun.consents.models import Consent
from jinfuyun.enterprises import actions
from jinfuyun.enterprises.rules import MANDATE_ACTS
from jinfuyun.storage import files
from tests.cast import Firm, Person, given
from tests.web.inside import inside

pytestmark = pytest.mark.django_db

# What each page needs of a mandate; the consents and the enterprise's own page are for every clerk.
PAGES = {
    "/my": set(MANDATE_ACTS),
    "/my/consents": set(MANDATE_ACTS),
    "/my/applications": {"apply", "follow"},
    "/my/demands": {"apply", "follow"},
    "/my/demands/new": {"apply"},
    "/my/access": {"follow"},
    "/my/report": {"follow"},
    "/my/mandates": {"follow"},
}


def handed(firm: Firm, clerk: Person, *acts: str) -> None:
    now = timezone.now()
    actions.give_mandate(
        uscc=firm.uscc, phone=clerk.phone, acts=list(acts), ends_on=timezone.localdate() + timedelta(days=30),
        by=firm.owner, at=now,
    )  # fmt: skip


@pytest.mark.parametrize("act", MANDATE_ACTS)
def test_a_mandate_opens_the_pages_of_its_act(red_star: Firm, bookkeeper: Person, act: str) -> None:
    """Seen red before the views asked: every mandate opened everything."""
    handed(red_star, bookkeeper, act)
    clerk = inside(bookkeeper, uscc=red_star.uscc)
    opened = {page for page in PAGES if clerk.get(page).status_code == 200}
    assert opened == {page for page, acts in PAGES.items() if act in acts}


def test_a_page_outside_the_mandate_says_why(red_star: Firm, bookkeeper: Person) -> None:
    handed(red_star, bookkeeper, "apply")
    answer = inside(bookkeeper, uscc=red_star.uscc).get("/my/access")
    assert (answer.status_code, "法定代表人给您的授权不包含此事项" in answer.content.decode()) == (403, True)


def test_who_looked_at_the_enterprise_is_shown_on_its_page_only_to_who_may_follow(
    red_star: Firm, bookkeeper: Person
) -> None:
    handed(red_star, bookkeeper, "apply")
    page = inside(bookkeeper, uscc=red_star.uscc).get("/my").content.decode()
    assert ("谁查了我" in page, "看我的信用报告" in page, "融资申请" in page) == (False, False, True)
    handed(red_star, bookkeeper, *MANDATE_ACTS)
    assert "谁查了我" in inside(bookkeeper, uscc=red_star.uscc).get("/my").content.decode()


def test_the_signed_letter_with_the_whole_numbers_is_the_owners(
    red_star: Firm, red_star_owner: Person, bookkeeper: Person
) -> None:
    """The letter prints the ID number and the phone in full; the page shows them masked to everybody."""
    letter = given(red_star, at=timezone.now())
    Consent.objects.update(pdf_file=files.put(b"%PDF-1.7"))
    handed(red_star, bookkeeper, *MANDATE_ACTS)
    path = f"/my/consents/{letter.number}/pdf"
    assert inside(red_star_owner, uscc=red_star.uscc).get(path).status_code == 200
    clerk = inside(bookkeeper, uscc=red_star.uscc)
    assert clerk.get(path).status_code == 403
    assert path not in clerk.get(path.removesuffix("/pdf")).content.decode()
