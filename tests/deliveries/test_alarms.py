"""A feed that is late, fewer or unlike raises one alarm with an owner; a person takes it and closes it with a note."""

from datetime import timedelta

import pytest

from jinfuyun.audit.models import Line
from jinfuyun.data import door
from jinfuyun.deliveries import actions, queries, tasks
from jinfuyun.deliveries.models import Alarm
from jinfuyun.kit.errors import NotAllowed, NotFound, TooLate
from tests.cast import MONDAY, TUESDAY
from tests.data.codes import A
from tests.data.test_profile import enterprises

HEADER = "纳税人识别号,统一社会信用代码,税务登记日期\n"
DAY = timedelta(days=1)


def send(tmp_path, count: int, *, at, first: int = 0, day: str = "2020-01-01"):
    path = tmp_path / f"{count}-{first}-{at:%d%H}.csv"
    rows = [f"T{first + place},{code},{day}\n" for place, code in enumerate(enterprises(count))]
    path.write_text(HEADER + "".join(rows))
    return door.deliver("taxpayers", path, at=at)


def living(kind: str) -> list[Alarm]:
    return list(Alarm.objects.filter(kind=kind).exclude(state="closed").order_by("feed", "subject"))


def test_a_late_feed_raises_one_alarm_that_ends_when_it_comes(lake, tmp_path):
    """Seen red with the arrival not looked for."""
    contract = next(one for one in door.contracts("tax") if one.feed == "taxpayers")
    last = send(tmp_path, 3, at=MONDAY)
    tasks.tend(at=MONDAY + contract.lateness_days * DAY)
    assert living("late") == []
    for hours in (1, 30):
        tasks.tend(at=MONDAY + contract.lateness_days * DAY + timedelta(hours=hours))
    (alarm,) = living("late")
    assert (alarm.feed, alarm.department, alarm.delivery) == ("taxpayers", "tax", last.number)
    assert alarm.since == MONDAY + contract.lateness_days * DAY
    again = send(tmp_path, 4, at=MONDAY + 9 * DAY)
    tasks.tend(at=MONDAY + 9 * DAY)
    alarm.refresh_from_db()
    assert (alarm.state, again.number in alarm.note, living("late")) == ("closed", True, [])


def test_feeds_that_never_came_are_missing_once_the_platform_has_data_that_long(lake, tmp_path):
    tasks.tend(at=MONDAY)
    assert not Alarm.objects.exists()  # an empty platform is nobody's fault
    send(tmp_path, 3, at=MONDAY)
    tasks.tend(at=MONDAY + 4 * DAY)
    limits = {one.feed: one.lateness_days for name in door.DEPARTMENT_LABELS for one in door.contracts(name)}
    assert {one.feed for one in living("missing")} == {
        feed for feed, days in limits.items() if days < 4 and feed != "taxpayers"
    }  # fmt: skip


def test_a_delivery_with_far_fewer_rows_and_another_shape_is_noticed(lake, tmp_path):
    """Seen red with deliveries not compared."""
    for place in range(3):
        send(tmp_path, 120, at=MONDAY + place * DAY / 24, first=1000 * place)
        tasks.watch(at=MONDAY + place * DAY / 24)
    assert living("shrinking") == living("drifting") == []
    small = send(tmp_path, 59, at=TUESDAY)
    tasks.watch(at=TUESDAY)
    (alarm,) = living("shrinking")
    assert (alarm.delivery, "59 行" in alarm.text, "120 行" in alarm.text) == (small.number, True, True)
    empty = send(tmp_path, 120, at=TUESDAY + DAY / 24, first=9000, day="")
    for _ in range(2):
        tasks.watch(at=TUESDAY + DAY / 24)
    (alarm,) = living("drifting")
    assert (alarm.delivery, alarm.subject, "税务登记日期" in alarm.text) == (empty.number, "registered_on", True)


def test_what_a_pull_fetched_is_no_measure_of_a_whole_file(lake, tmp_path, delivered):
    numbers = [one.number for one in queries.comparable(delivered[1], count=5)]
    assert numbers == [] and all(one.origin == "file" for one in door.deliveries(feed="taxpayers"))


