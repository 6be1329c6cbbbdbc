"""The one guarded step of a run of the wizard from state to state."""

from datetime import datetime
from typing import Any

from jinfuyun.enterprises.models import Run
from jinfuyun.enterprises.rules import MOVES, RunState
from jinfuyun.kit.errors import TooLate


def move(run: Run, to: RunState, *, at: datetime, **changes: Any) -> None:
    """Guarded: only from a state that may go there, and only if nobody was first."""
    if to not in MOVES[RunState(run.state)] and to != run.state:
        raise TooLate
    allowed = [state for state, following in MOVES.items() if to in following or state is to]
    current = Run.objects.select_for_update().filter(pk=run.pk, state__in=allowed).first()
    if current is None or current.state != run.state:
        raise TooLate
    for field, value in {"state": to, "changed_at": at, **changes}.items():
        setattr(run, field, value)
    run.save()
