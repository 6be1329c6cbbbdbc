"""A report's paper: signed once, kept, handed out as it is; and never unsigned."""

import hashlib
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from jinfuyun.audit.models import Line
from jinfuyun.consents import actions as consents
from jinfuyun.consents import queries as consent_queries
from jinfuyun.kit.errors import NotGranted
from jinfuyun.kit.jobs import Job
from jinfuyun.notifications.models import Notice
from jinfuyun.reports import actions, queries, tasks
from jinfuyun.reports.models import Report
from jinfuyun.storage import signing
from tests.cast import TUESDAY, WEDNESDAY, Firm, Person
from tests.reports.test_actions import opened


@pytest.fixture
def report(applied: Firm, river_bank_officer: Person) -> Report:
    return queries.report(opened(applied, river_bank_officer), visible_to_actor=river_bank_officer.actor)


@pytest.fixture
def no_key(settings, tmp_path: Path) -> None:
    settings.DOCUMENT_KEYS = tmp_path / "nothing"


def waiting() -> list[dict[str, str]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=Job.PRINT_REPORT, status="todo")]


def test_the_paper_is_made_once_and_its_hash_is_in_the_book(
    report: Report, river_bank_officer: Person, settings
) -> None:
    paper = actions.print_report(report=report, by=river_bank_officer.actor, at=TUESDAY)
    assert signing.check(paper, keys=settings.DOCUMENT_KEYS).valid
    assert actions.print_report(report=report, by=river_bank_officer.actor, at=WEDNESDAY) == paper
    printed = Line.objects.filter(action="report.printed")
    assert [line.detail["sha256"] for line in printed] == [hashlib.sha256(paper).hexdigest()]
    assert Line.objects.filter(action="report.viewed").count() == 2  # handed out twice, booked twice


@pytest.mark.usefixtures("no_key")
def test_without_a_signature_nothing_leaves_and_the_paper_waits_in_the_queue(
    report: Report, river_bank_officer: Person
) -> None:
    for _ in range(2):
        with pytest.raises(actions.PrintedLater, match="签好后"):
            actions.print_report(report=report, by=river_bank_officer.actor, at=TUESDAY)
    assert waiting() == [
        {"number": report.number, "user_id": str(river_bank_officer.user_id)}
    ]  # asked twice, queued once
    with pytest.raises(signing.CannotSign):
        tasks.print_report(**waiting()[0], at=TUESDAY)
    assert queries.printed(report) is None
    assert not Notice.objects.filter(user_id=river_bank_officer.user_id).exists()


def test_once_it_can_be_signed_its_reader_is_told_and_may_have_it(report: Report, river_bank_officer: Person) -> None:
    tasks.print_report(number=report.number, user_id=str(river_bank_officer.user_id), at=WEDNESDAY)
    assert Notice.objects.get(user_id=river_bank_officer.user_id).text.startswith(f"信用报告 {report.number}")
    assert actions.print_report(report=report, by=river_bank_officer.actor, at=WEDNESDAY) == queries.printed(report)


def test_a_paper_that_is_there_still_needs_a_consent(report: Report, applied: Firm, river_bank_officer: Person) -> None:

    actions.print_report(report=report, by=river_bank_officer.actor, at=TUESDAY)
    consents.revoke(consent=consent_queries.living(applied.uscc), by=applied.owner, at=TUESDAY)
    with pytest.raises(NotGranted):
        actions.print_report(report=report, by=river_bank_officer.actor, at=WEDNESDAY)
