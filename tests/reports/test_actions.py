"""Opening reports: under a consent, for a named institution, booked, told, frozen."""

import psycopg
import pytest

from jinfuyun.audit.models import Line
from jinfuyun.config import database
from jinfuyun.consents import actions as consents
from jinfuyun.consents import queries as consent_queries
from jinfuyun.data.door import REFUSALS
from jinfuyun.kit.errors import NotAllowed, NotFound, NotGranted
from jinfuyun.kit.grant import Category, Purpose, Reader, ReaderKind
from jinfuyun.notifications.models import Notice
from jinfuyun.reports import actions, queries
from jinfuyun.reports.content import Why
from tests.cast import MONDAY, RIVER_BANK, TUESDAY, WEDNESDAY, Firm, Person, given
from tests.documents import plant
from tests.reports.sample import ELECTRICITY, INVOICES

BANK = Reader(ReaderKind.INSTITUTION, RIVER_BANK)


def opened(firm: Firm, officer: Person, *, purpose: Purpose = Purpose.PRE_LOAN) -> str:
    return actions.open_report(
        uscc=firm.uscc,
        reader=BANK,
        reader_name="江岸示例银行",
        purpose=purpose,
        because="A1",
        by=officer.actor,
        at=TUESDAY,
    )


def refusals(firm: Firm) -> list[tuple[str, str, str]]:
    """Why, to whom, because of what a reading was refused, as the book has it."""
    lines = Line.objects.filter(uscc=firm.uscc, action="data.refused").order_by("id")
    return [(line.detail["why"], line.detail["reader"], line.detail["because"]) for line in lines]


def test_the_bank_it_applied_to_opens_a_report_and_the_enterprise_sees_it_at_once(
    applied: Firm, river_bank_officer: Person
) -> None:
    number = opened(applied, river_bank_officer)
    assert [report.number for report in queries.queries_by_institutions(applied.uscc)] == [number]
    assert Notice.objects.filter(user_id=applied.owner.id, text__contains="江岸示例银行").exists()
    booked = Line.objects.filter(uscc=applied.uscc, action__in=["data.read", "report.opened"])
    assert booked.count() == 2


def test_the_same_report_shows_the_same_figures_after_the_data_changed(
    applied: Firm, river_bank_officer: Person
) -> None:
    number = opened(applied, river_bank_officer)
    report = queries.report(number, visible_to_actor=river_bank_officer.actor)
    first = actions.view_report(report=report, how="page", by=river_bank_officer.actor, at=TUESDAY)
    with psycopg.connect(database.dsn("jinfuyun_data"), autocommit=True) as data:
        data.execute("DELETE FROM serving.document")
    assert actions.view_report(report=report, how="page", by=river_bank_officer.actor, at=TUESDAY) == first
    assert Line.objects.filter(action="report.viewed").count() == 2


def test_a_report_is_shown_to_nobody_of_another_house(
    applied: Firm, river_bank_officer: Person, hill_bank_officer: Person
) -> None:
    """Seen red: the right was asked for over the caller's own house, whose the report was it left to the doors."""
    report = queries.report(opened(applied, river_bank_officer), visible_to_actor=river_bank_officer.actor)
    for stranger in (hill_bank_officer.actor, applied.owner):
        with pytest.raises(NotAllowed):
            actions.view_report(report=report, how="page", by=stranger, at=TUESDAY)


def test_missing_chapters_are_explained_to_the_enterprise_alone(applied: Firm, river_bank_officer: Person) -> None:
    theirs = queries.report(opened(applied, river_bank_officer), visible_to_actor=river_bank_officer.actor)
    bank_copy = actions.view_report(report=theirs, how="page", by=river_bank_officer.actor, at=TUESDAY)
    assert bank_copy.missing == ()
    number = actions.open_report(
        uscc=applied.uscc, reader=Reader(ReaderKind.ENTERPRISE, applied.uscc), reader_name=applied.name,
        purpose=Purpose.OWN_VIEW, because="", by=applied.owner, at=TUESDAY,
    )  # fmt: skip
    own = queries.report(number, visible_to_actor=applied.owner)
    why = {
        gap.category: gap.why
        for gap in actions.view_report(report=own, how="page", by=applied.owner, at=TUESDAY).missing
    }
    assert why[Category.TAX] is Why.NO_DATA
    assert why[Category.WATER] is Why.NOT_AUTHORISED


