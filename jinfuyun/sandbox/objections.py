"""A few living disputes and questions, so that every desk of a new sandbox has something to look at.

Through the real actions, now: they need the departments' data, so they come after everything else.
"""

from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import OPEN
from jinfuyun.deliveries.queries import answers_for
from jinfuyun.disputes import actions
from jinfuyun.disputes.content import Figure, figure_of
from jinfuyun.disputes.models import Dispute
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import NotGranted
from jinfuyun.kit.grant import Purpose, Reader, ReaderKind
from jinfuyun.reports import actions as reports
from jinfuyun.reports.models import Report
from jinfuyun.sandbox import staff

TAX = "tax"  # the department whose login is shown
COUNT_MAX = 6
REASON, RIGHT = "与我公司在电子税务局查询到的不一致，疑似漏计。", "请以电子税务局申报表为准。"


class Hands(NamedTuple):
    """Who acts beside the enterprises."""

    officer: Actor
    bureau: Actor


def raise_some(*, at: datetime) -> int:
    """Once a sandbox; how many."""
    if Dispute.objects.exists():
        return 0
    applications = Application.objects.filter(institution__code=staff.SHOWN, state__in=OPEN).order_by("number")
    hands = Hands(staff.acting(staff.SHOWN, "officer"), staff.department(TAX))
    chosen = applications.select_related("institution")[:COUNT_MAX]
    count = 0
    for turn, application in enumerate(chosen):
        with suppress(NotGranted):  # somebody who tries the sandbox already revoked
            count += one_story(application, turn, hands, at=at)
    return count


def one_story(application: Application, turn: int, hands: Hands, *, at: datetime) -> bool:
    """The bank reads, the enterprise reads, asks the bank and disputes a figure; by turns the bureau goes on.

    False where the enterprise has no figure of the bureau's.
    """
    owner = enterprises.owner_of(application.uscc)
    bank = Reader(ReaderKind.INSTITUTION, application.institution.code)
    own = Reader(ReaderKind.ENTERPRISE, application.uscc)
    theirs = reports.open_report(
        uscc=application.uscc, reader=bank, reader_name=application.institution.name, purpose=Purpose.PRE_LOAN,
        because=application.number, by=hands.officer, at=at,
    )  # fmt: skip
    number = reports.open_report(
        uscc=application.uscc, reader=own, reader_name=application.enterprise_name, purpose=Purpose.OWN_VIEW,
        because="", by=owner, at=at,
    )  # fmt: skip
    report = Report.objects.get(number=number)
    figure = _of_the_bureau(report, owner, at)
    if figure is None:
        return False
    if turn % 2 == 0:
        actions.ask(uscc=application.uscc, report_number=theirs, by=owner, at=at)
    dispute = actions.raise_dispute(
        report=report, category=figure.category, key=figure.key, reason=REASON, right=RIGHT, by=owner, at=at
    )
    _goes_on(dispute, turn, hands.bureau, at)
    return True


def _of_the_bureau(report: Report, owner: Actor, at: datetime) -> Figure | None:
    """The first figure with a value that the tax bureau answers for."""
    data = reports.view_report(report=report, how="page", by=owner, at=at)
    for part in data.chapters:
        for fact in part.facts:
            figure = figure_of(data, part.category, fact.name) if fact.value else None
            if figure and answers_for(figure.category, figure.feeds) == TAX:
                return figure
    return None


def _goes_on(dispute: Dispute, turn: int, bureau: Actor, at: datetime) -> None:
    """New, looked into, asked back, explained, and again."""
    if turn % 4:
        actions.take(dispute=dispute, by=bureau, at=at)
    if turn % 4 == 2:
        actions.ask_more(dispute=dispute, text="请说明涉及的所属期和金额。", by=bureau, at=at)
    if turn % 4 == 3:
        actions.resolve(
            dispute=dispute, answer="经核对，差异为已红冲发票，报告口径已扣除，数据无误。", outcome="explained",
            correction="", by=bureau, at=at,
        )  # fmt: skip
