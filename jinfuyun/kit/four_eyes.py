"""Two people must look: one proposes, another person approves exactly what was proposed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """`phone_mark` tells two accounts of one person: equal phones have equal marks (b"" if there is none)."""

    account: str
    phone_mark: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """Digests of the content: when it was submitted, as it stood on the reviewer's screen, as it stands now."""

    submitted: str
    on_screen: str
    now: str


def digest(content: Mapping[str, object]) -> str:
    """SHA-256 of the content in one canonical form."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def why_not_approve(*, proposer: Person, reviewer: Person, seen: Seen) -> list[str]:
    """Every reason why this person may not approve this; empty if he may."""
    reasons = []
    if proposer.account == reviewer.account:
        reasons.append("提交人不能复核自己提交的内容，请由另一位同事复核。")
    elif proposer.phone_mark and proposer.phone_mark == reviewer.phone_mark:
        reasons.append("复核账号与提交账号属于同一人（手机号相同），请由另一位同事复核。")
    if seen.submitted != seen.now:
        reasons.append("内容在提交之后被改动过，请退回后重新提交。")
    elif seen.on_screen != seen.now:
        reasons.append("您看到的内容不是当前内容，请刷新页面重新核对。")
    return reasons
