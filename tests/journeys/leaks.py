"""After a journey: personal data stands nowhere but in its sealed fields."""

import json
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from jinfuyun.audit.models import Line
from jinfuyun.config import logs, places
from tests.journeys.steps import Town


def nothing_personal_left(town: Town, person: dict[str, Any], asked: list[str]) -> None:
    """Not in job arguments, not in the book, not in an address that the browser asked for, not in a log."""
    secrets = [person["phone"], person["id_number"], person["legal_name"]]
    jobs = [json.dumps(job.args, ensure_ascii=False) for job in ProcrastinateJob.objects.all()]
    book = [json.dumps(line.detail, ensure_ascii=False) + line.actor_label for line in Line.objects.all()]
    files = [file.read_text(errors="replace") for file in places.LOG.glob("*.log*")]
    assert len(jobs) > 5 and len(book) > 10 and len(asked) > 50, "there is something to look at"
    pages = [address for address in asked if not address.startswith(town.url + "/sandbox/")]
    for text in (*jobs, *book, *files, *pages):
        assert not any(secret in text for secret in secrets), text
        assert not logs.PERSONAL.search(text), text
