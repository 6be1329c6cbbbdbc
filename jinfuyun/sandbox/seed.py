"""Fills a new sandbox: institutions, products, staff, and people with enterprises, consents and data.

Broken off anywhere, the next call goes on: what is one step is one transaction, and a file delivered twice is one.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from jinfuyun.accounts.actions import hash_password
from jinfuyun.institutions.models import Institution
from jinfuyun.kit.actor import platform
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.period import month_of, shifted
from jinfuyun.sandbox import (
    branches,
    business,
    coordination,
    demands,
    evaluation,
    helped,
    holders,
    market,
    oversight,
    province,
    staff,
    warnings,
)
from jinfuyun.supervision import actions as supervision

SETTLED_SHARE = 0.3  # of the province's enterprises: 600 of 2,000 are on the platform already
OPENED_DAYS_AGO = 400
CLOSED_MONTHS = 13  # the last one beside its month of the year before
LETTERS = "letters-to-write"

Say = Callable[[str], None]
Deliver = Callable[[str, Path, date], object]


def fill(
    *, state: Path, send_lists: Callable[[], object], deliver: Deliver, at: datetime, say: Say = lambda _: None
) -> None:
    """`state` holds the folder `province`; `deliver(feed, file, covers_until)` takes a file into the data plane.

    `send_lists()` tells departments who consented, so that their files answer for those of whom they hold nothing too.
    """
    done = state / "filled"
    if done.exists():
        return
    people = province.people(state / "province")
    settled = holders.first_with_their_siblings(people, round(len(people) * SETTLED_SHARE))
    known = staff.logins(state, enterprise_phone=settled[0]["phone"])
    if not Institution.objects.exists():  # all of it is one transaction
        say("正在准备机构、产品与账号……")
        with transaction.atomic():
            opened_at = at - timedelta(days=OPENED_DAYS_AGO)
            staff.seat_everybody(known, at=opened_at)
            market.open_market(at=opened_at)
            branches.open_branches(known, at=opened_at)
            numbers = holders.settle(settled, password_hash=hash_password(known[0].password), at=at)
            business.do_business(at=at)
            demands.post_some(at=at)
            oversight.oversee_some(at=at)
            coordination.coordinate(at=at)
            close_months(at=at)
            warnings.watch(at=at)
            evaluation.evaluate_some(at=at)
            (state / LETTERS).write_text("\n".join(numbers))
    say("正在接收各部门数据……")
    send_lists()
    for feed, covers_until in province.delivered(state / "province").items():
        deliver(feed, state / "province" / f"{feed}.csv", covers_until)
    done.touch()


def close_months(*, at: datetime) -> None:
    """So that there are trends: the months gone by are closed now, from the rows that the business left."""
    this_month = month_of(local_day(at))
    for back in range(CLOSED_MONTHS, 0, -1):
        supervision.close(month=shifted(this_month, -back), by=platform("sandbox"), at=at)


def finish(*, state: Path, night: Callable[[], object], at: datetime) -> int:
    """While the platform runs already: its first `night()`, loans that its data help to, then the letters of those who
    were filled in; how many letters.

    Only the night makes documents of those of whom a register has nothing to tell.
    """
    waiting = state / LETTERS
    if not waiting.exists():
        return 0
    night()
    helped.lend_some(at=at)
    count = holders.write_letters(waiting.read_text().split(), at=at)
    waiting.unlink()
    return count
