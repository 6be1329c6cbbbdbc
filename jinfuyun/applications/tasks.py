"""Jobs of applications."""

from datetime import datetime

from jinfuyun.applications import actions
from jinfuyun.disputes import actions as disputes
from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job
from jinfuyun.workdays import queries as workdays


def tend(*, at: datetime) -> None:
    """Once a day, by the clock."""
    by = platform(Job.TEND_APPLICATIONS)
    actions.lapse_offers(by=by, at=at)
    actions.release_kept(by=by, at=at)
    actions.set_clocks_right(by=by, at=at, notices=workdays.notices())
    actions.tend_documents(by=by, at=at)


def scan_document(*, document_id: str, at: datetime) -> None:
    """Job.SCAN_DOCUMENT; a scanner that gives no answer raises, and the job is tried again."""
    actions.scan_document(document_id=document_id, by=platform(Job.SCAN_DOCUMENT), at=at)


def remind(*, at: datetime) -> None:
    """Once a day, by the clock, before the desks open."""
    by = platform(Job.REMIND_DESKS)
    notices = workdays.notices()
    actions.remind(by=by, at=at, notices=notices)
    actions.pass_on_late(by=by, at=at, notices=notices)


def tend_clocks(*, at: datetime) -> None:
    """Job.TEND_CLOCKS: a notice came into force, so what it changes is counted again now."""
    by, notices = platform(Job.TEND_CLOCKS), workdays.notices()
    actions.set_clocks_right(by=by, at=at, notices=notices)
    disputes.set_clocks_right(by=by, at=at, notices=notices)
