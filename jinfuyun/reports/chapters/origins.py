"""Where figures come from: every delivery behind a report once, numbered, with what its check came to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from jinfuyun.data import door
from jinfuyun.kit.grant import CATEGORY_LABELS
from jinfuyun.reports.content import SHANGHAI, Delivery, ReportData

STATES = {"loaded": "已入库", "partly_loaded": "部分入库", "withdrawn": "已撤回", "refused": "拒收"}
NOT_KEPT = "制作时未留存"


@dataclass(frozen=True, slots=True)
class Origin:
    """`number`: how figures refer to it in this report."""

    number: int
    delivery: Delivery
    department: str
    feed: str

    @property
    def received(self) -> str:
        return minute(self.delivery.received_at)

    @property
    def checked(self) -> str:
        """What became of all rows of the file, not of this enterprise's alone."""
        found = self.delivery
        if found.delivered is None:
            return NOT_KEPT
        counts = (
            ("接收", found.accepted),
            ("被取代", found.superseded),
            ("隔离", found.quarantined),
            ("未授权", found.unauthorised),
        )
        told = "，".join(f"{word} {count:,}" for word, count in counts if count or word in ("接收", "隔离"))
        return f"{STATES.get(found.state, found.state)}：全部 {found.delivered:,} 行，{told}"


class Origins:
    """The deliveries of a report in the order of its documents."""

    def __init__(self, data: ReportData) -> None:
        self._numbers: dict[str, int] = {}
        found: list[Origin] = []
        for document in data.chapters:
            for each in document.deliveries:
                if each.number not in self._numbers:
                    self._numbers[each.number] = len(found) + 1
                    feed = each.feed_label or door.FEED_LABELS.get(each.feed) or CATEGORY_LABELS[document.category]
                    found.append(Origin(len(found) + 1, each, each.department or document.department, feed))
        self.all: tuple[Origin, ...] = tuple(found)

    def notes(self, deliveries: Iterable[str]) -> tuple[int, ...]:
        """Their numbers in this report; one that the report does not hold is left out."""
        return tuple(sorted({self._numbers[each] for each in deliveries if each in self._numbers}))


def written(notes: Sequence[int]) -> str:
    """1, 2, 3, 7 as "1–3、7"; nothing as "—"."""
    spans: list[list[int]] = []
    for note in notes:
        if spans and note == spans[-1][-1] + 1:
            spans[-1].append(note)
        else:
            spans.append([note])
    return "、".join(f"{span[0]}–{span[-1]}" if len(span) > 1 else str(span[0]) for span in spans) or "—"


def minute(told: str) -> str:
    """An ISO time of a document as 2026-11-22 11:04, or as it stands."""
    try:
        return f"{datetime.fromisoformat(told).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    except ValueError:
        return told
