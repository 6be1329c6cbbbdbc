"""What stands against something, field by field: every reason, not the first."""

from typing import NamedTuple

from jinfuyun.kit.errors import Refused


class Reason(NamedTuple):
    """`field` is the form field's name, "" where it concerns the whole."""

    field: str
    text: str


class NotInOrder(Refused):
    """The content cannot be taken as it is; `reasons` says why, each with its field."""

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__("".join(reason.text for reason in reasons))
        self.reasons = reasons


def said(why: str) -> str:
    """What a person must write down beside a step. Raises NotInOrder."""
    if not 2 <= len(why.strip()) <= 200:
        raise NotInOrder([Reason("why", "请写明原因（2 至 200 个字）。")])
    return why.strip()