def test_an_old_report_is_not_shown_under_a_letter_that_leaves_out_what_it_holds(
    committed_db: None, red_star: Firm, river_bank_officer: Person
) -> None:
    """Seen red without content_under: page, paper and the facts' names still came out."""
    given(red_star, utilities=("electricity",))
    plant(red_star.uscc, INVOICES, ELECTRICITY)
    bank = {"institution_code": RIVER_BANK, "institution_name": "江岸示例银行", "because": "A1"}
    consents.name_institution(uscc=red_star.uscc, by=red_star.owner, at=MONDAY, **bank)
    report = queries.report(opened(red_star, river_bank_officer), visible_to_actor=river_bank_officer.actor)
    assert "kwh_r12" in dict(queries.fact_labels(report, at=TUESDAY))
    given(red_star, at=TUESDAY)
    with pytest.raises(NotGranted, match="重新查询"):
        actions.view_report(report=report, how="page", by=river_bank_officer.actor, at=TUESDAY)
    with pytest.raises(NotGranted):
        actions.print_report(report=report, by=river_bank_officer.actor, at=TUESDAY)
    assert queries.fact_labels(report, at=TUESDAY) == []
    assert refusals(red_star) == [("category", RIVER_BANK, "A1")] * 2
    assert opened(red_star, river_bank_officer)  # what the new letter covers can be asked for at once


def test_a_bank_sees_nothing_after_the_consent_is_revoked(applied: Firm, river_bank_officer: Person) -> None:
    report = queries.report(opened(applied, river_bank_officer), visible_to_actor=river_bank_officer.actor)
    consent = consent_queries.living(applied.uscc)
    assert consent is not None
    consents.revoke(consent=consent, by=applied.owner, at=TUESDAY)
    with pytest.raises(NotGranted):
        opened(applied, river_bank_officer)
    for show in (actions.view_report, lambda how, **rest: actions.print_report(**rest)):
        with pytest.raises(NotGranted):
            show(report=report, how="page", by=river_bank_officer.actor, at=TUESDAY)
    assert refusals(applied) == [("no_consent", RIVER_BANK, "A1")] * 3


