"""Which days are worked, as the clocks count them."""

from uuid import UUID

from django.db.models import QuerySet

from jinfuyun.kit.calendar import SEEDED, Notices
from jinfuyun.kit.errors import NotFound
from jinfuyun.workdays.models import Notice
from jinfuyun.workdays.rules import State


def notices() -> Notices:
    """The package's years, each replaced by the operators' notice where there is one in force."""
    own = list(Notice.objects.filter(state=State.IN_FORCE))
    if not own:
        return SEEDED
    years = {one.year for one in own}
    return Notices(
        frozenset(day for day in SEEDED.days_off if day.year not in years).union(*(one.days_off for one in own)),
        frozenset(day for day in SEEDED.days_worked if day.year not in years).union(*(one.days_worked for one in own)),
        SEEDED.years | years,
    )


def notice(notice_id: UUID) -> Notice:
    """Raises NotFound."""
    found = Notice.objects.filter(pk=notice_id).first()
    if found is None:
        raise NotFound
    return found


def kept() -> QuerySet[Notice]:
    """All that operators wrote down, the latest year and proposal first."""
    return Notice.objects.order_by("-year", "-proposed_at")


def proposed_count() -> int:
    return Notice.objects.filter(state=State.PROPOSED).count()
