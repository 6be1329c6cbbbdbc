"""The table of a credit line's states and the code agree: every act from every state."""

from datetime import date

import pytest
from django.db import transaction

from jinfuyun.kit.actor import platform
from jinfuyun.kit.errors import TooLate
from jinfuyun.loans import actions
from jinfuyun.loans.actions.keeping import move_line
from jinfuyun.loans.models import CreditLine
from jinfuyun.loans.rules import LINE_STEP, LineAct, LineState
from tests.cast import FRIDAY
from tests.loans.steps import on

BY_HAND = (LineAct.FREEZE, LineAct.UNFREEZE, LineAct.CLOSE)
OVER = on(date(2027, 3, 6))


@pytest.mark.parametrize("start", LineState)
def test_every_act_from_every_state_does_what_the_table_says(loan, approver, start):
    """Seen red with the state left out of the update."""
    clock = platform("test")
    for act, step in LINE_STEP.items():
        CreditLine.objects.filter(pk=loan.line.pk).update(state=start)
        line = CreditLine.objects.select_related("institution", "application").get(pk=loan.line.pk)
        with transaction.atomic():
            try:
                if act in BY_HAND:
                    actions.tend_line(line=line, act=act, by=approver, at=FRIDAY)
                elif act is LineAct.EXPIRE:
                    actions.expire_lines(by=clock, at=OVER)
                else:
                    move_line(line=line, act=act, by=clock, at=FRIDAY)
            except TooLate:
                assert start not in step.sources
            line.refresh_from_db()
            assert line.state == (step.target if start in step.sources else start), act
            transaction.set_rollback(True)
