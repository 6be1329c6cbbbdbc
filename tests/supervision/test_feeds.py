"""Data supervision: each figure of a feed, a department and all equals a plain count of its own over rows by lot."""

import random
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import psycopg
import pytest

from jinfuyun.config import database
from jinfuyun.data import door
from jinfuyun.deliveries.models import Switch
from jinfuyun.kit.actor import Actor, House, HouseKind, Role, platform
from jinfuyun.kit.calendar import SHANGHAI
from jinfuyun.kit.errors import NotAllowed, NotFound
from jinfuyun.loans.models import Loan
from jinfuyun.reports import actions as reports
from jinfuyun.reports.models import Report
from jinfuyun.storage import files
from jinfuyun.supervision.queries import feeds
from jinfuyun.supervision.rules import Punctuality, punctuality
from tests.cast import MONDAY
from tests.supervision import scene

DAY = timedelta(days=1)
AT = datetime(2026, 3, 20, 9, tzinfo=SHANGHAI)
SINCE, UNTIL = datetime(2026, 3, 1, tzinfo=SHANGHAI), datetime(2026, 4, 1, tzinfo=SHANGHAI)
TRIED = ("registration", "penalties", "tax_payments", "sales_invoices", "electricity")
STANDS = "state IN ('loaded', 'partly_loaded')"


def at(day: int, hour: int = 9) -> datetime:
    return datetime.combine(date(2026, 3, 1), time(hour), SHANGHAI) + (day - 1) * DAY


@pytest.mark.parametrize(
    ("last", "arrivals", "told"),
    [
        (at(1), [at(3), at(5), at(19)], (2, 1, 3)),  # 8, 11, 14; the 19th makes up for 17
        (at(1), [], (0, 0, 6)),  # 4, 7, 10, 13, 16 and 19
        (at(1) - 10 * DAY, [at(2)], (0, 1, 5)),  # those of February are February's; 5, 8, 11, 14, 17
        (at(1) - 10 * DAY, [at(1) + DAY / 24], (0, 1, 6)),
    ],
)
def test_deadlines_that_passed_with_nothing_are_missing(last, arrivals, told):
    """Seen red with a late delivery making up for nothing."""
    found = punctuality(last, arrivals, limit=3 * DAY, since=SINCE, until=at(20, 8))
    assert found == Punctuality(*told)


def walked(feed: str, until: datetime) -> tuple[int, int, int]:
    """The same, deadline by deadline."""
    limit = next(c.lateness_days for d in door.DEPARTMENT_LABELS for c in door.contracts(d) if c.feed == feed)
    rows = plain(
        f"SELECT min(received_at) FROM serving.delivery WHERE feed = %(feed)s AND {STANDS} AND origin <> 'retry'"
        " GROUP BY (received_at AT TIME ZONE 'Asia/Shanghai')::date ORDER BY 1", feed=feed,
    )  # fmt: skip
    [(first,)] = plain("SELECT min(received_at) FROM serving.delivery")
    came = [row[0] for row in rows if row[0] < until]
    on_time = late = missing = 0
    for before, after in pairwise([first, *came, until]):
        deadlines = [due for k in range(1, 100) if (due := before + k * limit * DAY) < after]
        if after >= SINCE and after != until:
            on_time, late = on_time + (not deadlines), late + bool(deadlines)
        missing += sum(due >= SINCE for due in (deadlines if after == until else deadlines[:-1]))
    return on_time, late, missing


BOOKS: dict[str, psycopg.Connection] = {}


def plain(sql: str, **values: object) -> list[tuple]:
    """Documents and deliveries as the data plane's role sees them, business as the application's."""
    return BOOKS["data" if "serving" in sql else "app"].execute(sql, values).fetchall()


def deliver_by_lot(lot: random.Random) -> None:
    with psycopg.connect(database.dsn("jinfuyun_data")) as book:
        for number in range(160):
            parts = [lot.randint(0, 50) for _ in range(4)]
            state = lot.choice(("loaded", "loaded", "partly_loaded", "refused", "withdrawn"))
            came = datetime(2026, 1, 20, lot.randint(0, 23), tzinfo=SHANGHAI) + lot.randint(0, 58) * DAY
            book.execute(
                "INSERT INTO serving.delivery (number, feed, department, sha256, received_at, state, delivered,"
                " accepted, superseded, quarantined, unauthorised, covers_until, origin)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [f"D{number}", feed := lot.choice(TRIED), door.FEED_DEPARTMENTS[feed], f"{number}", came, state,
                 sum(parts), *parts, came.date() - lot.randint(0, 9) * DAY, lot.choice(("file", "pull", "retry"))],
            )  # fmt: skip


