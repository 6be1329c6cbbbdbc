"""With every check in Python switched off, the database alone still refuses, and still books.

Seen red: with SELECT granted to the application; with the function letting through any reader, a pause, any category,
none at all, an end, days before the first and after the last, days of another time zone; each reader's purpose, the
institution, the application it is named for and its release not looked at; handing out another's documents or
chapters that were not asked for; and without its line in the book.
"""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from jinfuyun.audit.models import Line
from jinfuyun.consents import actions
from tests.cast import MONDAY, RIVER_BANK, TUESDAY, Firm, given, uscc_of
from tests.consents.wall import ask, put_documents

BANK = ("institution", RIVER_BANK)
INVOICES = ["invoices"]


@pytest.fixture
def consent(committed_db: None, red_star: Firm) -> object:
    put_documents(red_star.uscc)
    signed = given(red_star, end=date(2026, 12, 31))
    actions.name_institution(
        uscc=red_star.uscc,
        institution_code=RIVER_BANK,
        institution_name="江",
        because="A1",
        by=red_star.owner,
        at=MONDAY,
    )
    return signed


def test_the_application_cannot_select_documents(consent: object) -> None:
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with denied, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM serving.document")


def test_a_named_bank_reads_what_the_letter_covers_and_the_book_says_so(consent, red_star: Firm) -> None:
    question = {"reader": BANK, "purpose": "pre_loan", "categories": INVOICES, "at": TUESDAY, "because": "A1"}
    assert ask(consent.number, **question) == (None, {"invoices"})
    line = Line.objects.get(action="data.read")
    assert (line.uscc, line.consent_number) == (red_star.uscc, consent.number)
    assert line.detail == {
        "reader_kind": "institution", "reader": RIVER_BANK, "purpose": "pre_loan", "categories": INVOICES,
        "because": "A1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("why", "asked"),
    [
        ("reader", {"reader": ("institution", "HILL")}),
        ("reader", {"reader": ("institution", f"{RIVER_BANK}.SUB")}),
        ("reader", {"reader": ("enterprise", uscc_of(2)), "purpose": "own_view"}),
        ("reader", {"reader": ("enterprise", uscc_of(1)), "purpose": "pre_loan"}),
        ("reader", {"reader": ("platform", ""), "purpose": "pre_loan"}),
        ("reader", {"purpose": "own_view"}),
        ("reader", {"because": "A2"}),
        ("reader", {"because": ""}),
        ("reader", {"purpose": "marketing"}),
        ("category", {"categories": ["invoices", "water"]}),
        ("category", {"categories": []}),
        ("not_yet", {"at": MONDAY - timedelta(days=1)}),
        ("expired", {"at": MONDAY.replace(year=2027)}),
        ("no_consent", {"number": "SQ0"}),
    ],
)
def test_everything_else_is_refused_and_booked(consent, why: str, asked: dict[str, object]) -> None:
    question = {"reader": BANK, "purpose": "pre_loan", "categories": INVOICES, "at": TUESDAY, "because": "A1"} | asked
    number = question.pop("number", consent.number)
    assert ask(number, **question) == (why, set())
    assert Line.objects.get(action="data.refused").detail["why"] == why


def test_the_last_day_counts_in_fujian_time(consent) -> None:
    last_minute = MONDAY.replace(month=12, day=31, hour=23, minute=59)
    for at, expected in ((last_minute, (None, {"invoices"})), (last_minute + timedelta(minutes=1), ("expired", set()))):
        question = {"reader": BANK, "purpose": "pre_loan", "categories": INVOICES, "because": "A1"}
        assert ask(consent.number, at=at, **question) == expected


def test_revoked_is_refused_and_paused_is_for_the_owner_only(consent, red_star: Firm) -> None:
    actions.pause(consent=consent, by=red_star.owner, at=TUESDAY)
    question = {"reader": BANK, "purpose": "pre_loan", "categories": INVOICES, "at": TUESDAY, "because": "A1"}
    assert ask(consent.number, **question)[0] == "paused"
    own = ("enterprise", red_star.uscc)
    assert ask(consent.number, reader=own, purpose="own_view", categories=INVOICES, at=TUESDAY)[0] is None
    actions.revoke(consent=consent, by=red_star.owner, at=TUESDAY)
    assert ask(consent.number, reader=own, purpose="own_view", categories=INVOICES, at=TUESDAY)[0] == "revoked"


def test_a_released_institution_and_one_named_by_somebody_else_are_refused(
    consent, red_star: Firm, blue_sea: Firm
) -> None:
    theirs = given(blue_sea)
    question = {"reader": BANK, "purpose": "pre_loan", "categories": INVOICES, "at": TUESDAY, "because": "A1"}
    assert ask(theirs.number, **question)[0] == "reader"
    matter = {"uscc": red_star.uscc, "institution_code": RIVER_BANK, "because": "A1"}
    actions.release_institution(by=red_star.owner, at=TUESDAY, **matter)
    assert ask(consent.number, **question)[0] == "reader"


def test_only_the_enterprises_own_documents_come_out(consent, red_star: Firm, blue_sea: Firm) -> None:
    put_documents(blue_sea.uscc)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM serving.read_documents(%s, %s, %s, 'pre_loan', %s, 't', 't', %s, 'A1')",
            [consent.number, *BANK, INVOICES, TUESDAY],
        )
        assert cursor.fetchone() == (1,)


def test_what_expired_stays_expired_when_a_clock_is_set_back(consent) -> None:
    """Seen red with `latest` taken from the caller's own time."""
    after = MONDAY.replace(year=2027, month=1, day=1, hour=0, minute=30)
    question = {"reader": BANK, "purpose": "pre_loan", "categories": INVOICES, "because": "A1"}
    assert ask(consent.number, at=after, **question)[0] == "expired"
    assert ask(consent.number, at=after - timedelta(hours=2), **question)[0] == "expired"
