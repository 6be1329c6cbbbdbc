"""Anyone checks a letter: that it is ours, and whether it still stands."""

import pytest
from django.test import Client

from jinfuyun.consents import actions
from tests.cast import TUESDAY, Firm, given

pytestmark = pytest.mark.django_db


def test_a_letter_in_force_is_confirmed_and_a_revoked_one_is_said_to_be_over(red_star: Firm) -> None:
    consent = given(red_star)
    address = f"/verify/{consent.number}"
    assert "notice-good" in Client().get(address).content.decode()
    actions.revoke(consent=consent, by=red_star.owner, at=TUESDAY)
    page = Client().get(address).content.decode()
    assert "notice-good" not in page
    assert "它现在的状态是“撤销”" in page


def test_nothing_of_what_stands_in_a_letter_is_told(red_star: Firm) -> None:
    page = Client().get(f"/verify/{given(red_star).number}").content.decode()
    for told in (red_star.name, red_star.uscc, red_star.legal_phone, "林红星"):
        assert told not in page


def test_a_number_that_was_never_given_out_is_not_found() -> None:
    assert Client().get("/verify/SQ0").status_code == 404
