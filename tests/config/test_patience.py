"""Every request has one deadline for all that it asks of departments."""

from contextlib import contextmanager

import pytest
from django.test import Client

from jinfuyun.data import door
from jinfuyun.data.departments import deadline


def test_each_request_begins_a_deadline_of_its_own_and_leaves_none_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = []
    really = door.one_deadline

    @contextmanager
    def seen():
        with really():
            inside.append(deadline._PAGE.get())
            yield

    monkeypatch.setattr(door, "one_deadline", seen)
    for _ in range(2):
        assert Client().get("/healthz").status_code == 200
    assert inside == [[], []] and inside[0] is not inside[1]
    assert deadline._PAGE.get() is None
