"""The pages of the wizard's side ways, of the to-do list and of a clerk, in a real browser at both widths."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from jinfuyun.consents import actions as consents
from jinfuyun.consents.rules import TermKind, Terms, day
from jinfuyun.data.door import Registration, Verdict
from jinfuyun.enterprises import actions
from jinfuyun.enterprises.actions.authenticate import keep_registered, write_verdict
from jinfuyun.enterprises.models import Run
from jinfuyun.enterprises.rules import MANDATE_ACTS, Elements
from jinfuyun.notifications.models import Message
from tests import market
from tests.browser import axe, overflow, shoot
from tests.cast import Firm, Person, enterprise_of, enterprise_person, given, id_number_of, uscc_of
from tests.signing_in import sign_in
from tests.web.stage import LICENCE, link_to_sign, unfinished_run

pytestmark = pytest.mark.browser

OLD_NUMBER = "35011180010100101"
ON_FILE = Registration(
    uscc=uscc_of(1), tax_number=uscc_of(1), name="红星示例机械厂", legal_name="林红星", region="350102", industry="34",
    nature="enterprise", kind="", capital="", registered_on=None, address="", scope="", status="",
    as_of=timezone.localdate(),
)  # fmt: skip


def old_number_run(person: Person) -> Run:
    """Step 1 passed with a number whose code nobody has told yet."""
    now, elements = timezone.now(), Elements(OLD_NUMBER, "林红星", "resident", id_number_of(1), person.phone)
    run = actions.keep_draft(run=None, typed=asdict(elements), by=person.actor, at=now)
    return write_verdict(run=run, elements=elements, verdict=Verdict.MATCHES, registered=None, by=person.actor, at=now)


def opened(person: Person, run: Run) -> Any:
    return actions.open_case(run=run, reason="no_code", note="", licence=LICENCE, by=person.actor, at=timezone.now())


def handed(firm: Firm, clerk: Person, *acts: str) -> None:
    actions.give_mandate(
        uscc=firm.uscc, phone=clerk.phone, acts=list(acts or MANDATE_ACTS),
        ends_on=timezone.localdate() + timedelta(days=90), by=firm.owner, at=timezone.now(),
    )  # fmt: skip


def looks_right(page: Page, name: str) -> None:
    shoot(page, name)
    assert axe(page) == [], name
    assert overflow(page) == 0, name


@pytest.fixture
def view(request: pytest.FixtureRequest) -> Page:
    page: Page = request.getfixturevalue(request.param)
    return page


both = pytest.mark.parametrize("view", ["page", "phone"], indirect=True)


@both
def test_the_side_ways_of_the_wizard(
    site: str, view: Page, red_star: Firm, red_star_owner: Person, operator: Person
) -> None:
    now = timezone.now()
    given(red_star, at=now)
    unknown = unfinished_run(red_star_owner, number=12, verdict=Verdict.UNKNOWN, at=now)
    refused = unfinished_run(red_star_owner, number=13, verdict=Verdict.DIFFERS, at=now)
    actions.reject_case(
        case=opened(red_star_owner, refused), answer="执照照片看不清，请重新上传。", by=operator.actor, at=now
    )
    unproven = old_number_run(red_star_owner)
    others = unfinished_run(red_star_owner, number=11, verdict=Verdict.MATCHES, at=now)
    on_file = keep_registered(
        run=unfinished_run(red_star_owner, number=1, verdict=Verdict.MATCHES, at=now), registered=ON_FILE,
        by=red_star_owner.actor, at=now,
    )  # fmt: skip
    sign_in(view, site, red_star_owner)
    for name, path in (
        ("wizard-unknown", f"elements?run={unknown.pk}"),
        ("wizard-refused", f"elements?run={refused.pk}"),
        ("wizard-unproven", f"profile?run={unproven.pk}"),
        ("wizard-on-file", f"profile?run={on_file.pk}"),
        ("wizard-others", f"profile?run={others.pk}"),
    ):
        view.goto(f"{site}/enterprises/new/{path}")
        if name == "wizard-others":
            for field, value in (("name", "接任示例厂"), ("region", "350111"), ("industry", "56")):
                (view.select_option if field != "name" else view.fill)(f"[name={field}]", value)
            view.get_by_role("button", name="提交信息").click()
            view.wait_for_selector("text=不是同一位法定代表人")
        looks_right(view, name)
    view.goto(f"{site}/account/close")
    looks_right(view, "account-close-under-way")


@both
def test_what_a_bookkeeper_of_many_sees(
    site: str, view: Page, red_star: Firm, red_star_owner: Person, bookkeeper: Person, runner: Person
) -> None:
    now = timezone.now()
    given(red_star, at=now)
    handed(red_star, runner, "apply")
    for number in range(100, 125):
        owner = enterprise_person(f"13800001{number:03d}", "林示例")
        firm = enterprise_of(owner, number=number, name=f"示例{number}机械制造厂", legal_name="林示例")
        given(firm, at=now, end=timezone.localdate() + timedelta(days=number - 99))
        handed(firm, bookkeeper)
    terms = Terms(TermKind.UNTIL_SETTLEMENT, day(now), None, (), (), False, False, True)
    consents.prepare(uscc=firm.uscc, terms=terms, utilities=[], by=firm.owner, at=now - timedelta(days=3))
    unfinished_run(bookkeeper, number=12, verdict=Verdict.DIFFERS, at=now)
    market.product(code="RIVER001", of=market.institution(market.RIVER))
    market.applied(red_star, at=now)
    sign_in(view, site, bookkeeper)
    view.goto(f"{site}/todo")
    looks_right(view, "todo")
    view.fill("[name=q]", "示例107")
    view.get_by_role("button", name="查找").click()
    view.wait_for_url("**/todo?q=*")
    looks_right(view, "todo-found")
    view.get_by_role("button", name="去办理").click()
    view.wait_for_url("**/my/consents/new")
    assert view.get_by_text("示例107机械制造厂").first.is_visible()
    view.goto(f"{site}/todo?q=没有这家")
    looks_right(view, "todo-none")
    view.goto(f"{site}/enterprises")
    looks_right(view, "chooser-many")
    sign_in(view, site, runner, uscc=red_star.uscc)
    view.goto(f"{site}/my")
    looks_right(view, "my-apply-clerk")
    view.goto(f"{site}/my/access")
    looks_right(view, "refused-to-clerk")
    sign_in(view, site, red_star_owner, uscc=red_star.uscc)
    view.goto(f"{site}/my")
    looks_right(view, "my-owner")


@both
def test_what_the_first_operator_types_and_whom_staff_invite_anew(
    site: str, view: Page, red_star_owner: Person, operator: Person, river_bank_admin: Person
) -> None:
    market.institution(market.RIVER)
    case = opened(red_star_owner, old_number_run(red_star_owner))
    sign_in(view, site, operator)
    for name, path in (
        ("operator-case-code", f"desk/{case.pk}"),
        ("operator-people-again", "staff"),
        ("operator-institution-again", "institutions/RIVER"),
    ):
        view.goto(f"{site}/operator/{path}")
        looks_right(view, name)
    view.goto(f"{site}/operator/desk/{case.pk}")
    view.get_by_role("button", name="初审通过").click()
    view.wait_for_selector("text=没有办成")
    looks_right(view, "operator-case-code-empty")
    sign_in(view, site, river_bank_admin)
    view.goto(f"{site}/bank/staff")
    looks_right(view, "bank-staff-again")


@both
def test_the_desk_a_held_enterprise_and_a_letter_signed_from_the_link(
    site: str, view: Page, red_star: Firm, red_star_owner: Person, stranger: Person, operator: Person
) -> None:
    now = timezone.now()
    run = unfinished_run(red_star_owner, number=12, verdict=Verdict.DIFFERS, at=now)
    case = actions.open_case(
        run=run, reason="differs", note="执照上个月刚换，税务登记还没有更新。", licence=LICENCE,
        by=red_star_owner.actor, at=now,
    )  # fmt: skip
    sign_in(view, site, operator)
    for name, path in (("operator-desk", "desk"), ("operator-case", f"desk/{case.pk}")):
        view.goto(f"{site}/operator/{path}")
        looks_right(view, name)
    held = unfinished_run(stranger, number=1, verdict=Verdict.MATCHES, at=now)
    sign_in(view, site, stranger)
    view.goto(f"{site}/enterprises/new/profile?run={held.pk}")
    view.fill("[name=name]", "红星示例机械厂")
    view.select_option("[name=region]", "350111")
    view.select_option("[name=industry]", "34")
    view.get_by_role("button", name="提交信息").click()
    view.wait_for_selector("text=目前由另一个账号管理")
    looks_right(view, "wizard-held")
    view.context.clear_cookies()
    link = f"{site}/sign/{link_to_sign(red_star)}"
    view.goto(link)
    looks_right(view, "sign")
    view.get_by_role("button", name="立即授权").click()
    view.wait_for_selector("text=请勾选同意")
    looks_right(view, "sign-wrong")
    view.get_by_label("确认授权即表示同意").check()
    view.get_by_role("button", name="获取验证码").click()
    view.wait_for_selector("text=验证码已发送")
    code = Message.objects.filter(template="code_sign_consent").latest("made_at").text.partition("验证码 ")[2][:6]
    view.get_by_label("短信验证码").fill(code)
    view.get_by_label("确认授权即表示同意").check()
    view.get_by_role("button", name="立即授权").click()
    view.wait_for_selector("text=签署完成")
    looks_right(view, "signed")
