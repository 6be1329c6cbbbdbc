"""Controlled dirt: what departments do to their files. Every spoiled line is one more line beside the good one.

So what the platform must come to stays what the arrays say, and of each line it is known what must become of it:
an older version is superseded, a broken one is quarantined under one rule, one that names nobody is not kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from jinfuyun.data.departments.contract import Column, Feed, Kind
from jinfuyun.kit.uscc import ALPHABET
from jinfuyun.sandbox.block import Block
from jinfuyun.sandbox.feeds.rows import DAY
from jinfuyun.sandbox.names import Ints
from jinfuyun.sandbox.sheet import Coded, Rows, length

# Departments that still write their files as they did in 2005.
GB18030_FEEDS = ("shareholders", "licences", "tax_arrears")
# A number of these can be less than nothing only by mistake; the rule that says so.
NEGATIVE = {
    "shareholders": ("subscribed_fen", "subscribed_negative"),
    "equity_pledges": ("pledged_fen", "pledged_negative"),
    "annual_reports": ("heads", "heads_negative"),
    "enforcements": ("amount_fen", "amount_negative"),
    "procurement_awards": ("amount_fen", "amount_negative"),
    "subsidies": ("amount_fen", "amount_negative"),
    "tax_arrears": ("owed_fen", "owed_negative"),
    "social_insurance": ("heads", "heads_negative"),
    "housing_fund": ("heads", "heads_negative"),
    "electricity": ("kwh", "kwh_negative"),
    "water": ("cubic_metres", "use_negative"),
    "gas": ("cubic_metres", "use_negative"),
    "customs_declarations": ("usd_cents", "value_negative"),
    "mortgages": ("secured_fen", "secured_negative"),
    "collections": ("paid_fen", "negative"),
}
# What an older version said otherwise: a larger number; of the other feeds nothing.
OTHERWISE = {
    "tax_declarations": "tax_due_fen",
    "tax_payments": "paid_fen",
    "social_insurance": "heads",
    "housing_fund": "heads",
    "electricity": "kwh",
    "water": "cubic_metres",
    "gas": "cubic_metres",
    "collections": "payments",
    "annual_reports": "heads",
}
NUMBERS = (Kind.MONEY, Kind.WAN, Kind.COUNT, Kind.QUANTITY)
WORDS = (Kind.TEXT, Kind.CODE)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
UPDATED_AT = "updated_at"

Line = dict[str, str]  # by column name
Spoil = Callable[[Line], None]


@dataclass(slots=True)
class Expected:
    """What must become of a feed's lines when everybody has consented."""

    delivered: int = 0
    accepted: int = 0
    superseded: int = 0
    unauthorised: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)  # by rule

    def add(self, other: "Expected") -> None:
        for name in ("delivered", "accepted", "superseded", "unauthorised"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for rule, count in other.quarantined.items():
            self.quarantined[rule] = self.quarantined.get(rule, 0) + count


@dataclass(frozen=True, slots=True)
class Plan:
    """The clean rows as they are delivered, and the places of those that get an older or a broken copy."""

    rows: Rows
    older: Ints
    broken: Ints


def plan(feed: Feed, rows: Rows, block: Block, share: float) -> Plan:
    """Of each hundred rows `share` × 100 get a copy, as many another key of their enterprise; at least one of each."""
    count = length(rows)
    none = np.zeros(0, dtype=np.int64)
    if not share or not count:
        return Plan(rows, none, none)
    random = block.dice(f"{feed.name} dirt")
    picks = max(round(count * share / 2), 1)
    older, broken, renamed = (np.unique(random.integers(0, count, picks)) for _ in range(3))
    if feed.consented:
        rows = rows | {feed.enterprise: _old_keys(rows[feed.enterprise], renamed, block)}
    moments = np.full(count, np.datetime64("NaT"), dtype="datetime64[s]")
    moments[older] = (block.until - DAY).astype("datetime64[s]") + random.integers(0, 80_000, older.size)
    return Plan(rows | {UPDATED_AT: moments}, older, broken)


def _old_keys(key: object, renamed: Ints, block: Block) -> Coded:
    """Some rows name their enterprise by the number its registry gave it before 2015."""
    assert isinstance(key, Coded)
    had = np.array([number is not None for number in block.people.registration_number.tolist()], dtype=np.bool_)
    index = key.index.copy()
    chosen = renamed[had[index[renamed]]]
    index[chosen] += block.count
    return replace(key, index=index, words=[*key.words, *(number or "" for number in block.people.registration_number)])


def older_version(feed: Feed, line: Line, until: np.datetime64) -> Line:
    """The same row as it stood a month before."""
    old = line | {UPDATED_AT: f"{until - 30 * DAY} 08:00:00"}
    if "invoices" in feed.name:
        old["state"] = "作废发票" if line["state"] == "有效发票" else "有效发票"
    elif feed.name in OTHERWISE:
        old[OTHERWISE[feed.name]] = _larger(line[OTHERWISE[feed.name]])
    return old


def _larger(number: str) -> str:
    return f"-1{number[1:]}" if number.startswith("-") else f"1{number}"


def ways_to_break(feed: Feed) -> tuple[tuple[str, Spoil], ...]:
    """(rule, what is done to a line); of the last, when the feed is consented, the rule is "" and nobody is named."""
    ways: list[tuple[str, Spoil]] = []
    dated = feed.column(feed.dated_by)
    ways.append((f"{dated.name}_unreadable", _written(dated, "2026-02-30" if dated.kind is Kind.DATE else "2026-13")))
    wide = next((each for each in feed.columns if each.kind in NUMBERS and each.needed), dated)
    ways.append((f"{wide.name}_full_width", _widened(wide)))
    others = [each for each in feed.columns if each.needed and each.name != feed.enterprise]
    ways.append((f"{others[-1].name}_missing", _written(others[-1], "")))
    if wordy := next((each for each in others if each.kind in WORDS), None):
        ways.append((f"{wordy.name}_formula", _written(wordy, "=1+1")))
    if feed.name in NEGATIVE:
        name, rule = NEGATIVE[feed.name]
        ways.append((rule, _written(feed.column(name), "-5")))
    ways.append(("column_count", lambda line: line.__setitem__("", "多出的一格")))
    if feed.consented:
        ways.append(("", _written(feed.column(feed.enterprise), "XF404")))
    else:
        ways.append((f"{feed.enterprise}_check_digit", _miscopied(feed.enterprise)))
    return tuple(ways)


def _written(column: Column, text: str) -> Spoil:
    return lambda line: line.__setitem__(column.name, text)


def _widened(column: Column) -> Spoil:
    return lambda line: line.__setitem__(column.name, line[column.name].lstrip("-").translate(FULL_WIDTH))


def _miscopied(name: str) -> Spoil:
    def spoil(line: Line) -> None:
        code = line[name]
        line[name] = code[:17] + ALPHABET[(ALPHABET.index(code[17]) + 1) % len(ALPHABET)]

    return spoil


def spoiled(feed: Feed, older: list[Line], broken: list[Line], block: Block) -> tuple[list[Line], Expected]:
    """The lines that stand beside the clean ones, and what must become of them."""
    lines = [older_version(feed, line, block.until) for line in older]
    expected = Expected(delivered=len(older) + len(broken), superseded=len(older))
    ways = ways_to_break(feed)
    for place, line in enumerate(broken):
        rule, spoil = ways[(place + len(feed.name) + block.index) % len(ways)]
        spoil(line)
        lines.append(line)
        if rule:
            expected.quarantined[rule] = expected.quarantined.get(rule, 0) + 1
        else:
            expected.unauthorised += 1
    return lines, expected


def cells(line: Mapping[str, str], names: list[str]) -> list[str]:
    """In the file's order; what stands under no name is one cell too many."""
    return [line[name] for name in names] + ([line[""]] if "" in line else [])
