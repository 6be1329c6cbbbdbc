"""A department's administrator stops and opens a feed and sets its quota; the list goes out and is counted again."""

from datetime import date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from jinfuyun.audit.models import Line
from jinfuyun.config import database, keys
from jinfuyun.consents import tasks as consents
from jinfuyun.data import door
from jinfuyun.data.departments.call import Departments
from jinfuyun.deliveries import actions, queries, tasks
from jinfuyun.deliveries.models import Alarm, Switch
from jinfuyun.kit.actor import House, HouseKind, Role
from jinfuyun.kit.errors import NotAllowed, NotFound, TooLate, Unreachable
from tests.cast import MONDAY, TUESDAY, Person, staff_person
from tests.data.codes import A, B, C
from tests.sandbox.service import Service, departments, small_province


@pytest.fixture
def tax_admin(committed_db: None) -> Person:
    house = House(HouseKind.DEPARTMENT, "tax")
    return staff_person("department", "tax.admin", "13700000004", "税管理", house, Role.DEPARTMENT_ADMIN)


def consent(
    uscc: str, number: str, category: str = "invoices", start: date = date(2026, 1, 1), end: date | None = None
):
    with psycopg.connect(database.dsn("jinfuyun_app"), autocommit=True) as app:
        app.execute(
            "INSERT INTO serving.authorised VALUES (%s, %s, %s, %s, %s, %s)",
            [uscc, category, number, "ab" * 32, start, end],
        )


def wait(feed: str, uscc: str, why: str) -> None:
    with psycopg.connect(database.dsn("jinfuyun_data"), autocommit=True) as data:
        data.execute("INSERT INTO serving.pull_waiting VALUES (%s, %s, %s, %s)", [feed, uscc, why, MONDAY])


def deferred() -> list[str]:
    return sorted(job.args["uscc"] for job in ProcrastinateJob.objects.filter(task_name="pull_facts"))


def test_stopping_and_opening_are_the_administrators_and_booked(lake, tax_bureau, tax_admin, operator):
    """Seen red with the permission given to everybody of the department."""
    with pytest.raises(NotAllowed):
        actions.stop_feed(feed="sales_invoices", because="x", by=tax_bureau.actor, at=MONDAY)
    for who, feed in ((operator, "sales_invoices"), (tax_admin, "electricity")):
        with pytest.raises(NotFound):
            actions.stop_feed(feed=feed, because="x", by=who.actor, at=MONDAY)
    actions.stop_feed(feed="sales_invoices", because="系统割接", by=tax_admin.actor, at=MONDAY)
    with pytest.raises(TooLate):
        actions.stop_feed(feed="sales_invoices", because="再停", by=tax_admin.actor, at=MONDAY)
    assert queries.stopped_feeds() == {"sales_invoices"}
    wait("sales_invoices", A, "stopped")
    assert queries.held_back_of(A) == ["税务局暂停提供“销项发票”，恢复后平台自动补采。"]
    assert queries.held_back_of(B) == []
    actions.open_feed(feed="sales_invoices", by=tax_admin.actor, at=TUESDAY)
    assert (queries.stopped_feeds(), deferred()) == (set(), [A])
    with pytest.raises(TooLate):
        actions.open_feed(feed="sales_invoices", by=tax_admin.actor, at=TUESDAY)
    assert [line.action for line in Line.objects.filter(subject="feed:sales_invoices").order_by("pk")] == [
        "feed.stopped", "feed.opened",
    ]  # fmt: skip


def test_whoever_was_over_the_quota_is_asked_about_on_the_next_day(lake, tax_admin):
    actions.set_quota(feed="sales_invoices", daily_quota=1, by=tax_admin.actor, at=MONDAY)
    assert Switch.objects.get(feed="sales_invoices").daily_quota == 1
    wait("sales_invoices", B, "over_quota")
    wait("purchase_invoices", C, "stopped")  # waits until it is opened
    tasks.tend(at=TUESDAY)
    assert deferred() == [B]
    assert "次日自动补采" in queries.held_back_of(B)[0]


