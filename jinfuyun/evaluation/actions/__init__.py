"""What is done with evaluation: schemes put in force; results, what is public of them, and appeals."""

from jinfuyun.evaluation.actions.results import answer, appeal, correct, evaluate, publish, tell_late
from jinfuyun.evaluation.actions.schemes import FourEyes, confirm, propose, send_back

__all__ = [
    "FourEyes", "answer", "appeal", "confirm", "correct", "evaluate", "propose", "publish", "send_back", "tell_late",
]  # fmt: skip
