"""What a consent lets in comes, even late; what a consent that ended had let in goes, even late."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from jinfuyun.config import jobs
from jinfuyun.consents import actions, queries, tasks
from jinfuyun.consents.models import Consent
from jinfuyun.consents.rules import State, day
from jinfuyun.data import door
from jinfuyun.kit.actor import platform
from jinfuyun.kit.errors import Unreachable
from jinfuyun.kit.jobs import Job
from tests.cast import Firm, enterprise_of, enterprise_person, given
from tests.data.test_door import AT
from tests.data.test_invoices import document
from tests.sandbox.service import Service

LATER = AT + timedelta(hours=3)  # the ordinary job has had all its tries
START = (AT + timedelta(days=3)).replace(hour=0)


@pytest.fixture
def firm(committed_db: None, opened: Service, province_folder: Path) -> Firm:
    """An enterprise of the pretend province, whose registration was delivered; it signed nothing yet."""
    door.deliver("registration", province_folder / "registration.csv", at=AT)
    someone = opened.people[0]
    return enterprise_of(
        enterprise_person("13800000001", "林红星"), number=1, name="红星示例机械厂", legal_name="林红星", at=AT,
        uscc=someone["uscc"],
    )  # fmt: skip


@pytest.fixture
def tax_is_down(opened: Service) -> Iterator[None]:
    for name in ("tax", "tax_xiamen"):
        opened.fault(name, "down")
    yield
    for name in ("tax", "tax_xiamen"):
        opened.fault(name, "off")


def signed(firm: Firm, **terms: date | None) -> Consent:
    """A consent whose letter the departments have been told of; what that deferred is taken off the list."""
    consent = given(firm, at=AT, **terms)
    tasks.render_letter(consent_id=str(consent.pk), at=AT)
    ProcrastinateJob.objects.all().delete()
    return consent


def waiting(job: Job) -> list[tuple[dict[str, str], datetime | None]]:
    """Arguments and first moment of the jobs of this kind that were deferred."""
    found = ProcrastinateJob.objects.filter(task_name=job.value, status="todo").order_by("id")
    return [(row.args, row.scheduled_at) for row in found]


def work(job: Job, at: datetime) -> None:
    """Do what waits, as the worker does, and take it off the list."""
    for row in ProcrastinateJob.objects.filter(task_name=job.value, status="todo"):
        jobs.run(job, at=at, **row.args)
    ProcrastinateJob.objects.filter(task_name=job.value).delete()


def test_a_consent_that_starts_later_is_collected_on_its_first_day(firm: Firm) -> None:
    consent = signed(firm, start=START.date())
    tasks.pull_facts(uscc=firm.uscc, at=AT)
    assert document(firm.uscc, "registration") is None
    assert waiting(Job.PULL_FACTS) == [({"uscc": firm.uscc}, START)]
    work(Job.PULL_FACTS, at=START)
    assert document(firm.uscc, "registration") is not None
    consent.refresh_from_db()
    assert consent.collected_at == START
    tasks.make_good(at=START + timedelta(hours=3))
    assert waiting(Job.PULL_FACTS) == []


def test_signed_anew_to_start_at_once_it_does_not_wait_for_the_former_start(firm: Firm) -> None:
    signed(firm, start=START.date())
    tasks.pull_facts(uscc=firm.uscc, at=AT)
    second = given(firm, at=AT)
    tasks.render_letter(consent_id=str(second.pk), at=AT)
    assert ({"uscc": firm.uscc}, None) in waiting(Job.PULL_FACTS)


def test_after_a_long_silence_of_the_tax_department_its_data_still_come(firm: Firm, tax_is_down: None) -> None:
    consent = signed(firm)
    with pytest.raises(Unreachable):
        tasks.pull_facts(uscc=firm.uscc, at=AT)
    tasks.make_good(at=AT)
    assert waiting(Job.PULL_FACTS) == []  # the ordinary job still tries
    for _ in range(2):
        tasks.make_good(at=LATER)
    assert waiting(Job.PULL_FACTS) == [({"uscc": firm.uscc}, None)]
    with pytest.raises(Unreachable):
        work(Job.PULL_FACTS, at=LATER)
    consent.refresh_from_db()
    assert consent.collected_at is None


def test_what_was_to_be_erased_and_was_not_is_erased_later(firm: Firm) -> None:
    consent = signed(firm)
    tasks.pull_facts(uscc=firm.uscc, at=AT)
    assert document(firm.uscc, "tax") is not None
    actions.revoke(consent=consent, by=firm.owner, at=AT)
    ProcrastinateJob.objects.all().delete()  # it failed for good
    tasks.make_good(at=AT)
    assert waiting(Job.ERASE_FACTS) == []
    for _ in range(2):
        tasks.make_good(at=LATER)
    assert len(waiting(Job.ERASE_FACTS)) == 1
    work(Job.ERASE_FACTS, at=LATER)
    assert document(firm.uscc, "tax") is None
    tasks.make_good(at=LATER + timedelta(hours=3))
    assert waiting(Job.ERASE_FACTS) == []


def test_every_end_is_made_good(firm: Firm) -> None:
    numbers = []
    for state in (State.EXPIRED, State.SETTLED, State.SUPERSEDED):
        consent = signed(firm)
        actions.end(consent=consent, state=state, by=platform("test"), at=AT)
        numbers.append(consent.number)
    ProcrastinateJob.objects.all().delete()
    tasks.make_good(at=LATER)
    assert sorted(told["consent_number"] for told, _ in waiting(Job.ERASE_FACTS)) == sorted(numbers)


def test_nothing_is_made_good_for_letters_that_nobody_signed_or_that_rest(firm: Firm) -> None:
    actions.pause(consent=signed(firm), by=firm.owner, at=AT)
    Consent.objects.create(
        number="SQ0", enterprise_id=firm.uscc, state=State.SUPERSEDED, term_kind="fixed", start_on=day(AT),
        categories=[], purposes=[], personal_notice=False, recommend=False, letter_version="1", letter="",
        text_sha256="", prepared_by_id=firm.owner.id, prepared_at=AT, ended_at=AT,
    )  # fmt: skip
    ProcrastinateJob.objects.all().delete()
    tasks.make_good(at=LATER)
    assert waiting(Job.PULL_FACTS) == waiting(Job.ERASE_FACTS) == []


def test_signed_anew_while_the_former_data_were_erased_they_are_fetched_again(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = signed(firm)
    actions.revoke(consent=first, by=firm.owner, at=AT)
    really = door.forget

    def meanwhile(*args: object, **rest: object) -> object:
        given(firm, at=AT)
        return really(*args, **rest)

    monkeypatch.setattr(tasks.door, "forget", meanwhile)
    tasks.erase_facts(consent_number=first.number, uscc=firm.uscc, at=AT)
    assert queries.in_force(firm.uscc, AT) is not None
    assert waiting(Job.PULL_FACTS) == [({"uscc": firm.uscc}, None)]


def test_a_letter_that_could_not_be_made_is_made_later(firm: Firm) -> None:
    consent = given(firm, at=AT)
    ProcrastinateJob.objects.all().delete()
    for _ in range(2):
        tasks.make_good(at=LATER)
    assert waiting(Job.RENDER_LETTER) == [({"consent_id": str(consent.pk)}, None)]
    assert waiting(Job.PULL_FACTS) == []
    work(Job.RENDER_LETTER, at=LATER)
    work(Job.PULL_FACTS, at=LATER)
    assert document(firm.uscc, "tax") is not None
    tasks.make_good(at=LATER + timedelta(hours=3))
    assert waiting(Job.RENDER_LETTER) == waiting(Job.PULL_FACTS) == []
