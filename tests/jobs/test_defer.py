"""Work that is put off: with its cause or not at all, once, and with nothing personal in it."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from jinfuyun.config import jobs as bound
from jinfuyun.jobs.actions import defer
from jinfuyun.jobs.queries import worker_is_alive
from jinfuyun.kit.jobs import Job

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def waiting() -> list[str]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", flat=True))


@pytest.mark.django_db
def test_a_job_leaves_with_the_transaction_that_failed() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        defer(Job.SEND_MESSAGE, message_id="1")
        1 / 0
    assert waiting() == []


@pytest.mark.django_db
def test_the_same_key_waits_once_and_spoils_nobodys_transaction() -> None:
    with transaction.atomic():
        for _ in range(3):
            defer(Job.PULL_FACTS, once="pull:1", uscc="91350100MA2XXXXX0K")
        defer(Job.SEND_MESSAGE, message_id="1")
    assert waiting() == ["pull_facts", "send_message"]


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["13800001111", "35010219800101123X", "林晓"])
def test_the_tests_themselves_refuse_personal_arguments(value: str) -> None:
    with pytest.raises(AssertionError, match="personal data"):
        defer(Job.SEND_MESSAGE, message_id=value)


def test_every_binding_takes_the_moment() -> None:
    for job, function in bound.BINDINGS.items():
        assert "at" in function.__annotations__, job


@pytest.mark.django_db
def test_no_worker_is_alive_where_none_was_heard_of() -> None:
    assert not worker_is_alive(MONDAY)