@pytest.fixture
def alarm(lake, tmp_path) -> Alarm:
    send(tmp_path, 3, at=MONDAY)
    tasks.tend(at=MONDAY + 40 * DAY)
    return Alarm.objects.get(kind="late", feed="taxpayers")


def test_one_person_takes_it_and_closes_it_with_a_note_and_the_book_knows(alarm, tax_bureau, operator):
    actions.take_alarm(alarm=alarm, by=tax_bureau.actor, at=MONDAY)
    with pytest.raises(TooLate):
        actions.take_alarm(alarm=alarm, by=operator.actor, at=MONDAY)
    actions.close_alarm(alarm=alarm, note="系统升级，已恢复", by=tax_bureau.actor, at=TUESDAY)
    with pytest.raises(TooLate):
        actions.close_alarm(alarm=alarm, note="再关", by=operator.actor, at=TUESDAY)
    alarm.refresh_from_db()
    assert (alarm.state, alarm.taken_by, alarm.closed_at) == ("closed", tax_bureau.actor.label, TUESDAY)
    tasks.tend(at=MONDAY + 41 * DAY)
    assert [one for one in living("late") if one.feed == "taxpayers"] == []  # closed, it is not raised again
    lines = [line.action for line in Line.objects.filter(subject=f"alarm:{alarm.pk}").order_by("pk")]
    assert lines == ["alarm.raised", "alarm.taken", "alarm.closed"]


def test_alarms_are_seen_by_their_department_and_by_operators(alarm, tax_bureau, operator, river_bank_officer):
    """Seen red with the department left out of the filter."""
    assert alarm in queries.alarms(visible_to=tax_bureau.actor)
    assert {one.department for one in queries.alarms(visible_to=tax_bureau.actor)} == {"tax"}
    assert len({one.department for one in queries.alarms(visible_to=operator.actor)}) > 1
    with pytest.raises(NotFound):
        queries.alarms(visible_to=river_bank_officer.actor)
    with pytest.raises(NotAllowed):
        actions.take_alarm(alarm=alarm, by=river_bank_officer.actor, at=MONDAY)


def test_every_rules_pass_rate_is_kept_over_time(lake, tmp_path, tax_bureau):
    for place, wrong in enumerate((0, 1, 3)):
        path = tmp_path / f"{place}.csv"
        path.write_text(HEADER + f"T{place},{A},\n" * (4 - wrong) + f"T{place},{A[:-1]},\n" * wrong)
        door.deliver("taxpayers", path, at=MONDAY + place * DAY)
    quality = queries.quality("taxpayers", visible_to=tax_bureau.actor)
    (rule,) = quality.rules
    assert (rule.rule, rule.rates_bp) == ("uscc_unreadable", [10_000, 7_500, 2_500]) and rule.line
    with pytest.raises(NotFound):
        queries.quality("registration", visible_to=tax_bureau.actor)


def test_a_delivery_of_nothing_is_taken_and_noticed(lake, tmp_path):
    header = "纳税人识别号,征收项目,税款所属期起,税款所属期止,缴款期限,欠税余额,滞纳金余额\n"

    def owed(count: int, *, at):
        path = tmp_path / f"{count}-{at:%d%H}.csv"
        rows = [f"{code},增值税,2019-10-01,2019-12-31,2020-01-15,5{at:%H},1\n" for code in enterprises(count)]
        path.write_text(header + "".join(rows))
        return door.deliver("tax_arrears", path, at=at, covers_until=MONDAY.date())

    for place in range(3):
        owed(10, at=MONDAY + place * DAY / 24)
    nothing = owed(0, at=TUESDAY)
    tasks.watch(at=TUESDAY)
    assert (nothing.state, nothing.delivered) == ("loaded", 0)
    (alarm,) = living("shrinking")
    assert (alarm.delivery, "只有 0 行" in alarm.text) == (nothing.number, True)
