"""From registered to settled: each step of the one table, what is lost on the way, and why."""

from typing import NamedTuple

from jinfuyun.kit.refusals import BASIS_LABELS
from jinfuyun.supervision.queries import BY_NAME
from jinfuyun.supervision.rules import Values, share_of
from jinfuyun.web import figures

# A figure, and those that tell why fewer come to it than to the one before.
STEPS = (
    ("registered", ()),
    ("authenticated", ()),
    ("consented", ()),
    ("applied", ()),
    ("accepted", ("withdrawn",)),
    ("approved", tuple(f"refused_{basis}" for basis in BASIS_LABELS)),
    ("funded", ("declined",)),
    ("settled", ()),
)


class Row(NamedTuple):
    """`kept`, `lost`: beside the step before, where both count the same thing."""

    label: str
    value: int | None
    text: str
    kept: str
    lost: str
    reasons: str
    name: str  # of the indicator
    why: str  # names of those that are the reasons


def rows(values: Values) -> list[Row]:
    made = []
    for before, (name, reasons) in zip((None, *STEPS), STEPS, strict=False):
        one, value = BY_NAME[name], values[name]
        earlier = values[before[0]] if before and BY_NAME[before[0]].unit is one.unit else None
        known = earlier is not None and value is not None
        text = figures.short(one, value)
        made.append(
            Row(
                one.label, value, f"{text} {one.unit}" if value is not None else text,
                figures.short(BY_NAME["consented_share"], share_of(value, earlier)) if known else figures.MISSING,
                f"{max((earlier or 0) - (value or 0), 0):,}" if known else figures.MISSING,
                "；".join(f"{_reason(why)} {values[why]}" for why in reasons if values[why]),
                name, " ".join(reasons),
            )
        )  # fmt: skip
    return made


def _reason(name: str) -> str:
    return BY_NAME[name].label.removeprefix("拒绝原因：")
