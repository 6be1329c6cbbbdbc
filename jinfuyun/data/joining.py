"""Who is who: keys that nobody knows yet, whom they may mean, and the names and codes an enterprise had. A part of the
door: it needs no consent, because all of it is public in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jinfuyun.data import door, retry
from jinfuyun.data.departments.contract import NAMES
from jinfuyun.data.lake import engine
from jinfuyun.data.resolution import past, proposals
from jinfuyun.data.resolution.past import Change
from jinfuyun.data.resolution.proposals import LEVELS, Candidate
from jinfuyun.data.retry import Settled

__all__ = [
    "LEVELS",
    "Candidate",
    "Change",
    "Settled",
    "Unknown",
    "changes_of",
    "propose",
    "registered",
    "settle",
    "unknown",
]

UNKNOWN_MAX = 500  # keys looked at in one go, those with the most rows first


@dataclass(frozen=True, slots=True)
class Unknown:
    """A key that nobody knows: the name beside it ("" for none), the feeds that said it, how many rows wait."""

    key: str
    name: str
    feeds: tuple[str, ...]
    row_count: int


def settle(*, at: datetime) -> Settled:
    """Take in what waited and is known now, put back what is not known any more, and say whom to ask about anew."""
    return retry.settle(door.plane(), at=at)


def unknown() -> list[Unknown]:
    """What waits, the keys with the most rows first."""
    found: dict[str, Unknown] = {}
    for key, feed, raw, header, count in retry.waiting(door.plane(), limit=UNKNOWN_MAX):
        before = found.get(key, Unknown(key, "", (), 0))
        name = before.name or _name(header, raw)
        found[key] = Unknown(key, name, (*before.feeds, feed), before.row_count + count)
    return list(found.values())


def propose(wanted: Sequence[Unknown]) -> list[Candidate]:
    """Whom these keys may mean, the likeliest first for each."""
    plane = door.plane()
    with engine.opened(plane.lake.work) as sql:
        return proposals.propose(sql, plane.lake, [proposals.Waiting(one.key, one.name) for one in wanted])


def changes_of(uscc: str) -> list[Change]:
    """What the registers say an enterprise was called and known by before, the newest first."""
    plane = door.plane()
    with engine.opened(plane.lake.work) as sql:
        return past.changes(sql, plane.lake, uscc)


def registered(uscc: str) -> dict[str, str]:
    """What the register says of an enterprise now; empty if it is not there."""
    plane = door.plane()
    with engine.opened(plane.lake.work) as sql:
        return past.registered(sql, plane.lake, uscc)


def _name(header: str, raw: str) -> str:
    """The name that a row says beside its key."""
    labels = [label.strip(" \t　") for label in retry.cells_of(header)] if header else []
    cells = retry.cells_of(raw)
    return next((cells[labels.index(label)].strip() for label in NAMES if label in labels), "")
