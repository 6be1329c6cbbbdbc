"""待办: what waits over all enterprises that a person serves, and the way into each."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jinfuyun.applications import actions as applications
from jinfuyun.applications.models import Application
from jinfuyun.consents import actions as consents
from jinfuyun.consents.rules import TermKind, Terms, day
from jinfuyun.data.door import Verdict
from jinfuyun.disputes import actions as disputes
from jinfuyun.enterprises import actions
from jinfuyun.enterprises.rules import MANDATE_ACTS
from tests import market
from tests.applications.steps import to_offer, to_review
from tests.cast import Firm, Person, enterprise_of, enterprise_person, given
from tests.disputes.stage import department_person, raised, report_of
from tests.reports.sample import INVOICES, REGISTRATION
from tests.web.inside import inside
from tests.web.stage import unfinished_run

pytestmark = pytest.mark.django_db


def handed(firm: Firm, clerk: Person, *acts: str) -> None:
    actions.give_mandate(
        uscc=firm.uscc, phone=clerk.phone, acts=list(acts or MANDATE_ACTS),
        ends_on=timezone.localdate() + timedelta(days=90), by=firm.owner, at=timezone.now(),
    )  # fmt: skip


def letter_prepared(firm: Firm) -> None:
    now = timezone.now()
    terms = Terms(TermKind.UNTIL_SETTLEMENT, day(now), None, (), (), False, False, True)
    letter = consents.prepare(uscc=firm.uscc, terms=terms, utilities=[], by=firm.owner, at=now)
    consents.send_sign_link(consent=letter, url="http://testserver/sign/", by=firm.owner, at=now)


def applied(firm: Firm) -> Application:
    market.product(code="RIVER001", of=market.institution(market.RIVER))
    return market.applied(firm, at=timezone.now())


def rows(person: Person, query: str = "") -> list[str]:
    """Each row as one text: due, enterprise, what, who."""
    page = inside(person).get(f"/todo{query}").content.decode()
    body = page.partition("<tbody")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("<tr")[1:]]


def test_what_waits_stands_in_the_order_of_its_due_time(
    red_star: Firm, blue_sea: Firm, bookkeeper: Person, river_bank_officer: Person, river_bank_approver: Person
) -> None:
    now, today = timezone.now(), timezone.localdate()
    given(red_star, at=now)
    given(blue_sea, at=now, end=today + timedelta(days=20))
    for firm in (red_star, blue_sea):
        handed(firm, bookkeeper)
    application = applied(red_star)
    to_offer(application, river_bank_officer.actor, river_bank_approver.actor)
    Application.objects.update(offer_valid_till=today + timedelta(days=9), due_on=today + timedelta(days=9))
    letter_prepared(blue_sea)
    unfinished_run(bookkeeper, number=12, verdict=Verdict.DIFFERS, at=now)
    found = rows(bookkeeper)
    for row, words in zip(
        found,
        (
            ("蓝海示例茶业社", "授权书等待签署", "法定代表人"),
            ("红星示例机械厂", "批复方案等待确认", "法定代表人"),
            ("蓝海示例茶业社", "授权书将到期"),
            ("没办完的认证授权", "未通过核验"),
        ),
        strict=True,
    ):
        assert all(word in row for word in words), (row, words)


def test_documents_asked_for_are_the_clerks_to_supply(
    red_star: Firm, bookkeeper: Person, runner: Person, river_bank_officer: Person
) -> None:
    given(red_star, at=timezone.now())
    handed(red_star, bookkeeper, "apply")
    handed(red_star, runner, "prepare_consent")
    application = applied(red_star)
    to_review(application, river_bank_officer.actor)
    applications.ask_more(
        application=application, what="近一年购销合同", by=river_bank_officer.actor, at=timezone.now()
    )
    assert len(rows(bookkeeper)) == 1 and "等待补充材料" in rows(bookkeeper)[0]
    assert rows(runner) == []


def test_the_list_is_filtered_by_name_and_code(red_star: Firm, blue_sea: Firm, bookkeeper: Person) -> None:
    for firm in (red_star, blue_sea):
        given(firm, at=timezone.now(), end=timezone.localdate() + timedelta(days=5))
        handed(firm, bookkeeper)
    assert len(rows(bookkeeper)) == 2
    assert ["蓝海" in row for row in rows(bookkeeper, "?q=蓝海")] == [True]
    assert ["红星" in row for row in rows(bookkeeper, f"?q={red_star.uscc.lower()}")] == [True]
    assert rows(bookkeeper, "?q=%00<script>") == []


def test_a_row_enters_its_enterprise_by_a_post(red_star: Firm, blue_sea: Firm, bookkeeper: Person) -> None:
    given(blue_sea, at=timezone.now(), end=timezone.localdate() + timedelta(days=5))
    given(red_star, at=timezone.now())
    for firm in (red_star, blue_sea):
        handed(firm, bookkeeper)
    clerk = inside(bookkeeper, uscc=red_star.uscc)
    assert clerk.get("/todo/enter", {"uscc": blue_sea.uscc, "to": "consent_anew"}).status_code == 405
    assert clerk.session["uscc"] == red_star.uscc
    key = clerk.session.session_key
    answer = clerk.post("/todo/enter", {"uscc": blue_sea.uscc, "to": "consent_anew"})
    assert answer.headers["Location"] == "/my/consents/new"
    assert clerk.session["uscc"] == blue_sea.uscc
    assert clerk.session.session_key != key
    assert "蓝海示例茶业社" in clerk.get("/my/consents/new").content.decode()


@pytest.mark.parametrize(
    "fields",
    [{"to": "home"}, {"to": ""}, {"to": "https://elsewhere.example/"}, {"to": "application", "number": "../x"}],
    ids=str,
)
def test_nothing_but_the_listed_pages_is_entered(red_star: Firm, bookkeeper: Person, fields: dict[str, str]) -> None:
    given(red_star, at=timezone.now())
    handed(red_star, bookkeeper)
    clerk = inside(bookkeeper)
    assert clerk.post("/todo/enter", {"uscc": red_star.uscc} | fields).status_code == 404
    assert "uscc" not in clerk.session


def test_a_strangers_enterprise_and_one_that_never_signed_are_not_entered(
    red_star: Firm, blue_sea: Firm, bookkeeper: Person
) -> None:
    given(blue_sea, at=timezone.now())
    handed(red_star, bookkeeper)
    clerk = inside(bookkeeper)
    for firm in (red_star, blue_sea):
        assert clerk.post("/todo/enter", {"uscc": firm.uscc, "to": "consents"}).status_code == 404


def test_two_hundred_enterprises_take_no_more_statements_than_two(bookkeeper: Person) -> None:
    def serve(numbers: range) -> None:
        for number in numbers:
            owner = enterprise_person(f"13800001{number:03d}", "林示例")
            firm = enterprise_of(owner, number=number, name=f"示例{number}厂", legal_name="林示例")
            given(firm, at=timezone.now(), end=timezone.localdate() + timedelta(days=5))
            handed(firm, bookkeeper)

    def statements() -> int:
        client = inside(bookkeeper)
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/todo").status_code == 200
        return len(captured)

    serve(range(100, 102))
    few = statements()
    serve(range(102, 110))
    assert statements() == few


# -- the choice of enterprises, for who serves many ------------------------------------------------------------------


def test_the_choice_is_searched_and_paged(bookkeeper: Person) -> None:
    for number in range(100, 125):
        owner = enterprise_person(f"13800001{number:03d}", "林示例")
        handed(enterprise_of(owner, number=number, name=f"示例{number}厂", legal_name="林示例"), bookkeeper)
    visitor = inside(bookkeeper)

    def offered(query: str) -> list[str]:
        return re.findall(r"<b>(示例\d+厂)</b>", visitor.get(f"/enterprises{query}").content.decode())

    assert (len(offered("")), len(offered("?page=2"))) == (20, 5)
    assert offered("?q=示例107") == ["示例107厂"]
    assert offered("?q=没有") == []


def test_what_a_department_asks_back_waits_here_for_who_may_follow(
    red_star: Firm, red_star_owner: Person, bookkeeper: Person, runner: Person
) -> None:
    now = timezone.now()
    consent = given(red_star)
    handed(red_star, bookkeeper, "follow")
    handed(red_star, runner, "apply")
    number = consent.number
    report = report_of(red_star, number="BG20260302000001", consent_number=number, bodies=(REGISTRATION, INVOICES))
    dispute, bureau = raised(report, red_star, at=now), department_person("tax", 1)
    disputes.take(dispute=dispute, by=bureau.actor, at=now)
    disputes.ask_more(dispute=dispute, text="哪两家门店？", by=bureau.actor, at=now)
    for person in (red_star_owner, bookkeeper):
        [row] = [row for row in rows(person) if "异议" in row]
        assert "数据异议等待补充说明（开票销售 R12）" in row and f"{dispute.due_on}" in row
    assert rows(runner) == []
    client = inside(bookkeeper)
    entered = client.post("/todo/enter", {"uscc": red_star.uscc, "to": "dispute", "number": dispute.number})
    assert entered.headers["Location"] == f"/my/disputes/{dispute.number}"
