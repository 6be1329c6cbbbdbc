"""An application that is late or refused, through the pages of the administrator, the approvers and the enterprise."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from jinfuyun.applications import actions
from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import State
from tests import market
from tests.cast import given
from tests.market import RIVER, applied
from tests.web.inside import inside


@pytest.fixture
def application(db, red_star):
    market.product(code="RIVER001", of=market.institution(RIVER))
    given(red_star)
    return applied(red_star, at=timezone.now() - timedelta(days=12))


@pytest.fixture
def refused(application, river_bank_officer, river_bank_approver):
    by, at = river_bank_officer.actor, timezone.now()
    actions.accept(application=application, caller_name="江经理", caller_phone="95588", by=by, at=at)
    actions.contact(application=application, note="已电话联系", by=by, at=at)
    actions.review(application=application, by=by, at=at)
    actions.reject(application=application, refusal=actions.Refused("credit"), by=river_bank_approver.actor, at=at)
    return application


def test_the_administrator_gives_a_late_application_away_with_one_click(
    application, river_bank_admin, river_bank_officer, river_bank_second_officer
):
    admin = inside(river_bank_admin)
    page = admin.get("/bank/assigning").content.decode()
    assert "已超时" in page
    assert "待安排" in page
    to = {"to": river_bank_second_officer.user_id, "why": "请病\0假"}
    answer = admin.post(f"/bank/assigning/{application.number}", to, follow=True).content.decode()
    assert "已转派" in answer
    assert Application.objects.get().caller_account == river_bank_second_officer.user_id
    again = admin.post(f"/bank/assigning/{application.number}", to, follow=True).content.decode()
    assert "已经由这位同事办理" in again
    assert inside(river_bank_officer).get("/bank/assigning").status_code == 404


def test_a_refused_enterprise_appeals_and_another_approver_takes_it_back(
    refused, red_star, red_star_owner, river_bank_approver, river_bank_second_approver
):
    house = market.institution(market.HILL)
    market.product(code="HILL001", of=house)
    owner = inside(red_star_owner, uscc=red_star.uscc)
    mine = f"/my/applications/{refused.number}"
    page = owner.get(mine).content.decode()
    assert "/products/HILL001" in page
    assert "我不同意，申请复议" in page
    short = owner.post(f"{mine}/appeal", {"acting_for": red_star.uscc, "text": "不"})
    assert (short.status_code, "请用文字说明" in short.content.decode()) == (422, True)
    owner.post(f"{mine}/appeal", {"acting_for": red_star.uscc, "text": "新签了订单合同"})
    assert "我不同意，申请复议" not in owner.get(mine).content.decode()
    desk = f"/bank/applications/{refused.number}"
    first = inside(river_bank_approver).post(f"{desk}/reopen", {"text": "恢复审批"}, follow=True)
    assert "作出原决定的人不能复议自己的决定" in first.content.decode()
    second = inside(river_bank_second_approver)
    assert "撤回原决定，恢复审批" in second.get(desk).content.decode()
    second.post(f"{desk}/reopen", {"text": "订单属实"})
    assert Application.objects.get().state == State.UNDER_REVIEW
    assert "订单属实" in owner.get(mine).content.decode()


def test_a_decision_after_withdrawal_says_who_was_first(refused, red_star, river_bank_second_approver):
    actions.appeal(application=refused, why="新签了订单合同", by=red_star.owner, at=timezone.now())
    second = inside(river_bank_second_approver)
    actions.withdraw(application=refused, why="", by=red_star.owner, at=timezone.now())
    answer = second.post(f"/bank/applications/{refused.number}/uphold", {"text": "维持原决定"}, follow=True)
    assert "申请现在是“撤回”" in answer.content.decode()


PDF = b"%PDF-1.7\n%%EOF\n"


def uploaded(client, application, uscc, name="合同.pdf", content=PDF):
    file = SimpleUploadedFile(name, content)
    return client.post(
        f"/my/applications/{application.number}/documents",
        {"acting_for": uscc, "material": "近一年主要合同", "file": file},
    )  # fmt: skip


def test_a_paper_goes_up_and_comes_down_on_both_sides(application, red_star, red_star_owner, river_bank_officer):
    owner = inside(red_star_owner, uscc=red_star.uscc)
    assert "还没有材料" in owner.get(f"/my/applications/{application.number}/documents").content.decode()
    assert uploaded(owner, application, red_star.uscc).status_code == 302
    page = owner.get(f"/my/applications/{application.number}/documents").content.decode()
    assert "未查毒" in page
    [link] = re.findall(rf'href="(/my/applications/{application.number}/documents/[^"]+)"', page)
    down = owner.get(link)
    assert (down.content, down["Content-Type"]) == (PDF, "application/pdf")
    assert down["Content-Disposition"].startswith("attachment")
    theirs = inside(river_bank_officer).get(link.replace("/my/", "/bank/"))
    assert theirs.content == PDF


def test_a_program_named_pdf_is_refused_on_the_page(application, red_star, red_star_owner):
    owner = inside(red_star_owner, uscc=red_star.uscc)
    answer = uploaded(owner, application, red_star.uscc, content=b"MZ\x90\x00")
    assert (answer.status_code, "不接受程序" in answer.content.decode()) == (422, True)
    renamed = uploaded(owner, application, red_star.uscc, name="合同.png")
    assert "与文件名不符" in renamed.content.decode()


class Unread(io.BytesIO):
    """A body that nobody may touch."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")


def test_two_gigabytes_are_refused_unread(application, red_star, red_star_owner):
    owner = inside(red_star_owner, uscc=red_star.uscc)
    answer = owner.generic(
        "POST", f"/my/applications/{application.number}/documents", b"", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2 << 30), **{"wsgi.input": Unread()},
    )  # fmt: skip
    assert answer.status_code == 413
    assert "20 MB" in answer.content.decode()


def test_the_form_of_another_page_is_refused(application, red_star, red_star_owner):
    owner = inside(red_star_owner, uscc=red_star.uscc)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = owner.cookies
    assert uploaded(strict, application, red_star.uscc).status_code == 403
