"""What the pages of 督办 and of looks at an enterprise must not tell, and what they do tell."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from jinfuyun.applications.models import Application
from jinfuyun.audit.models import Line
from jinfuyun.oversight import actions
from jinfuyun.oversight.models import Complaint, Look, Note
from tests import market
from tests.cast import Firm, Person, given
from tests.oversight.conftest import regulator
from tests.web.inside import inside


@pytest.fixture
def late(db: None, red_star: Firm) -> Application:
    given(red_star)
    market.product(code="RIVER001", of=market.institution(market.RIVER))
    return market.applied(red_star, at=timezone.now() - timedelta(days=20))


def test_the_list_its_file_and_a_note_name_no_enterprise(
    late: Application, red_star: Firm, fuzhou_regulator: Person, river_bank_officer: Person
) -> None:
    client = inside(fuzhou_regulator)
    new = f"/regulator/notes/new?about=application&number={late.number}"
    sent = client.post(new, {"text": "请说明原因并办理。", "days": "3"}, follow=True)
    pages = [client.get("/regulator/late"), client.get(new), sent, client.get(f"/regulator/notes/{Note.objects.get()}")]
    for page in pages:
        assert page.status_code == 200
        assert late.number in page.content.decode() and red_star.name not in page.content.decode()
    book = load_workbook(io.BytesIO(client.get("/regulator/late.xlsx").content))
    rows = list(book.active.values)
    assert (rows[1][0], rows[1][5]) == (late.number, "受理") and red_star.name not in str(rows)
    assert not Line.objects.filter(action="application.call_back").exists()
    called = client.post(f"/regulator/late/{late.number}/call-back").content.decode()
    assert red_star.name in called and Line.objects.filter(action="application.call_back").count() == 1


def test_a_city_sees_nothing_of_another(late: Application, fuzhou_regulator: Person) -> None:
    other = inside(regulator("350200", 9))
    assert late.number not in other.get("/regulator/late").content.decode()
    assert other.post(f"/regulator/late/{late.number}/call-back").status_code == 404
    assert other.get(f"/regulator/notes/new?about=application&number={late.number}").status_code == 404


def test_searching_shows_nothing_but_the_form(late: Application, red_star: Firm, fuzhou_regulator: Person) -> None:
    client = inside(fuzhou_regulator)
    for asked in (red_star.name[:2], red_star.uscc):
        page = client.post("/regulator/looks", {"asked": asked}).content.decode()
        assert red_star.name not in page and late.number not in page
    assert not Look.objects.exists()


def test_a_registered_case_stands_on_no_page_of_the_enterprise_before_its_end(
    late: Application, red_star: Firm, red_star_owner: Person, fuzhou_regulator: Person
) -> None:
    at, second = timezone.now(), regulator("350100", 8)
    look = actions.ask_look(
        asked=red_star.uscc, case_number="闽金监案〔2026〕7 号", reason="核查举报线索。", is_case=True,
        ends_on=timezone.localdate() + timedelta(days=30), by=fuzhou_regulator.actor, at=at,
    )  # fmt: skip
    actions.agree(look=look, by=second.actor, at=at)
    opened = inside(fuzhou_regulator).post(f"/regulator/looks/{look.number}/open").content.decode()
    assert late.number in opened and red_star.legal_phone not in opened
    owner = inside(red_star_owner, uscc=red_star.uscc)
    for path in ("/my/access", "/account/messages"):
        assert look.case_number not in owner.get(path).content.decode()
    Look.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert look.case_number in owner.get("/my/access").content.decode()


def test_an_answered_complaint_stands_on_the_to_do_list_until_it_is_rated(
    late: Application, red_star: Firm, red_star_owner: Person, operator: Person
) -> None:
    told = {"form_token": uuid4(), "against": "platform", "topic": "other", "text": "短信总是晚到。"}
    owner = inside(red_star_owner, uscc=red_star.uscc)
    assert owner.post("/my/complaints/new", told | {"acting_for": red_star.uscc}).status_code == 302
    one = Complaint.objects.get()
    inside(operator).post(f"/operator/complaints/{one.number}", {"text": "已修复短信通道。"})
    assert one.number in owner.get("/todo").content.decode()
    rated = {"satisfaction": "5", "acting_for": red_star.uscc}
    assert owner.post(f"/my/complaints/{one.number}/rate", rated).status_code == 302
    assert one.number not in owner.get("/todo").content.decode()