def test_a_consent_that_ends_while_the_report_is_made_stops_it(
    applied: Firm, river_bank_officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent = consent_queries.living(applied.uscc)
    assert consent is not None
    compose = actions._compose

    def revoked_meanwhile(*args: object, **rest: object) -> object:
        made = compose(*args, **rest)
        consents.revoke(consent=consent, by=applied.owner, at=TUESDAY)
        return made

    monkeypatch.setattr(actions, "_compose", revoked_meanwhile)
    with pytest.raises(NotGranted):
        opened(applied, river_bank_officer)
    assert not queries.queries_by_institutions(applied.uscc).exists()
    assert refusals(applied) == [("revoked", RIVER_BANK, "A1")]


def test_other_readers_and_purposes_are_refused(
    applied: Firm, river_bank_officer: Person, hill_bank_officer: Person, river_bank_admin: Person, blue_sea: Firm
) -> None:
    with pytest.raises(NotGranted):
        opened(applied, river_bank_officer, purpose=Purpose.OWN_VIEW)
    for by in (hill_bank_officer.actor, river_bank_admin.actor, blue_sea.owner):
        with pytest.raises(NotAllowed):
            actions.open_report(
                uscc=applied.uscc,
                reader=BANK,
                reader_name="x",
                purpose=Purpose.PRE_LOAN,
                because="A1",
                by=by,
                at=TUESDAY,
            )
    hill = Reader(ReaderKind.INSTITUTION, "HILL")
    with pytest.raises(NotGranted):
        actions.open_report(
            uscc=applied.uscc, reader=hill, reader_name="x", purpose=Purpose.PRE_LOAN, because="A1",
            by=hill_bank_officer.actor, at=TUESDAY,
        )  # fmt: skip
    assert refusals(applied) == [("reader", RIVER_BANK, "A1"), ("reader", "HILL", "A1")]


def test_a_strangers_report_does_not_exist(
    applied: Firm, river_bank_officer: Person, hill_bank_officer: Person
) -> None:
    number = opened(applied, river_bank_officer)
    for actor in (hill_bank_officer.actor, applied.owner):
        with pytest.raises(NotFound):
            queries.report(number, visible_to_actor=actor)


@pytest.mark.parametrize(("how", "why"), [("pause", "paused"), ("later", "expired"), ("earlier", "not_yet")])
def test_a_refused_reading_says_why_to_the_person_and_in_the_book(
    applied: Firm, river_bank_officer: Person, how: str, why: str
) -> None:
    given(applied, start=TUESDAY.date(), end=TUESDAY.date())
    consent = consent_queries.living(applied.uscc)
    assert consent is not None
    if how == "pause":
        consents.pause(consent=consent, by=applied.owner, at=TUESDAY)
    at = {"pause": TUESDAY, "later": WEDNESDAY, "earlier": MONDAY}[how]
    with pytest.raises(NotGranted, match=REFUSALS[why]):
        actions.open_report(
            uscc=applied.uscc, reader=BANK, reader_name="江岸示例银行", purpose=Purpose.PRE_LOAN, because="A1",
            by=river_bank_officer.actor, at=at,
        )  # fmt: skip
    line = Line.objects.get(action="data.refused")
    assert (line.actor, line.consent_number, line.detail["why"]) == (
        river_bank_officer.actor.id, consent.number, why
    )  # fmt: skip


def test_a_purpose_that_the_letter_does_not_name_is_refused_before_the_database_is_asked(
    applied: Firm, river_bank_officer: Person
) -> None:
    with pytest.raises(NotGranted):
        opened(applied, river_bank_officer, purpose=Purpose.OWN_VIEW)
    assert not Line.objects.filter(action="data.read").exists()
    assert refusals(applied) == [("reader", RIVER_BANK, "A1")]


def test_what_the_check_of_its_deliveries_came_to_is_frozen_with_the_report(
    applied: Firm, river_bank_officer: Person
) -> None:
    """Seen red with the outcomes not asked for."""
    with psycopg.connect(database.dsn("jinfuyun_data"), autocommit=True) as data:
        data.execute("UPDATE serving.delivery SET state = 'withdrawn' WHERE number = '20200220-000031'")
    report = queries.report(opened(applied, river_bank_officer), visible_to_actor=river_bank_officer.actor)
    with psycopg.connect(database.dsn("jinfuyun_data"), autocommit=True) as data:
        data.execute("UPDATE serving.delivery SET state = 'loaded'")
    shown = actions.view_report(report=report, how="page", by=river_bank_officer.actor, at=TUESDAY)
    found = {each.number: each for chapter in shown.chapters for each in chapter.deliveries}
    assert (found["20200220-000031"].state, found["20200220-000032"].state) == ("withdrawn", "loaded")
    assert (found["20200220-000032"].feed_label, found["20200220-000032"].accepted) == ("进项发票", 0)


def test_the_enterprise_reads_who_looked_before_and_a_bank_only_that_somebody_did(
    applied: Firm, river_bank_officer: Person, hill_bank_officer: Person
) -> None:
    opened(applied, river_bank_officer)
    hill = {"institution_code": "HILL", "institution_name": "丘陵银行", "because": "A2"}
    consents.name_institution(uscc=applied.uscc, by=applied.owner, at=TUESDAY, **hill)
    reader = {"reader": Reader(ReaderKind.INSTITUTION, "HILL"), "reader_name": "丘陵银行", "because": "A2"}
    number = actions.open_report(
        uscc=applied.uscc, purpose=Purpose.PRE_LOAN, by=hill_bank_officer.actor, at=TUESDAY, **reader,
    )  # fmt: skip
    theirs = queries.report(number, visible_to_actor=hill_bank_officer.actor)
    looks = actions.view_report(report=theirs, how="page", by=hill_bank_officer.actor, at=TUESDAY).looks
    assert [(look.reader, look.because, look.consent_number) for look in looks] == [("其他金融机构", "", "")]
    number = actions.open_report(
        uscc=applied.uscc, reader=Reader(ReaderKind.ENTERPRISE, applied.uscc), reader_name=applied.name,
        purpose=Purpose.OWN_VIEW, because="", by=applied.owner, at=WEDNESDAY,
    )  # fmt: skip
    own = queries.report(number, visible_to_actor=applied.owner)
    looks = actions.view_report(report=own, how="page", by=applied.owner, at=WEDNESDAY).looks
    assert {(look.reader, look.because) for look in looks} == {("丘陵银行", "A2"), ("江岸示例银行", "A1")}
