"""The Grant in Python refuses by itself what the database would refuse after it.

Seen red, each alone: the first day, the last day, the pause, the end, the application, the institution, its release,
its purposes, whose own view it is, the owner's and the platform's purposes not looked at.
"""

from datetime import date, datetime, timedelta

import pytest

from jinfuyun.consents import actions, queries
from jinfuyun.consents.models import Consent
from jinfuyun.kit.errors import NotGranted
from jinfuyun.kit.grant import Purpose, Reader, ReaderKind
from tests.cast import MONDAY, RIVER_BANK, TUESDAY, Firm, given, uscc_of

pytestmark = pytest.mark.django_db

BANK = Reader(ReaderKind.INSTITUTION, RIVER_BANK)
PLATFORM = Reader(ReaderKind.PLATFORM, "")
LAST_DAY = date(2026, 3, 4)


@pytest.fixture
def consent(red_star: Firm) -> Consent:
    signed = given(red_star, end=LAST_DAY)
    bank = {"institution_code": RIVER_BANK, "institution_name": "江", "because": "A1"}
    actions.name_institution(uscc=red_star.uscc, by=red_star.owner, at=MONDAY, **bank)
    return signed


def granted(
    firm: Firm,
    reader: Reader = BANK,
    purpose: Purpose = Purpose.PRE_LOAN,
    at: datetime = TUESDAY,
    because: str = "A1",
) -> bool:
    try:
        grant = queries.grant_for(uscc=firm.uscc, reader=reader, purpose=purpose, because=because, at=at)
    except NotGranted:
        return False
    return (grant.uscc, grant.reader, grant.ends_on) == (firm.uscc, reader, LAST_DAY)


def test_what_the_letter_covers(consent: Consent, red_star: Firm) -> None:
    own = Reader(ReaderKind.ENTERPRISE, red_star.uscc)
    assert granted(red_star)
    assert granted(red_star, own, Purpose.OWN_VIEW)
    assert granted(red_star, PLATFORM, Purpose.MATCHING)


@pytest.mark.parametrize(
    ("reader", "purpose"),
    [
        (BANK, Purpose.OWN_VIEW),
        (BANK, Purpose.MATCHING),
        (Reader(ReaderKind.INSTITUTION, "HILL"), Purpose.PRE_LOAN),
        (Reader(ReaderKind.ENTERPRISE, uscc_of(2)), Purpose.OWN_VIEW),
        (Reader(ReaderKind.ENTERPRISE, uscc_of(1)), Purpose.PRE_LOAN),
        (PLATFORM, Purpose.PRE_LOAN),
    ],
)
def test_what_it_does_not(consent: Consent, red_star: Firm, reader: Reader, purpose: Purpose) -> None:
    assert not granted(red_star, reader, purpose)


def test_only_from_the_first_day_to_the_end_of_the_last_in_fujian(consent: Consent, red_star: Firm) -> None:
    last_minute = MONDAY.replace(day=4, hour=23, minute=59)
    assert not granted(red_star, at=MONDAY - timedelta(days=1))
    assert granted(red_star, at=last_minute)
    assert not granted(red_star, at=last_minute + timedelta(minutes=1))


def test_while_paused_only_the_owner_reads_and_after_the_end_nobody(consent: Consent, red_star: Firm) -> None:
    own = Reader(ReaderKind.ENTERPRISE, red_star.uscc)
    actions.pause(consent=consent, by=red_star.owner, at=TUESDAY)
    assert not granted(red_star)
    assert not granted(red_star, PLATFORM, Purpose.MATCHING)
    assert granted(red_star, own, Purpose.OWN_VIEW)
    actions.revoke(consent=consent, by=red_star.owner, at=TUESDAY)
    assert not granted(red_star, own, Purpose.OWN_VIEW)


def test_a_released_institution_reads_no_more(consent: Consent, red_star: Firm) -> None:
    matter = {"uscc": red_star.uscc, "institution_code": RIVER_BANK, "because": "A1"}
    actions.release_institution(by=red_star.owner, at=TUESDAY, **matter)
    assert not granted(red_star)


def test_an_institution_reads_because_of_the_application_it_is_named_for_and_no_other(
    consent: Consent, red_star: Firm
) -> None:
    bank = {"uscc": red_star.uscc, "institution_code": RIVER_BANK}
    actions.name_institution(institution_name="江", because="A2", by=red_star.owner, at=MONDAY, **bank)
    actions.release_institution(because="A1", by=red_star.owner, at=TUESDAY, **bank)
    assert [because for because in ("A1", "A2", "A3", "") if granted(red_star, because=because)] == ["A2"]
