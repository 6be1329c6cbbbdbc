"""Alarms on the department's home, taken and closed by form; operators see every department's."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from jinfuyun.deliveries import tasks
from jinfuyun.deliveries.models import Alarm
from tests.browser import axe, overflow, shoot
from tests.cast import MONDAY, Person
from tests.deliveries.conftest import delivered, lake, tax_bureau
from tests.deliveries.test_alarms import send
from tests.web.test_department_pages import logged_in
from tests.web.visits import Visitor

__all__ = ("delivered", "lake", "tax_bureau")


@pytest.fixture
def alarm(delivered: list[object]) -> Alarm:
    tasks.tend(at=MONDAY + timedelta(days=40))
    return Alarm.objects.get(feed="taxpayers", kind="late")


def test_a_person_takes_an_alarm_and_closes_it_with_a_note(alarm: Alarm, tax_bureau: Person) -> None:
    visitor, page = logged_in(tax_bureau), f"/department/alarms/{alarm.pk}"
    assert alarm.text in visitor.get("/department").content.decode()
    assert f'"{page}"' in visitor.get("/department").content.decode()
    visitor.send(page)
    alarm.refresh_from_db()
    assert alarm.state == "taken"
    answer = visitor.send(page, close="1", note="")
    assert answer.status_code == 422 and "请填写处理说明" in answer.content.decode()
    visitor.send(page, close="1", note="已补送")
    assert "已补送" in visitor.get(page).content.decode()
    assert f'"{page}"' not in visitor.get("/department").content.decode()
    other = Alarm.objects.exclude(department="tax").first()
    assert other is not None and visitor.get(f"/department/alarms/{other.pk}").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["page", "phone"])
def test_the_pages_have_no_barrier(
    site: str, alarm: Alarm, tax_bureau: Person, operator: Person, kind: str, request: pytest.FixtureRequest,
    tmp_path: object,
) -> None:  # fmt: skip
    page: Page = request.getfixturevalue(kind)
    send(tmp_path, 3, at=timezone.now())
    officer = Visitor()
    officer.log_in(operator, timezone.now())
    visits = (
        (logged_in(tax_bureau), ("/department", "/department/alarms", f"/department/alarms/{alarm.pk}",
                                 "/department/quality/taxpayers", "/department/quality/tax_arrears")),
        (officer, ("/operator", "/operator/alarms")),
    )  # fmt: skip
    for visitor, paths in visits:
        page.context.add_cookies([{"name": "session", "value": visitor.cookies["session"].value, "url": site}])
        for path in paths:
            assert page.goto(site + path).ok, path
            shoot(page, "alarms" + path.replace("/", "-").replace(str(alarm.pk), "one"))
            assert axe(page) == [], path
            assert overflow(page) == 0, path
