"""The whole way in over real HTTP: the pretend departments deliver, the door takes in, pulls and forgets."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from jinfuyun.audit.models import Line
from jinfuyun.config import database
from jinfuyun.consents import queries as consents
from jinfuyun.data import door, facts
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.lake.ledger import SHANGHAI
from jinfuyun.kit.errors import NotFound, NotGranted
from jinfuyun.kit.grant import Category, Purpose, Reader, ReaderKind
from tests.cast import TUESDAY, Firm, given
from tests.consents.wall import put_documents
from tests.data.test_invoices import document, fact
from tests.sandbox.service import UNTIL, Service

AT = datetime(UNTIL.year, UNTIL.month, UNTIL.day, 9, 0, tzinfo=SHANGHAI)


def test_from_signing_to_facts(opened: Service, authorise, province_folder: Path):
    for feed in ("registration", "taxpayers"):
        delivery = door.deliver(feed, province_folder / f"{feed}.csv", at=AT)
        assert (delivery.state, delivery.quarantined) == ("loaded", 0), door.held_back(delivery.number)
    someone = next(each for each in opened.people if each["electricity"])
    for category in ("registration", "tax", "invoices", "electricity"):
        authorise(someone["uscc"], category=category)
    states = {each.feed: each.state for each in door.pull([someone["uscc"]], at=AT)}
    asked = {
        name for name, feed in FEEDS.items() if feed.consented and feed.category in ("tax", "invoices", "electricity")
    }
    assert states == dict.fromkeys(asked, "loaded")
    for category in ("registration", "tax", "invoices", "electricity"):
        assert document(someone["uscc"], category) is not None, category
    assert fact(someone["uscc"], "sales_r12")["value"] is not None
    assert document(someone["uscc"], "registration")["record"]["name"] == someone["name"]
    assert {each.state for each in door.deliveries(department="tax")} == {"loaded"}
    erased = door.forget(someone["uscc"], [each for each in Category if each is not Category.REGISTRATION], at=AT)
    assert erased["documents"] == 3
    assert erased["sales_invoices.current"] > 0
    assert document(someone["uscc"]) is None


def test_a_whole_file_keeps_only_those_who_signed(opened: Service, authorise, province_folder: Path):
    for feed in ("registration", "taxpayers"):
        door.deliver(feed, province_folder / f"{feed}.csv", at=AT)
    signed = [each["uscc"] for each in opened.people[:10]]
    authorise(*signed)
    for feed in ("sales_invoices", "purchase_invoices", "electricity"):
        delivery = door.deliver(feed, province_folder / f"{feed}.csv", at=AT)
        assert delivery.quarantined == 0, door.held_back(delivery.number)
        assert (delivery.accepted > 0) == (feed != "electricity")
    assert sum(document(uscc) is not None for uscc in signed) == 10
    assert {document(uscc)["cut_off"] for uscc in signed} == {"2026-02"}


def test_a_department_that_is_down_is_named_and_the_others_are_served(
    opened: Service, authorise, province_folder: Path
):
    door.deliver("registration", province_folder / "registration.csv", at=AT)
    someone = opened.people[0]["uscc"]
    for category in ("registration", "invoices", "tax"):
        authorise(someone, category=category)
    opened.fault("tax", "down")
    opened.fault("tax_xiamen", "down")
    try:
        states = {each.feed: each.state for each in door.pull([someone], at=AT)}
    finally:
        opened.fault("tax", "off")
        opened.fault("tax_xiamen", "off")
    assert set(states.values()) == {"unreachable"}
    assert document(someone, "registration") is not None
    assert document(someone) is None


def test_an_unknown_feed_is_named(opened: Service, tmp_path: Path):
    with pytest.raises(NotFound, match="registration"):
        door.deliver("colours", tmp_path / "x.csv", at=AT)


def test_what_is_held_back_can_be_read_again(opened: Service, tmp_path: Path):
    path = tmp_path / "registration.csv"
    path.write_text("统一社会信用代码,企业名称,注册日期\n1,厂,2015-01-01\n")
    (held,) = door.held_back(door.deliver("registration", path, at=AT).number)
    assert (held.row_number, held.rule, held.raw) == (2, "uscc_unreadable", "1,厂,2015-01-01")


def test_a_reading_gives_the_documents_of_the_grant_and_stands_in_the_book(
    opened: Service, committed_db, red_star: Firm
):
    given(red_star)
    put_documents(red_star.uscc)
    own = Reader(ReaderKind.ENTERPRISE, red_star.uscc)
    grant = consents.grant_for(uscc=red_star.uscc, reader=own, purpose=Purpose.OWN_VIEW, at=TUESDAY)
    facts = door.read_facts(grant, actor="person:1", actor_label="王某", at=TUESDAY)
    assert (facts.uscc, set(facts.chapters)) == (red_star.uscc, set(grant.categories))
    line = Line.objects.get(action="data.read")
    assert (line.uscc, line.actor, line.consent_number) == (red_star.uscc, "person:1", grant.consent_number)


def test_a_grant_that_the_database_does_not_know_is_refused_and_booked(opened: Service, committed_db, red_star: Firm):
    given(red_star)
    put_documents(red_star.uscc)
    own = Reader(ReaderKind.ENTERPRISE, red_star.uscc)
    grant = consents.grant_for(uscc=red_star.uscc, reader=own, purpose=Purpose.OWN_VIEW, at=TUESDAY)
    forged = replace(grant, reader=Reader(ReaderKind.INSTITUTION, "HILL"), purpose=Purpose.PRE_LOAN)
    with pytest.raises(NotGranted, match="本机构"):
        door.read_facts(forged, actor="person:1", actor_label="王某", at=TUESDAY)
    assert Line.objects.get(action="data.refused").detail["why"] == "reader"


def test_a_reading_goes_on_after_the_database_came_back(opened: Service, committed_db, red_star: Firm):
    """Seen red: without `check`, the connection that the server ended is used again."""
    given(red_star)
    put_documents(red_star.uscc)
    own = Reader(ReaderKind.ENTERPRISE, red_star.uscc)
    grant = consents.grant_for(uscc=red_star.uscc, reader=own, purpose=Purpose.OWN_VIEW, at=TUESDAY)
    door.read_facts(grant, actor="person:1", actor_label="王某", at=TUESDAY)
    with door._app().connection() as idle:
        backend = idle.info.backend_pid
    with psycopg.connect(database.dsn("postgres"), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    assert door.read_facts(grant, actor="person:1", actor_label="王某", at=TUESDAY).chapters
    assert Line.objects.filter(action="data.read").count() == 2


def test_a_reading_does_not_cost_more_the_longer_the_book_is(opened: Service, committed_db, red_star: Firm):
    """Nothing is read from end to end. Seen red: without the function's `enable_seqscan = off`."""
    given(red_star)
    put_documents(red_star.uscc)
    own = Reader(ReaderKind.ENTERPRISE, red_star.uscc)
    grant = consents.grant_for(uscc=red_star.uscc, reader=own, purpose=Purpose.OWN_VIEW, at=TUESDAY)
    scanned = "SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_user_tables WHERE relname IN ('audit_line', 'document')"
    with psycopg.connect(database.dsn("jinfuyun_app"), autocommit=True) as app:
        app.execute("SELECT pg_stat_force_next_flush()")
        before = app.execute(scanned).fetchone()
        facts.read(app, grant, actor="person:1", actor_label="王某", at=TUESDAY)
        app.execute("SELECT pg_stat_force_next_flush()")
        assert app.execute(scanned).fetchone() == before
