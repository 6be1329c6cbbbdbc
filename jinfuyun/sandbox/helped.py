"""Loans that the departments' data helped to: officers read before they decide, and what they decide is paid out.

Through the real actions, now: they need the departments' data, so they come after the night.
"""

from contextlib import suppress
from datetime import datetime

import numpy as np
from django.db import transaction

from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import State
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.errors import Refused
from jinfuyun.kit.grant import Purpose, Reader, ReaderKind
from jinfuyun.reports import actions as reports
from jinfuyun.reports.models import Report
from jinfuyun.sandbox import branches, business, staff

COUNT = 10  # enterprises; of some a department knows nothing, and what is left should be no small cell
ACTS = (*business.TO_CONTRACT, "fund", "confirm")
TAKEN = {State.ACCEPTED: "contact", State.CONTACTED: "review", State.UNDER_REVIEW: "approve"}  # and what comes next


def lend_some(*, at: datetime) -> int:
    """Until there are so many; how many there are. Of one that was broken off the report stands and is not read again.

    Not of the institution whose logins are shown: its desk is for people.
    """
    because = Report.objects.filter(reader_kind=ReaderKind.INSTITUTION).values("because")
    read = Application.objects.filter(number__in=because)
    count = read.filter(state=State.FUNDED).values("uscc").distinct().count()
    waiting = Application.objects.filter(state__in=TAKEN, state_at__lt=at).exclude(institution__code=staff.SHOWN)
    for application in waiting.select_related("institution", "version", "unit").order_by("number"):
        if count >= COUNT:
            break
        with suppress(Refused):  # somebody who tries the sandbox was first, or revoked
            if not read.filter(pk=application.pk).exists():
                _read(application, at)
            _lend(application, at)
            count += 1
    return count


def _read(application: Application, at: datetime) -> None:
    reader = Reader(ReaderKind.INSTITUTION, application.institution.code)
    reports.open_report(
        uscc=application.uscc, reader=reader, reader_name=application.institution.name, purpose=Purpose.PRE_LOAN,
        because=application.number, by=branches.handling(application, "officer"), at=at,
    )  # fmt: skip


@transaction.atomic
def _lend(application: Application, at: datetime) -> None:
    """From where it stands to the confirmed loan."""
    hand = business.Hand(application, enterprises.owner_of(application.uscc), np.random.default_rng(20200522))
    for act in ACTS[ACTS.index(TAKEN[State(application.state)]) :]:
        hand.does(act, at=at)
