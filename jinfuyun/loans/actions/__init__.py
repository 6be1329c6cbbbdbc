"""Everything that happens to credit lines and loans, one file per side."""

from jinfuyun.loans.actions.enterprise import answer, ask_renewal
from jinfuyun.loans.actions.institution import Agreed, draw, enter, fund, reverse, tend_line
from jinfuyun.loans.actions.platform import expire_lines, mark_overdue, release_over, remind, tell_of_the_end
from jinfuyun.loans.actions.sheets import take_in, upload

__all__ = [
    "Agreed",
    "answer",
    "ask_renewal",
    "draw",
    "enter",
    "expire_lines",
    "fund",
    "mark_overdue",
    "release_over",
    "remind",
    "reverse",
    "take_in",
    "tell_of_the_end",
    "tend_line",
    "upload",
]
