"""The ways into the review: the public form and a directory; both end before two operators.

Seen red, each alone: a request taken up twice, a request admitted without the second operator, a bad row taken in, the
limit of the form left out.
"""

from dataclasses import replace

import pytest

from jinfuyun.institutions import actions, queries
from jinfuyun.institutions.models import AdmissionRequest, Institution
from jinfuyun.institutions.rules import DIRECTORY, State
from jinfuyun.kit.errors import NotAllowed, TooLate, TooMany
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Message
from jinfuyun.storage.sheets import SheetRefused, sheet
from tests.cast import MONDAY, TUESDAY
from tests.market import MINLING
from tests.web.inside import inside
from tests.web.visits import Visitor

ASKED = replace(MINLING, code="")
GOOD = ("MLYH", "闽岭银行", "银行", "B0001H235010001", "福州市", "0591-87000001", "林知远", "13805910001")


def asked(ip: str = "10.0.0.1") -> AdmissionRequest:
    number = actions.ask(asked=ASKED, ip=ip, at=MONDAY)
    return AdmissionRequest.objects.get(number=number)


def test_a_request_becomes_a_draft_that_two_operators_decide(db, operator, second_operator):
    found = asked()
    assert queries.waiting_count() == 1 and not Institution.objects.exists()
    code = actions.take_up(request_id=found.pk, code="MLYH", by=operator.actor, at=MONDAY)
    assert queries.institution(code).state == State.DRAFT and queries.waiting_count() == 0
    digest = actions.submit(code=code, by=operator.actor, at=MONDAY)
    with pytest.raises(actions.FourEyes):
        actions.admit(code=code, on_screen=digest, by=operator.actor, at=TUESDAY)
    actions.admit(code=code, on_screen=digest, by=second_operator.actor, at=TUESDAY)
    assert queries.institution(code).state == State.ACTIVE
    assert queries.institution(code).contact_phone == MINLING.contact_phone


def test_a_request_is_decided_once_and_by_operators_only(db, operator, second_operator, river_bank_admin):
    found = asked()
    with pytest.raises(NotAllowed):
        actions.take_up(request_id=found.pk, code="MLYH", by=river_bank_admin.actor, at=MONDAY)
    actions.decline(request_id=found.pk, ground="licence", why="编码查无此证", by=operator.actor, at=MONDAY)
    told = Message.objects.get(template="admission_declined").text
    assert "名称或许可证编码与公示不一致（金融许可证）：编码查无此证" in told
    for again in (
        lambda: actions.take_up(request_id=found.pk, code="MLYH", by=second_operator.actor, at=TUESDAY),
        lambda: actions.decline(
            request_id=found.pk, ground="duplicate", why="重复申请", by=second_operator.actor, at=TUESDAY
        ),
    ):
        with pytest.raises(TooLate):
            again()
    assert not Institution.objects.exists()


def test_a_code_of_another_form_leaves_the_request_waiting(db, operator):
    found = asked()
    with pytest.raises(NotInOrder, match="机构编码"):
        actions.take_up(request_id=found.pk, code="M" * 40, by=operator.actor, at=MONDAY)
    assert queries.waiting_count() == 1


def test_a_code_that_is_taken_leaves_the_request_waiting(db, operator):
    actions.propose(draft=MINLING, by=operator.actor, at=MONDAY)
    found = asked()
    with pytest.raises(NotInOrder):
        actions.take_up(request_id=found.pk, code="MLYH", by=operator.actor, at=MONDAY)
    assert queries.waiting_count() == 1


@pytest.mark.parametrize("licence", ["", "0001H235010001", "b0001h2", "B" * 21, "B0001H23 501"])
def test_a_licence_number_of_another_form_is_refused(db, licence):
    with pytest.raises(NotInOrder) as refusal:
        actions.ask(asked=replace(ASKED, licence_number=licence), ip="10.0.0.1", at=MONDAY)
    assert [one.field for one in refusal.value.reasons] == ["licence_number"]


def test_one_address_asks_five_times_a_day(db):
    for _ in range(5):
        asked("10.0.0.9")
    with pytest.raises(TooMany):
        asked("10.0.0.9")
    asked("10.0.1.9")


def test_good_rows_of_a_directory_wait_for_the_second_operator_and_bad_ones_say_why(db, operator, second_operator):
    rows = [
        GOOD,
        ("LLW", "蓝鹭湾银行", "钱庄", "B0002H235020001", "厦门", "0592-5000002", "陈鹭生", "13805920002"),
        ("LLX", "蓝鹭湾支行", "银行", "二号", "厦门", "0592-5000002", "陈鹭生", "13805920002"),
        ("MLYH", "闽岭银行二", "银行", "B0009H235010001", "福州", "0591-87000001", "林知远", "13805910001"),
    ]
    taken = actions.take_in_directory(content=sheet(DIRECTORY, rows), by=operator.actor, at=MONDAY)
    assert taken.proposed == 1
    assert [(row, name) for row, name, _ in taken.wrong] == [(3, "蓝鹭湾银行"), (4, "蓝鹭湾支行"), (5, "闽岭银行二")]
    assert ["机构类型" in taken.wrong[0][2], "许可证" in taken.wrong[1][2], "重复" in taken.wrong[2][2]] == [True] * 3
    assert [one.code for one in queries.in_review()] == ["MLYH"]
    digest = queries.institution("MLYH").content_digest()
    with pytest.raises(actions.FourEyes):
        actions.admit(code="MLYH", on_screen=digest, by=operator.actor, at=TUESDAY)
    actions.admit(code="MLYH", on_screen=digest, by=second_operator.actor, at=TUESDAY)


def test_a_sheet_that_is_none_or_has_no_rows_is_refused_as_a_whole(db, operator):
    for content in (b"PK\x03\x04 no zip", sheet(("别的",), []), sheet(DIRECTORY, [])):
        with pytest.raises(SheetRefused):
            actions.take_in_directory(content=content, by=operator.actor, at=MONDAY)


def test_the_public_form_gives_a_number_and_the_sample_can_be_imported(committed_db, operator):
    visitor = Visitor()
    content = {name: getattr(ASKED, name) for name in ASKED.__dataclass_fields__ if name != "code"}
    wrong = visitor.send("/join", **(content | {"licence_number": "12"}), captcha=visitor.solve())
    assert wrong.status_code == 422 and "许可证编码为" in wrong.content.decode()
    answer = visitor.send("/join", **content, captcha=visitor.solve())
    number = AdmissionRequest.objects.get().number
    assert answer.status_code == 200 and number in answer.content.decode()
    client = inside(operator)
    assert number in client.get("/operator/institutions/requests").content.decode()
    sample = client.get("/operator/institutions/directory/sample").content
    assert actions.take_in_directory(content=sample, by=operator.actor, at=MONDAY).proposed == 1
