"""What the worker does for enterprises."""

import uuid
from datetime import datetime

from jinfuyun.enterprises import queries
from jinfuyun.enterprises.actions import authenticate, holding, mandates
from jinfuyun.enterprises.models import Run
from jinfuyun.enterprises.rules import Elements, RunState
from jinfuyun.kit.actor import platform


def retry_tax_check(*, run_id: str, at: datetime) -> None:
    """Ask the tax department again. While it stays silent, writing that down puts off the next try."""
    run = Run.objects.filter(pk=uuid.UUID(run_id), state=RunState.PENDING).first()
    if run is None:
        return  # the person went on or gave up meanwhile
    elements = Elements(**queries.draft_of(run)["elements"])
    verdict = authenticate.ask_tax(elements, at=at)
    authenticate.settle_check(run=run, elements=elements, verdict=verdict, by=platform("retry_tax_check"), at=at)


def end_holdings(*, user_id: str, at: datetime) -> None:
    """The account was closed."""
    holding.end_holdings(user_id=uuid.UUID(user_id), by=platform("end_holdings"), at=at)


def bind_mandates(*, user_id: str, at: datetime) -> None:
    """The account has a phone that it had not before."""
    mandates.bind_mandates(user_id=uuid.UUID(user_id), by=platform("bind_mandates"), at=at)
