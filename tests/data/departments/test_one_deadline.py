"""A page waits for all departments together no longer than for one, and no healthy one pays for a slow one."""

from datetime import UTC, datetime

import pytest

from jinfuyun.config import keys
from jinfuyun.data import door
from jinfuyun.data.departments import deadline
from jinfuyun.data.departments.answers import Verdict
from jinfuyun.data.departments.call import FAILURES_MAX, SECONDS, Departments
from jinfuyun.data.departments.deadline import Deadline, one_deadline
from jinfuyun.data.departments.market import live as market
from jinfuyun.data.departments.tax import live as tax
from jinfuyun.kit.errors import Unreachable
from jinfuyun.kit.grant import UTILITIES
from tests.data.departments.test_live import IMPATIENT_SECONDS, five, owner_of
from tests.sandbox.service import KEYS

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def begun(monkeypatch) -> list[float]:
    """The deadlines that were begun, by their seconds."""
    seconds = []
    within = Deadline.within.__func__
    monkeypatch.setattr(Deadline, "within", classmethod(lambda cls, each: (seconds.append(each), within(cls, each))[1]))
    return seconds


@pytest.fixture
def opened(service, line, monkeypatch, tmp_path):
    """The door before the pretend departments, with the ordinary patience."""
    monkeypatch.setattr(door, "_doors", [])
    door.open_door(
        app_dsn="", data_dsn="", lake=tmp_path, departments_url=service.url, department_keys=KEYS,
        ring=keys.field_keys(),
    )  # fmt: skip
    yield door._doors[0].line
    door.close_door()


def accounts_of(entry):
    return [(kind, entry[kind]["supplier"], entry[kind]["account"]) for kind in UTILITIES if entry[kind]]


def everything(service):
    """An enterprise with all three utilities, or failing that accounts nobody has heard of."""
    entry = owner_of(service, "water")
    return [(kind, "示例", "10001") for kind in UTILITIES if not entry[kind]] + accounts_of(entry), entry["uscc"]


def test_step_one_asks_tax_and_registry_within_one_deadline(service, line, begun):
    for department in service.get("/faults"):
        service.fault(department, "slow")
    impatient = Departments(service.url, KEYS, seconds=IMPATIENT_SECONDS)
    entry = owner_of(service, "water")
    with one_deadline():
        assert tax.verify(impatient, five(entry), at=AT) is Verdict.UNREACHABLE
        with pytest.raises(Unreachable):
            market.registration(impatient, entry["tax_number"], at=AT)
    impatient.close()
    assert begun == [IMPATIENT_SECONDS]


def test_without_a_page_each_question_has_its_own(service, line, begun):
    entry = owner_of(service, "water")
    for _ in range(2):
        market.registration(line, entry["tax_number"], at=AT)
    assert len(begun) == 2


def test_all_suppliers_are_asked_at_once_within_one_deadline(service, opened, begun):
    for kind in UTILITIES:
        service.fault(kind.value, "slow")
    accounts, uscc = everything(service)
    with door.one_deadline():
        assert door.verify_utilities(accounts, uscc=uscc, at=AT) == [Verdict.UNREACHABLE] * 3
    assert begun == [SECONDS]
    assert deadline._PAGE.get() is None


def test_a_slow_supplier_costs_no_other_its_answer(service, opened):
    service.fault("electricity", "slow")
    accounts, uscc = everything(service)
    with door.one_deadline():
        verdicts = door.verify_utilities(accounts, uscc=uscc, at=AT)
    by_kind = {kind: verdict for (kind, _, _), verdict in zip(accounts, verdicts, strict=True)}
    assert by_kind.pop("electricity") is Verdict.UNREACHABLE
    assert by_kind["water"] is Verdict.MATCHES
    assert Verdict.UNREACHABLE not in by_kind.values()


@pytest.mark.parametrize("left", [0, IMPATIENT_SECONDS / 8])
def test_who_was_left_no_time_to_answer_is_not_counted_as_failing(service, left):
    entry = owner_of(service, "water")
    impatient = Departments(service.url, KEYS, seconds=IMPATIENT_SECONDS)
    service.fault("market", "slow")
    for _ in range(FAILURES_MAX):
        with pytest.raises(Unreachable):
            impatient.ask(
                "market", "/market/registration", {"number": entry["uscc"]}, echo=("number",), at=AT,
                until=Deadline.within(left),
            )  # fmt: skip
    service.fault("market", "off")
    assert market.registration(impatient, entry["tax_number"], at=AT) is not None
    impatient.close()