@pytest.fixture
def rows(committed_db, red_star_owner):
    """Deliveries, consents with and without a document, reports and loans, by lot."""
    lot = random.Random(39)
    deliver_by_lot(lot)
    firms = [scene.enterprise(number, scene.FUZHOU) for number in range(1, 19)]
    with psycopg.connect(database.dsn("jinfuyun_data")) as book, psycopg.connect(database.dsn("jinfuyun_app")) as app:
        for firm in firms:
            for category in ("registration", "tax", "electricity"):
                ends = lot.choice((None, date(2026, 3, 19), date(2026, 3, 20)))
                app.execute(
                    "INSERT INTO serving.authorised VALUES (%s, %s, 'SQ1', 'x', '2026-01-01', %s)",
                    [firm.uscc, category, ends],
                )
                if lot.random() < 0.7:
                    book.execute("INSERT INTO serving.document VALUES (%s, %s, 1, '{}')", [firm.uscc, category])
    for firm in firms:
        scene.funded(firm, wan=lot.randint(1, 90), answer=lot.choice(("", "", "confirmed", "disputed")))
        if lot.random() < 0.5:
            again(firm, lot)
        for loan in Loan.objects.filter(uscc=firm.uscc):
            loan.drawn_on = date(2026, 2, 26) + lot.randint(0, 30) * DAY
            loan.save()
            for _ in range(lot.randint(1, 3)):
                read_by_lot(firm, loan, lot)
    for role in ("data", "app"):
        BOOKS[role] = psycopg.connect(database.dsn(f"jinfuyun_{role}"), autocommit=True)
    yield
    for book in BOOKS.values():
        book.close()


def again(firm, lot: random.Random) -> None:
    loan = Loan.objects.filter(uscc=firm.uscc, state="repaying").get()
    scene.drawn(loan.line, wan=lot.randint(1, 9), first=False, answer="")


def read_by_lot(firm, loan: Loan, lot: random.Random) -> None:
    scene.read(firm, kind=lot.choice(("institution", "institution", "enterprise")),
               because=lot.choice((loan.line.application.number,) * 4 + ("",)))  # fmt: skip
    newest = Report.objects.filter(enterprise=firm, feeds=None).get()
    newest.feeds = lot.sample(TRIED, lot.randint(0, len(TRIED)))
    newest.made_at = datetime(2026, 2, 15, lot.randint(0, 23), tzinfo=SHANGHAI) + lot.randint(0, 40) * DAY
    newest.reader_code = lot.choice((loan.institution.code, loan.institution.code, "ELSE"))
    newest.save()


SERVED = (
    "SELECT {what} FROM loan l WHERE state <> 'reversed' AND answer <> 'disputed' AND drawn_on BETWEEN %(first)s AND"
    " %(last)s AND EXISTS (SELECT FROM reports_report r, loan_line i, application a, institution h"
    " WHERE i.id = l.line_id AND a.id = i.application_id AND h.id = l.institution_id AND r.because = a.number"
    " AND r.reader_code = h.code AND r.reader_kind = 'institution' AND r.feeds && %(feeds)s::varchar[]"
    " AND r.made_at < (l.drawn_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')"
)
MONTH = {"first": date(2026, 3, 1), "last": date(2026, 3, 31), "since": SINCE, "until": UNTIL}
SUM = f"SELECT coalesce(sum({{what}}), 0) FROM serving.delivery WHERE feed = ANY(%(feeds)s) AND {STANDS}" \
      " AND received_at >= %(since)s AND received_at < %(until)s"  # fmt: skip
COVERED = (
    "SELECT count(*) FILTER (WHERE EXISTS (SELECT FROM serving.document d WHERE d.uscc = a.uscc AND d.category ="
    " a.category)), count(*) FROM serving.authorised a WHERE category = ANY(%(of)s) AND (end_on IS NULL OR"
    " end_on >= '2026-03-20')"
)