def test_a_stopped_feed_is_not_late(lake, tax_admin, delivered):
    """Seen red without the look at the switch."""
    actions.stop_feed(feed="taxpayers", because="x", by=tax_admin.actor, at=MONDAY)
    tasks.tend(at=MONDAY + timedelta(days=40))
    late = set(Alarm.objects.filter(kind="late").values_list("feed", flat=True))
    assert late == {"registration", "sales_invoices"} or (late == {"sales_invoices"} and "taxpayers" not in late)


def test_the_list_is_of_consents_in_force_for_the_department_s_own_data(lake, tax_bureau, delivered):
    """Seen red with the days left out."""
    consent(A, "SQ1")
    consent(A, "SQ1", category="electricity")
    consent(B, "SQ2", end=MONDAY.date())
    consent(C, "SQ3", start=TUESDAY.date())
    found = queries.authorised(tax_bureau.actor, at=MONDAY)
    assert [(one.consent_number, one.uscc, one.tax_number) for one in found] == [("SQ1", A, "T1"), ("SQ2", B, "T2")]
    assert [one.consent_number for one in queries.authorised(tax_bureau.actor, at=TUESDAY)] == ["SQ1", "SQ3"]
    words = actions.take_authorised(by=tax_bureau.actor, at=MONDAY)
    assert f"SQ1,{'ab' * 32},发票,2026-01-01,,{A},T1" in words
    assert Line.objects.get(action="authorised.taken").detail == {"count": 2}


@pytest.fixture
def town(lake: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The pretend departments behind this test's door."""
    province = small_province(tmp_path / "province", enterprises=20)
    with departments(province, tmp_path / "state", keys=keys.department_keys()) as service:
        door.open_door(
            app_dsn=database.dsn("jinfuyun_app"), data_dsn=database.dsn("jinfuyun_data"), lake=tmp_path / "lake",
            departments_url=service.url, department_keys=keys.department_keys(), ring=keys.field_keys(),
        )  # fmt: skip
        yield service


def differing() -> dict[str, str]:
    return dict(Alarm.objects.filter(kind="differs").values_list("feed", "text"))


def test_the_departments_own_count_has_to_be_ours(town: Service):
    """Seen red with the two counts not compared."""
    consent(A, "SQ1")
    consent(B, "SQ2")
    tasks.reconcile_authorised(at=MONDAY)
    assert differing() == {}
    consent(C, "SQ3")  # signed since the list went out
    tasks.compare_authorised(at=TUESDAY, silent=set())
    assert set(differing()) == {"sales_invoices", "purchase_invoices"}
    assert differing()["sales_invoices"] == "平台名单 3 户，部门名单 2 户。"
    tasks.reconcile_authorised(at=TUESDAY + timedelta(days=1))
    assert Alarm.objects.filter(kind="differs").count() == 2


def test_a_department_that_does_not_answer_is_named(town: Service):
    town.fault("electricity", "down")
    tasks.reconcile_authorised(at=MONDAY)
    assert differing() == {"electricity": "部门没有应答，授权名单未能核对。"}


def test_a_department_cannot_answer_for_another_feed(town: Service):
    line = Departments(town.url, keys.department_keys())
    town.fault("tax", "wrong_enterprise")
    with pytest.raises(Unreachable):
        door.compare_authorised("sales_invoices", at=MONDAY)
    line.close()


def test_a_consent_that_ended_leaves_receipts_of_every_department_in_the_book(town: Service):
    """Seen red with the receipts not asked for."""
    consent(A, "SQ1")
    tasks.reconcile_authorised(at=MONDAY)
    consents.tell_departments(consent_number="SQ1", uscc=A, at=TUESDAY)
    line = Line.objects.get(action="data.erasure_receipts")
    assert set(line.detail["receipts"]) == set(door.consented_feeds()) and all(line.detail["receipts"].values())
    assert door.compare_authorised("sales_invoices", at=TUESDAY) == (1, 0)
    town.fault("water", "down")
    with pytest.raises(Unreachable):
        consents.tell_departments(consent_number="SQ1", uscc=A, at=datetime.now(MONDAY.tzinfo))
    assert Line.objects.filter(action="data.erasure_receipts").count() == 1
