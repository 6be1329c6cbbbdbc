"""The three steps, the manual desk from both sides, mandates, the chooser, a letter's acts, /sign and /verify: whatever
is typed, whoever's number stands in the form, however often it is sent — a clear sentence, nothing lost or doubled.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from jinfuyun.consents import queries as consents
from jinfuyun.consents.models import Consent
from jinfuyun.data.door import Verdict
from jinfuyun.enterprises import actions, queries
from jinfuyun.enterprises.models import Case, Enterprise, Mandate, Run
from jinfuyun.kit.text import holds_control
from jinfuyun.notifications.models import Message
from tests.cast import Firm, Person, given, uscc_of
from tests.web.inside import inside
from tests.web.stage import LICENCE, link_to_sign, unfinished_run
from tests.web.test_account_forms import STRANGE

pytestmark = pytest.mark.django_db

MORE = ("\x1b[31m", "林\u202e星", "\ud7ff\uffff", "2026-02-30", "00000000-0000-0000-0000-000000000000", "９１３５")
TEXTS = (*STRANGE, *MORE)
# What a form says when it comes back, and what says that the thing is not there.
SPOKEN = ('role="alert"', "没有找到", "不存在", "没有这个编号", "请先选择一家企业")

ELEMENTS = ("tax_number", "legal_name", "id_type", "id_number", "phone", "sms_code", "new_run")
PROFILE = ("uscc", "name", "region", "industry", "nature", "legal_name", "contact_name", "contact_phone")
TERMS = (
    "term_kind", "start", "end", "water_supplier", "water_account", "electricity_account", "gas_supplier",
    "gas_account", "customs", "sms_code", "text_sha256", "form_token",
)  # fmt: skip
# Address → fields; {…} is put in from the stage below.
FORMS = {
    "/enterprises/new/elements?run={differs}": ELEMENTS,
    "/enterprises/new/elements": ELEMENTS,
    "/enterprises/new/profile?run={verified}": PROFILE,
    "/enterprises/new/manual?run={differs}": ("reason", "note", "licence"),
    "/enterprises/new/consent?run={profiled}": TERMS,
    "/my/consents/new": TERMS,
    "/my/mandates": ("phone", "acts", "end"),
    "/enterprises": ("uscc",),
    "/sign/{link}": ("sms_code", "text_sha256"),
    "/verify": ("number",),
}
ON = {"agree": "on", "acting_for": uscc_of(1)}  # ticked, and for the enterprise that was chosen


@pytest.fixture
def owner(red_star: Firm, red_star_owner: Person) -> Client:
    return inside(red_star_owner, uscc=red_star.uscc)


@pytest.fixture
def stage(red_star: Firm, red_star_owner: Person) -> dict[str, Any]:
    now = timezone.now()
    profiled = Run.objects.get(uscc=red_star.uscc)
    link = link_to_sign(red_star)
    return {
        "differs": unfinished_run(red_star_owner, number=12, verdict=Verdict.DIFFERS, at=now).pk,
        "verified": unfinished_run(red_star_owner, number=1, verdict=Verdict.MATCHES, at=now).pk,
        "profiled": profiled.pk, "link": link,
    }  # fmt: skip


def kept() -> tuple[int, ...]:
    """How much there is of everything that these forms make."""
    signed = Consent.objects.exclude(signed_at=None)
    return tuple(one.count() for one in (signed, Mandate.objects, Case.objects, Enterprise.objects, Message.objects))


@pytest.mark.parametrize("address", FORMS)
def test_whatever_is_typed_a_sentence_comes_back(owner: Client, stage: dict[str, Any], address: str) -> None:
    """All fields at once, so that no right one hides a wrong one."""
    path, before = address.format(**stage), kept()
    for text in TEXTS:
        answer = owner.post(path, ON | dict.fromkeys(FORMS[address], text))
        body = answer.content.decode()
        if answer.status_code == 302:  # nothing chosen: back to the page, which says so
            body = owner.get(answer.headers["Location"]).content.decode()
        else:
            assert answer.status_code in (422, 404), (text, answer.status_code)
        assert any(words in body for words in SPOKEN), (text, answer.status_code)
        assert "<script>alert" not in body and "<img src=x" not in body and "60481729" not in body
    assert kept() == before


@pytest.mark.deep
@pytest.mark.parametrize("address", FORMS)
def test_each_field_alone_among_empty_ones_too(owner: Client, stage: dict[str, Any], address: str) -> None:
    path, before = address.format(**stage), kept()
    for field in FORMS[address]:
        for text in ("\0", "x" * 5_000):
            answer = owner.post(path, ON | {field: text})
            assert answer.status_code in (422, 404, 302), (field, text[:9], answer.status_code)
    assert kept() == before


def test_no_code_is_sent_for_what_is_no_phone(owner: Client) -> None:
    for text in TEXTS:
        answer = owner.post("/enterprises/new/elements", ON | {"phone": text, "send_code": "1"})
        assert answer.status_code == 422, text
    assert not Message.objects.exists()


# -- the operators' side ---------------------------------------------------------------------------------------------


@pytest.fixture
def case(red_star: Firm, red_star_owner: Person) -> Case:
    run = unfinished_run(red_star_owner, number=12, verdict=Verdict.DIFFERS, at=timezone.now())
    return actions.open_case(
        run=run, reason="differs", note="", licence=LICENCE, by=red_star_owner.actor, at=timezone.now()
    )


def state_of(case: Case) -> str:
    return str(Case.objects.get(pk=case.pk).state)


@pytest.mark.parametrize("button", ["", "refuse"])
def test_the_operators_desk_takes_nothing_strange(case: Case, operator: Person, button: str) -> None:
    desk = inside(operator)
    for text in TEXTS:
        if button and text.strip() and not holds_control(text) and len(text) <= 500:
            continue  # a reason may be any sentence; it is shown as text (test_script_strings.py)
        form = {"answer": text, "seen": text, "uscc": text} | ({button: "1"} if button else {})
        answer = desk.post(f"/operator/desk/{case.pk}", form)
        assert answer.status_code == 422, text
        assert 'role="alert"' in answer.content.decode()
    assert state_of(case) == "new"


def test_a_case_is_decided_by_two_and_once(case: Case, operator: Person, second_operator: Person) -> None:
    """Two tabs of one operator, then both operators at once, then the back button."""
    first, second, path = inside(operator), inside(second_operator), f"/operator/desk/{case.pk}"
    seen = {"seen": queries.seen_of(case)}
    assert first.post(path, seen).status_code == 302
    assert (first.post(path, seen).status_code, state_of(case)) == (422, "first")
    seen = {"seen": queries.seen_of(Case.objects.get(pk=case.pk))}
    assert second.post(path, {"seen": "an older page"}).status_code == 422
    second.post(path, seen)
    assert state_of(case) in ("first", "approved")
    for desk in (first, second):
        late = desk.post(path, {"refuse": "1", "answer": "执照照片看不清"}, follow=True)
        assert late.status_code in (404, 422)
        assert any(words in late.content.decode() for words in SPOKEN)


# -- sent twice, from two tabs, from an old page ---------------------------------------------------------------------


def test_step_two_sent_twice_is_one_enterprise(red_star_owner: Person) -> None:
    run = unfinished_run(red_star_owner, number=1, verdict=Verdict.MATCHES, at=timezone.now())
    form = {
        "run": str(run.pk), "uscc": uscc_of(1), "name": "红星示例机械厂", "region": "350111", "industry": "C",
        "nature": "enterprise", "legal_name": "林红星", "contact_name": "林红星", "contact_phone": "13800000001",
    }  # fmt: skip
    visitor = inside(red_star_owner)
    answers = [visitor.post("/enterprises/new/profile", form) for _ in range(3)]
    assert {one.headers["Location"] for one in answers} == {f"/enterprises/new/consent?run={run.pk}"}
    assert Enterprise.objects.count() == 1


def test_the_way_to_the_desk_sent_twice_is_one_case(owner: Client, stage: dict[str, Any]) -> None:
    path = f"/enterprises/new/manual?run={stage['differs']}"
    for _ in range(2):
        upload = SimpleUploadedFile("x.png", LICENCE, "image/png")
        answer = owner.post(path, {"reason": "differs", "note": "", "licence": upload}, follow=True)
        assert answer.status_code in (200, 422)
    assert Case.objects.count() == 1
    assert "人工" in answer.content.decode()


def test_a_mandate_sent_twice_is_one_mandate_and_one_message(owner: Client, red_star: Firm) -> None:
    """Seen red: two mandates and two messages, and taking one back left the other."""
    end = timezone.localdate() + timedelta(days=30)
    form = {"acting_for": red_star.uscc, "phone": "138 0000 0002", "acts": ["apply", "follow"], "end": f"{end}"}
    for _ in range(2):
        assert owner.post("/my/mandates", form).status_code == 302
    assert owner.post("/my/mandates", form | {"acts": ["follow", "apply"]}).status_code == 302
    mandate = Mandate.objects.get()
    assert Message.objects.filter(template="mandate_given").count() == 1
    path = f"/my/mandates/{mandate.pk}/end"
    assert owner.post(path, {"acting_for": red_star.uscc}).status_code == 302
    again = owner.post(path, {"acting_for": red_star.uscc})
    assert (again.status_code, "该授权已经结束" in again.content.decode()) == (422, True)
    assert owner.post("/my/mandates", form).status_code == 302  # given anew after that
    assert Mandate.objects.count() == 2


@pytest.mark.parametrize("act", ["pause", "resume", "revoke"])
def test_an_act_on_a_letter_from_an_old_page_says_so(owner: Client, red_star: Firm, act: str) -> None:
    letter = given(red_star, at=timezone.now())
    path = f"/my/consents/{letter.number}"
    form = {"acting_for": red_star.uscc}
    if act == "resume":
        assert owner.post(f"{path}/pause", form).status_code == 302
    assert owner.post(f"{path}/{act}", form).status_code == 302
    again = owner.post(f"{path}/{act}", form)
    assert (again.status_code, "请刷新后再看" in again.content.decode()) == (422, True)
    state = Consent.objects.get().state
    assert state == {"pause": "paused", "resume": "active", "revoke": "revoked"}[act]
    if act == "revoke":  # and nothing of the old pages brings it back
        for other in ("pause", "resume"):
            assert owner.post(f"{path}/{other}", form).status_code == 422
        assert owner.get(f"{path}/revoke").headers["Location"] == path
        assert consents.living(red_star.uscc) is None


def test_a_form_of_another_enterprises_tab_is_refused_everywhere(owner: Client, red_star: Firm, blue_sea: Firm) -> None:
    letter = given(red_star, at=timezone.now())
    before = kept()
    for path in ("/my/consents/new", "/my/mandates", *(
        f"/my/consents/{letter.number}/{act}" for act in ("pause", "resume", "revoke")
    )):  # fmt: skip
        for acting_for in (blue_sea.uscc, "", "\0"):
            answer = owner.post(path, {"acting_for": acting_for, "phone": "13800000002"})
            assert (answer.status_code, "另一" in answer.content.decode()) == (409, True), path
    assert (kept(), Consent.objects.get().state) == (before, "active")


def test_anothers_things_are_not_there(owner: Client, red_star: Firm, blue_sea: Firm, stranger: Person) -> None:
    theirs = unfinished_run(stranger, number=13, verdict=Verdict.DIFFERS, at=timezone.now())
    letter = given(blue_sea, at=timezone.now())
    mandate = actions.give_mandate(
        uscc=blue_sea.uscc, phone="13800000002", acts=["apply"], ends_on=timezone.localdate(), by=blue_sea.owner,
        at=timezone.now(),
    )  # fmt: skip
    before = kept()
    for step in ("elements", "profile", "consent", "manual", "drop"):
        for name in (theirs.pk, uuid4(), "x"):
            for method in (owner.get, owner.post):
                expected = 405 if (step, method) == ("drop", owner.get) else 404
                assert method(f"/enterprises/new/{step}?run={name}").status_code == expected, (step, name)
    for path in (
        *(f"/my/consents/{letter.number}/{act}" for act in ("pause", "resume", "revoke")),
        f"/my/mandates/{mandate.pk}/end",
    ):
        assert owner.post(path, {"acting_for": red_star.uscc}).status_code == 404
    assert owner.post("/enterprises", {"uscc": blue_sea.uscc}).status_code == 404
    assert (kept(), Consent.objects.get().state) == (before, "active")
    theirs.refresh_from_db()
    assert theirs.state == "differs"


# -- the link of an SMS ----------------------------------------------------------------------------------------------


def signs(visitor: Client, red_star: Firm, link: str) -> Any:
    text = Consent.objects.get(state="pending").text_sha256
    visitor.post(f"/sign/{link}", {"send_code": "1", "text_sha256": text})
    code = Message.objects.filter(template="code_sign_consent").latest("made_at").text.partition("验证码 ")[2][:6]
    return {"agree": "on", "sms_code": code, "text_sha256": text}


def test_a_letter_signed_from_the_link_twice_is_signed_once_and_says_so(red_star: Firm) -> None:
    """Seen red: the second click was answered "not found", as if nothing had been signed."""
    visitor, link = Client(), link_to_sign(red_star)
    form = signs(visitor, red_star, link)
    for _ in range(2):
        answer = visitor.post(f"/sign/{link}", form)
        assert (answer.status_code, "授权书已签署" in answer.content.decode()) == (200, True)
    assert Consent.objects.get().state == "active"
    assert "授权书已签署" in visitor.get(f"/sign/{link}").content.decode()


def test_what_changed_between_reading_and_signing_is_read_again(red_star: Firm) -> None:
    visitor, link = Client(), link_to_sign(red_star)
    form = signs(visitor, red_star, link)
    answer = visitor.post(f"/sign/{link}", form | {"text_sha256": "0" * 64})
    assert (answer.status_code, "请重新阅读后签署" in answer.content.decode()) == (422, True)
    answer = visitor.post(f"/sign/{link}", form | {"agree": ""})
    assert (answer.status_code, "请勾选同意" in answer.content.decode()) == (422, True)
    assert Consent.objects.get().state == "pending"
    answer = visitor.post(f"/sign/{link}", form)  # none of it cost the code
    assert Consent.objects.get().state == "active", answer.content.decode()


@pytest.mark.parametrize("token", ["x", "%00", "x" * 3000, "..%2f..", "%F0%9F%98%80", "'--"])
def test_a_link_that_nobody_sent(token: str) -> None:
    for method in (Client().get, Client().post):
        assert method(f"/sign/{token}").status_code == 404
