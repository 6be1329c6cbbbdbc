"""Everything that happens to a dispute and to a question, one file per side."""

from jinfuyun.disputes.actions.department import ask_more, reject, resolve, take
from jinfuyun.disputes.actions.enterprise import close, raise_dispute, supply, withdraw
from jinfuyun.disputes.actions.platform import close_answered, escalate, escalate_questions, remind, set_clocks_right
from jinfuyun.disputes.actions.questions import answer, ask

__all__ = [
    "answer",
    "ask",
    "ask_more",
    "close",
    "close_answered",
    "escalate",
    "escalate_questions",
    "raise_dispute",
    "reject",
    "remind",
    "resolve",
    "set_clocks_right",
    "supply",
    "take",
    "withdraw",
]
