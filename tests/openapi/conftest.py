"""The tax bureau's program, the site it pushes to, and the worker that takes in what was pushed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from jinfuyun.config import database, jobs, keys
from jinfuyun.data import door
from jinfuyun.kit.jobs import Job
from jinfuyun.sandbox.push import Pusher


@pytest.fixture
def lake(committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """This test's own door and lake."""
    monkeypatch.setattr(door, "_doors", [])
    door.open_door(
        app_dsn=database.dsn("jinfuyun_app"), data_dsn=database.dsn("jinfuyun_data"), lake=tmp_path / "lake",
        departments_url="http://127.0.0.1:9", department_keys=keys.department_keys(), ring=keys.field_keys(),
    )  # fmt: skip
    yield tmp_path / "lake"
    door.close_door()


@pytest.fixture
def pusher(site: str, lake: Path) -> Iterator[Pusher]:
    """The market department's."""
    program = Pusher(site, "market", keys.department_keys()["market"])
    yield program
    program.close()


@pytest.fixture
def work() -> Callable[[], int]:
    """What the worker would do now; how many jobs that were."""
    done: set[int] = set()

    def one_round() -> int:
        waiting = ProcrastinateJob.objects.filter(task_name=Job.TAKE_IN_PUSH).exclude(id__in=done)
        ids = [(job.id, job.args) for job in waiting]
        for number, arguments in ids:
            done.add(number)
            jobs.run(Job.TAKE_IN_PUSH, at=timezone.now(), **arguments)
        return len(ids)

    return one_round
