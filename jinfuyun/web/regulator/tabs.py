"""The six lists of 督办, each with how much waits on it."""

from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from jinfuyun.kit.calendar import local_day
from jinfuyun.oversight import queries
from jinfuyun.web.request import Request

TABS = {
    "late": "逾期申请",
    "demands": "需求督办",
    "questions": "逾期询问",
    "notes": "督办单",
    "complaints": "投诉",
    "looks": "企业查阅",
}


class Tab(NamedTuple):
    path: str
    label: str
    waiting: int
    is_here: bool


def tabs(request: Request, here: str) -> list[Tab]:
    counts = queries.regulator_counts(request.actor, local_day(timezone.now()))
    return [Tab(reverse(f"regulator:{name}"), label, counts[name], name == here) for name, label in TABS.items()]
