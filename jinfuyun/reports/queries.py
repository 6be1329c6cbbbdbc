"""Finding reports. What is in one is handed out by an action, because reading it is booked."""

from datetime import datetime

import msgspec
from django.db.models import QuerySet

from jinfuyun.consents import queries as consents
from jinfuyun.data import door
from jinfuyun.kit.actor import Actor, HouseKind
from jinfuyun.kit.errors import NotFound, NotGranted
from jinfuyun.kit.grant import Category, Grant, Purpose, Reader, ReaderKind
from jinfuyun.reports.content import ReportData
from jinfuyun.reports.models import Printed, Report, Statement
from jinfuyun.storage import files

# Whose reports the people of a house may look for.
READER_OF = {HouseKind.INSTITUTION: ReaderKind.INSTITUTION, HouseKind.ENTERPRISE: ReaderKind.ENTERPRISE}


def visible_to(actor: Actor) -> QuerySet[Report]:
    """Reports that this house had made for itself."""
    if actor.house is None or actor.house.kind not in READER_OF:
        return Report.objects.none()
    return Report.objects.filter(reader_kind=READER_OF[actor.house.kind], reader_code=actor.house.code)


def report(number: str, *, visible_to_actor: Actor) -> Report:
    """Raises NotFound."""
    found = visible_to(visible_to_actor).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def for_application(application_number: str, *, visible_to_actor: Actor) -> QuerySet[Report]:
    return visible_to(visible_to_actor).filter(because=application_number).order_by("-made_at")


def fact_labels(report: Report, *, at: datetime) -> list[tuple[str, str]]:
    """Names and labels of its facts, for naming one as a reason; no figure leaves here, and nothing once the consent
    no longer lets the report be read."""
    reader = Reader(ReaderKind(report.reader_kind), report.reader_code)
    try:
        grant = consents.grant_for(
            uscc=report.enterprise_id, reader=reader, purpose=Purpose(report.purpose), because=report.because, at=at
        )
        data = content_under(grant, report)
    except NotGranted:
        return []
    return [(fact.name, fact.label) for chapter in data.chapters for fact in chapter.facts]


def content_under(grant: Grant, report: Report) -> ReportData:
    """What the report holds; raises NotGranted if a letter signed since no longer covers one of its chapters."""
    data = content(report)
    if any(chapter.category not in grant.categories for chapter in data.chapters):
        raise NotGranted("企业已缩小授权范围，原报告不能再查看，请重新查询。", why="category")
    return data


def content(report: Report) -> ReportData:
    """What the report holds, for making its paper; who hands it out asks for a Grant."""
    return ReportData.from_json(files.get(report.content_file))


def printed(report: Report) -> bytes | None:
    """The signed paper, if it was made."""
    kept = Printed.objects.filter(report=report).first()
    return files.get(kept.file) if kept else None


class _Part(msgspec.Struct):
    category: Category
    deliveries: list["_Delivered"] = []


class _Delivered(msgspec.Struct):
    number: str
    feed: str = ""


class _Outline(msgspec.Struct):
    chapters: list[_Part]


def outline(report: Report) -> dict[Category, frozenset[str]]:
    """Which chapters a report has, and the numbers of the deliveries behind each; no figure leaves here."""
    return {part.category: frozenset(one.number for one in part.deliveries) for part in _outline(report).chapters}


def feeds_of(report: Report) -> list[str]:
    """On whose deliveries the report rests."""
    return sorted({one.feed for part in _outline(report).chapters for one in part.deliveries})


def _outline(report: Report) -> _Outline:
    return msgspec.json.decode(files.get(report.content_file), type=_Outline)


def latest_own(uscc: str) -> Report | None:
    """The enterprise's own newest."""
    own = Report.objects.filter(enterprise_id=uscc, reader_kind=ReaderKind.ENTERPRISE)
    return own.order_by("-made_at").first()


def queries_by_institutions(uscc: str) -> QuerySet[Report]:
    """谁在什么时候为什么查了我: every report that an institution opened about this enterprise."""
    asked = Report.objects.filter(enterprise_id=uscc, reader_kind=ReaderKind.INSTITUTION)
    return asked.order_by("-made_at")


def statement(uscc: str) -> Statement | None:
    """What the enterprise says of itself now; None if nothing, or nothing any more."""
    newest = Statement.objects.filter(enterprise_id=uscc).order_by("-written_at").first()
    return newest if newest and newest.text else None


def by_number(number: str) -> Report | None:
    """For /verify: whether a report with this number was made, when and for whom it was not said."""
    return Report.objects.filter(number=number).first()


def lake_is_readable() -> bool:
    """Whether the data plane's current release can be read; one with nothing in it can."""
    try:
        return door.release_number() >= 0
    except (OSError, ValueError):
        return False