def plainly(names: list[str]) -> dict[str, int | None]:
    """Every figure of these feeds once more."""

    def one(sql: str, **more: object) -> int | None:
        return plain(sql, feeds=names, **MONTH, **more)[0][0]

    def ratio(part: int, whole: int) -> int | None:
        return (part * 20_000 + whole) // (2 * whole) if whole else None

    walks = [walked(name, AT) for name in names]
    on_time, late, missing = (sum(each) for each in zip(*walks, strict=True))
    held = one(SUM.format(what="quarantined"))
    checked = one(SUM.format(what="delivered - unauthorised"))
    of = [str(door.FEED_CATEGORIES[name]) for name in names]
    [(documents, authorised)] = plain(COVERED, of=of)
    last = "SELECT max({what}) FROM (SELECT feed, {day} AS day FROM serving.delivery WHERE feed = ANY(%(feeds)s)" \
           " AND {stands} AND received_at < %(until)s GROUP BY feed) f"  # fmt: skip
    collected = one(f"SELECT count(DISTINCT feed) FROM serving.delivery WHERE feed = ANY(%(feeds)s) AND {STANDS}")
    return {
        "on_time": on_time, "late": late, "missing": missing, "timely_share": ratio(on_time, on_time + late + missing),
        "rows": one(SUM.format(what="accepted")), "quarantined": held, "quarantined_share": ratio(held, checked),
        "quality_share": ratio(checked - held, checked),
        "refused": one(SUM.format(what="1").replace(STANDS, "state = 'refused'")),
        "age_days": one(last.format(what="greatest(0, date '2026-03-20' - day)", day="max(covers_until)",
                                    stands=STANDS)),
        "coverage_share": ratio(documents, authorised), "collected_share": ratio(collected, len(names)),
        "reports": one("SELECT count(*) FROM reports_report WHERE feeds && %(feeds)s::varchar[] AND reader_kind ="
                       " 'institution' AND made_at >= %(since)s AND made_at < %(until)s"),
        "loans": one(SERVED.format(what="count(*)")), "helped": one(SERVED.format(what="count(DISTINCT uscc)")),
        "loans_fen": one(SERVED.format(what="coalesce(sum(amount_fen), 0)")),
    }  # fmt: skip


def test_every_figure_equals_a_plain_count(rows):
    """Seen red with reports after the drawdown counted, with retries taken for deliveries, with loans counted twice."""
    found = feeds.supply(month="2026-03", visible_to=scene.regulator("350000"), at=AT)
    lines = {line.code: line for line in found.feeds}
    assert len(lines) > 30 and lines["water"].values["on_time"] == 0
    for line, names in (
        *((lines[name], [name]) for name in TRIED),
        (found.total, list(lines)),
        *((line, [one.code for one in found.feeds if one.department == line.code]) for line in found.departments[:4]),
    ):
        told = {name: value for name, value in line.values.items() if name not in ("overdue_days", "usual_share")}
        assert told == plainly(names), line.label
    assert sum(line.values["loans"] for line in found.feeds) > found.total.values["loans"] > 5, "one loan, many feeds"
    assert found.total.values["late"] and found.total.values["missing"] and found.total.values["refused"]

    _a_department_sees_its_own_feeds_and_no_small_cells()
    _a_stopped_feed_is_not_missing()
    past = line_of("electricity", month="2026-02").values
    assert past["coverage_share"] is None, "of a month gone by nobody knows who had a document"


def line_of(code: str, month: str = "2026-03") -> feeds.Line:
    found = feeds.supply(month=month, visible_to=scene.regulator("350000"), at=AT)
    return next(line for line in found.feeds if line.code == code)


def bureau(code: str) -> Actor:
    return Actor("2", "税", frozenset({Role.DEPARTMENT}), House(HouseKind.DEPARTMENT, code))


def _a_department_sees_its_own_feeds_and_no_small_cells():
    """Seen red with small cells shown."""
    own, told = feeds.own(month="2026-03", visible_to=bureau("tax"), at=AT)
    assert {line.department for line in own.feeds} == {"tax"} == {line.code for line in own.departments}
    assert told.enterprises >= own.total.values["helped"] >= 5
    for uscc in Loan.objects.order_by("uscc").values_list("uscc", flat=True).distinct():
        own, told = feeds.own(month="2026-03", visible_to=bureau("tax"), at=AT)
        if told.enterprises is None:
            break
        Loan.objects.filter(uscc=uscc).update(answer="disputed")
    few = [line for line in own.feeds if 0 < line.counts["helped"] < 5]
    assert few and all(line.values["loans_fen"] is line.values["loans"] is None for line in few)
    assert told == (None, None)
    with pytest.raises(NotFound):
        feeds.own(month="2026-03", visible_to=scene.regulator("350000"), at=AT)
    with pytest.raises(NotAllowed):
        feeds.supply(month="2026-03", visible_to=bureau("tax"), at=AT)


def _a_stopped_feed_is_not_missing():
    assert line_of("taxpayers").values["missing"] > 0, "it never came"
    Switch.objects.create(feed="taxpayers", stopped_at=SINCE, because="停", daily_quota=None)
    assert line_of("taxpayers").values["missing"] == 0


def test_a_month_that_is_none_is_the_one_that_runs():
    assert [feeds.month_asked(asked, AT) for asked in ("2026-09", "x", "2026-02")] == ["2026-03", "2026-03", "2026-02"]


def test_reports_frozen_before_that_was_kept_learn_their_feeds(db, red_star_owner):
    scene.read(scene.enterprise(1, scene.FUZHOU))
    kept = files.put(b'{"chapters": [{"category": "tax", "deliveries": [{"number": "D1", "feed": "tax_payments"}]}]}')
    Report.objects.update(content_file=kept)
    assert [reports.note_feeds(by=platform("x"), at=MONDAY) for _ in range(2)] == [1, 0]
    assert Report.objects.get().feeds == ["tax_payments"]
