"""A warning from its cause to its end: raised once, it grows, is told gone; people confirm, hand on, handle, end it."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from jinfuyun.applications.models import Application
from jinfuyun.audit.models import Line
from jinfuyun.kit.actor import House, HouseKind, Role, platform
from jinfuyun.kit.calendar import SHANGHAI
from jinfuyun.kit.errors import NotAllowed, NotFound, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Notice
from jinfuyun.supervision.queries import feeds
from jinfuyun.supervision.queries.counting import Span, by_institution
from jinfuyun.warnings import actions, content, queries, tasks
from jinfuyun.warnings.models import EarlyWarning
from jinfuyun.warnings.rules import STEPS
from tests import market
from tests.at_once import all_at_once
from tests.cast import MONDAY, TUESDAY, staff_person
from tests.supervision import scene

DAY = timedelta(days=1)
BY = platform("test")
OUTCOME = "已约谈该行，补充了拒绝原因。"
TEXT = """valid_from: 2026-01-01
reference: 示例
rules:
  - {code: W1, label: 拒绝占比偏高, scope: institution, figure: refused, of: applied, days: 30, above: 5000, sample: 4,
     severity: high, owner: city, working_days: 3}
"""


@pytest.fixture
def rules(monkeypatch):
    found = content.rules(TEXT, file="a.yaml", known=queries.is_known)
    monkeypatch.setattr(queries, "in_force", lambda day: found)


def refused(count: int, asked: int) -> None:
    firm = scene.enterprise(1, scene.FUZHOU)
    for number in range(asked):
        state = {"state": "rejected", "decided_at": MONDAY} if number < count else {"state": "withdrawn"}
        scene.application(firm, wan=1, **state)


@pytest.fixture
def province_regulator():
    house = House(HouseKind.REGION, "350000")
    return staff_person("regulator", "province.regulator", "13700000002", "闽监管", house, Role.REGULATOR)


@pytest.fixture
def warning(rules, fuzhou_regulator, province_regulator) -> EarlyWarning:
    refused(3, 4)
    actions.watch(by=BY, at=TUESDAY)
    return EarlyWarning.objects.get()


@pytest.fixture
def regulator(fuzhou_regulator):
    return fuzhou_regulator.actor


def test_the_same_cause_is_one_warning_that_grows_and_is_told_gone(db, warning):
    assert (warning.subject, warning.value, warning.sample, warning.days) == ("MLYH", 7500, 4, 1)
    assert (warning.region_code, warning.owner_region) == ("350100", "350100")
    assert "75.00%，高于 50.00%" in warning.text and f"{warning.due_on}" == "2026-03-06"
    scene.application(scene.Enterprise.objects.get(), wan=1, state="rejected", decided_at=MONDAY)
    for at in (TUESDAY + DAY, TUESDAY + DAY, TUESDAY + 2 * DAY):
        assert actions.watch(by=BY, at=at) == 0
    warning.refresh_from_db()
    assert (warning.days, warning.value, warning.gone_at) == (3, 8000, None)
    Application.objects.update(state="withdrawn")
    for days in (3, 4):
        actions.watch(by=BY, at=TUESDAY + days * DAY)
    warning.refresh_from_db()
    assert (warning.gone_at, warning.days, warning.state) == (TUESDAY + 3 * DAY, 3, "new")
    Application.objects.update(state="rejected")
    actions.watch(by=BY, at=TUESDAY + 5 * DAY)
    warning.refresh_from_db()
    assert (warning.gone_at, warning.days) == (None, 4)
    assert [step.act for step in warning.steps.all()] == ["raise", "leave", "return"]


def test_while_it_is_open_it_is_not_raised_again_however_old(db, warning):
    Application.objects.update(submitted_at=TUESDAY + 40 * DAY, decided_at=TUESDAY + 40 * DAY)
    assert actions.watch(by=BY, at=TUESDAY + 45 * DAY) == 0
    assert EarlyWarning.objects.get().days == 2


def test_too_few_rows_raise_nothing(db, rules):
    refused(3, 3)
    assert actions.watch(by=BY, at=TUESDAY) == 0 and not EarlyWarning.objects.exists()


def test_it_is_confirmed_handed_on_handled_and_ended_with_words(db, warning, regulator, province_regulator):
    assert Notice.objects.filter(template="warning_raised").count() == 1, "the city's, whose it is"
    actions.confirm(warning=warning, by=regulator, at=TUESDAY)
    assert (warning.state, warning.owner) == ("confirmed", regulator.id)
    actions.assign(warning=warning, to=province_regulator.user_id, said="涉及总行", by=regulator, at=TUESDAY)
    assert str(Notice.objects.get(template="warning_yours").user_id) == province_regulator.user_id
    actions.begin(warning=warning, by=province_regulator.actor, at=TUESDAY)
    with pytest.raises(NotInOrder):
        actions.close(warning=warning, outcome="好", by=regulator, at=TUESDAY)
    actions.close(warning=warning, outcome=OUTCOME, by=regulator, at=TUESDAY)
    assert (warning.state, warning.outcome, warning.owner) == ("done", OUTCOME, province_regulator.actor.id)
    said = [step.said for step in warning.steps.all()]
    assert said[2].endswith("涉及总行") and said[-1] == OUTCOME
    for verb in (actions.confirm, actions.begin):
        with pytest.raises(TooLate):
            verb(warning=warning, by=regulator, at=TUESDAY)
    lines = Line.objects.filter(subject=f"warning:{warning.number}").order_by("pk")
    assert [line.action.partition(".")[2] for line in lines] == ["raise", "confirm", "assign", "begin", "close"]
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("UPDATE warning_step SET said = ''")


def test_what_was_ended_is_not_raised_again_until_it_went_or_a_month_passed(db, warning, regulator):
    actions.dismiss(warning=warning, outcome=OUTCOME, by=regulator, at=TUESDAY)
    assert actions.watch(by=BY, at=TUESDAY + 20 * DAY) == 0
    Application.objects.update(submitted_at=TUESDAY + 25 * DAY, decided_at=TUESDAY + 25 * DAY)
    assert actions.watch(by=BY, at=TUESDAY + 29 * DAY) == 0
    assert actions.watch(by=BY, at=TUESDAY + 31 * DAY) == 1
    old, new = EarlyWarning.objects.order_by("raised_at")
    assert old.gone_at == TUESDAY + 31 * DAY and new.state == "new"
    actions.dismiss(warning=new, outcome=OUTCOME, by=regulator, at=TUESDAY + 31 * DAY)
    Application.objects.update(state="withdrawn")
    assert actions.watch(by=BY, at=TUESDAY + 32 * DAY) == 0
    Application.objects.update(state="rejected", decided_at=TUESDAY + 32 * DAY)
    assert actions.watch(by=BY, at=TUESDAY + 33 * DAY) == 1


def test_a_late_one_is_told_once(db, warning, monkeypatch):
    monkeypatch.setattr(queries, "in_force", lambda day: ())
    for days in (3, 4, 5):
        tasks.tend(at=TUESDAY + days * DAY)
    warning.refresh_from_db()
    assert warning.late_at == TUESDAY + 4 * DAY, "the last day is still in time"
    assert Notice.objects.filter(template="warning_late").count() == 1
    assert warning.gone_at == TUESDAY + 3 * DAY, "the rule is not there any more"


def test_another_citys_regulator_neither_sees_nor_touches_it(db, warning, regulator, province_regulator):
    other = scene.regulator("350200")
    assert list(queries.visible(other)) == [] and queries.visible(regulator).get() == warning
    assert queries.warning(warning.number, visible_to=province_regulator.actor) == warning
    with pytest.raises(NotFound):
        queries.warning(warning.number, visible_to=other)
    for act in (actions.confirm, actions.begin):
        with pytest.raises(NotAllowed):
            act(warning=warning, by=other, at=TUESDAY)
    with pytest.raises(NotFound):
        actions.assign(warning=warning, to=other.id, said="", by=regulator, at=TUESDAY)
    with pytest.raises(NotAllowed):
        actions.watch(by=regulator, at=TUESDAY)


def test_of_many_at_once_one_wins(committed_db, rules, fuzhou_regulator):
    refused(3, 4)
    actions.watch(by=BY, at=TUESDAY)
    seen = EarlyWarning.objects.get()

    def confirm(number: int) -> None:
        mine = EarlyWarning.objects.get(pk=seen.pk)
        mine.state, mine.owner = seen.state, seen.owner
        actions.confirm(warning=mine, by=fuzhou_regulator.actor, at=TUESDAY)

    assert all_at_once(confirm, TooLate, times=8) == 1
    assert seen.steps.count() == 2


def test_two_runs_at_once_raise_one_warning_and_tell_once(committed_db, rules, fuzhou_regulator):
    refused(3, 4)
    made = []
    assert all_at_once(lambda number: made.append(actions.watch(by=BY, at=TUESDAY)), TooLate, times=6) == 6
    assert sorted(made) == [0, 0, 0, 0, 0, 1]
    assert [step.act for step in EarlyWarning.objects.get().steps.all()] == ["raise"]
    assert Notice.objects.filter(template="warning_raised").count() == 1


def test_every_rule_of_the_release_can_be_counted(db, red_star_owner):
    """Each is asked over a full scene; figures by institution are those of the province where there is one."""
    scene.three_cities(red_star_owner)
    for rule in queries.in_force(TUESDAY.date()):
        assert queries.figure_label(rule) and queries.unit_of(rule)
        queries.broken(rule, at=TUESDAY)
    span = Span(datetime(2026, 3, 1, tzinfo=SHANGHAI), datetime(2026, 3, 20, tzinfo=SHANGHAI))
    names = ("applied", "refused", "rate", "readings", "intake_in_time")
    found = by_institution(names, span, ["MLYH"])
    assert {code: counts["applied"] for code, counts in found.items() if counts.get("applied")} == {
        one.institution.code: Application.objects.filter(institution=one.institution).count()
        for one in Application.objects.select_related("institution")
    }
    assert sum(one.get("funded_fen", 0) for one in found.values()) == 350 * scene.WAN


def test_a_late_feed_and_a_spike_are_found(db, rules, monkeypatch):
    spike = "{code: W2, label: 骤增, scope: city, figure: applied, days: 1, usual: 8, above: 30000, sample: 2"
    late = "{code: W3, label: 逾期, scope: feed, figure: overdue_days, days: 30, above: 0, sample: 0"
    rest = "severity: low, owner: province, working_days: 3}"
    text = f"{TEXT}  - {spike}, {rest}\n  - {late}, {rest}\n"
    found = content.rules(text, file="a.yaml", known=queries.is_known)
    monkeypatch.setattr(queries, "in_force", lambda day: found)
    counts = {"age_days": 9, "overdue_days": 4, "checked": 0}
    line = feeds.Line("tax_payments", "税款入库", "tax", counts, counts)
    monkeypatch.setattr(feeds, "values_by_feed", lambda span, at: [line])
    firm = scene.enterprise(1, scene.XIAMEN)
    market.product()
    for back in range(1, 7):
        scene.application(firm, wan=1, state="withdrawn", submitted_at=MONDAY - back * DAY)
    for _ in range(4):
        scene.application(firm, wan=1, state="withdrawn")
    actions.watch(by=BY, at=TUESDAY)
    told = {one.rule: one for one in EarlyWarning.objects.all()}
    assert (told["W3"].subject_label, told["W3"].text) == ("税款入库", "逾期未送 4 天，高于 0 天（当前）")
    assert (told["W2"].subject_label, told["W2"].value, told["W2"].bound) == ("厦门市", 4, 3)
    assert {one.owner_region for one in told.values()} == {"350000"}


@pytest.fixture
def release(monkeypatch):
    """Puts one of the rules in force that are given out."""
    found = {rule.code: rule for rule in queries.in_force(TUESDAY.date())}
    return lambda code: monkeypatch.setattr(queries, "in_force", lambda day: (found[code],))


def test_complaints_answered_late_warn_of_their_city(db, release, fuzhou_regulator):
    """Nine of ten in time are enough, of eleven not; four say nothing. Seen red with `below: 8000` and `sample: 4`."""
    release("W14")
    fuzhou, xiamen = scene.enterprise(1, scene.FUZHOU), scene.enterprise(2, scene.XIAMEN)
    began = TUESDAY - 30 * DAY
    for _ in range(9):
        scene.complaint(fuzhou, at=began, answered_at=began + 10 * DAY)
    for firm in (fuzhou, *[xiamen] * 4):
        scene.complaint(firm, at=began)
    for firm in (fuzhou, xiamen):
        scene.complaint(firm, at=TUESDAY - 3 * DAY)  # there is time yet: it does not make five of the four
    assert actions.watch(by=BY, at=TUESDAY) == 0
    scene.complaint(fuzhou, at=began, answered_at=began + 11 * DAY)
    assert actions.watch(by=BY, at=TUESDAY) == 1
    one = EarlyWarning.objects.get()
    assert (one.subject_label, one.owner_region, one.severity) == ("福州市", "350100", "medium")
    assert one.text == "投诉按时答复率 81.82%，低于 90.00%（近 90 天，样本 11）"
    assert str(Notice.objects.get(template="warning_raised").user_id) == fuzhou_regulator.user_id


def test_more_complaints_than_usual_warn_of_their_city(db, release):
    """Three times the median is still usual. Seen red with `above: 25000`."""
    release("W15")
    firm = scene.enterprise(1, scene.FUZHOU)
    for month in range(1, 7):
        for _ in range(2):
            scene.complaint(firm, at=MONDAY - month * 30 * DAY)
    for _ in range(6):
        scene.complaint(firm, at=MONDAY)
    assert actions.watch(by=BY, at=TUESDAY) == 0
    scene.complaint(firm, at=MONDAY)
    assert actions.watch(by=BY, at=TUESDAY) == 1
    one = EarlyWarning.objects.get()
    assert (one.subject_label, one.owner_region, one.bound) == ("福州市", "350100", 6)
    assert one.text == "投诉件数 7 件，高于此前 6 期中位数的 3 倍，即 6 件（近 30 天，样本 7）"


def test_steps_of_people_cover_every_open_state():
    assert {state for sources, _ in STEPS.values() for state in sources} == {"new", "confirmed", "handling"}
