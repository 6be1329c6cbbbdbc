"""An old tax number whose code market regulation has still to tell: nobody is sent back and forth for ever."""

from dataclasses import asdict, replace

import pytest
from django.test import Client
from django.utils import timezone

from jinfuyun.data.door import Verdict
from jinfuyun.enterprises import actions, queries
from jinfuyun.enterprises.actions import authenticate
from jinfuyun.enterprises.models import Case, Enterprise, Run
from jinfuyun.enterprises.rules import Elements, RunState
from tests.cast import MONDAY, Person, id_number_of, uscc_of
from tests.enterprises.conftest import OLD_NUMBER
from tests.sandbox.service import Service
from tests.web.inside import inside
from tests.web.stage import LICENCE

pytestmark = pytest.mark.django_db

ELEMENTS = Elements(OLD_NUMBER, "林红星", "resident", id_number_of(1), "13800000001")
NOWHERE = replace(ELEMENTS, tax_number="35011180010100199")  # seventeen digits that the registry has never seen
PROFILE = {
    "uscc": uscc_of(1), "name": "红星示例机械厂", "region": "350111", "industry": "C", "nature": "enterprise",
    "legal_name": "林红星", "contact_name": "林红星", "contact_phone": "13800000001",
}  # fmt: skip


def verified(person: Person, elements: Elements = ELEMENTS) -> Run:
    """Step 1 passed while the registry said nothing."""
    run = actions.keep_draft(run=None, typed=asdict(elements), by=person.actor, at=MONDAY)
    return authenticate.write_verdict(
        run=run, elements=elements, verdict=Verdict.MATCHES, registered=None, by=person.actor, at=MONDAY
    )


def profile_page(person: Person, run: Run) -> str:
    return inside(person).get(f"/enterprises/new/profile?run={run.pk}").content.decode()


def submitted(person: Person, run: Run) -> tuple[int, str]:
    answer = inside(person).post("/enterprises/new/profile", PROFILE | {"run": str(run.pk)})
    return answer.status_code, answer.content.decode()


def test_step_two_asks_the_registry_again_until_it_answers(service: Service, red_star_owner: Person) -> None:
    """Seen red: 请返回上一步, and the step before led straight back."""
    service.fault("market", "down")
    run = verified(red_star_owner)
    status, page = submitted(red_star_owner, run)
    assert (status, "请返回上一步" in page, "人工核验" in page) == (422, False, True)
    service.fault("market", "off")
    page = profile_page(red_star_owner, run)
    assert f'value="{uscc_of(1)}"' in page
    assert "已按市场监管部门登记的信息填好" in page
    assert submitted(red_star_owner, run)[0] == 302
    assert Enterprise.objects.get().uscc == uscc_of(1)
    assert Enterprise.objects.get().registered["name"] == "红星示例机械厂"


def test_sending_step_two_asks_again_too(service: Service, red_star_owner: Person) -> None:
    assert submitted(red_star_owner, verified(red_star_owner))[0] == 302


# -- the registry does not know the number at all --------------------------------------------------------------------


def opened(person: Person, run: Run) -> Case:
    return actions.open_case(run=run, reason="no_code", note="", licence=LICENCE, by=person.actor, at=timezone.now())


def decide(desk: Client, case: Case, **fields: str) -> tuple[int, str]:
    seen = queries.seen_of(queries.case(case.pk))
    answer = desk.post(f"/operator/desk/{case.pk}", {"seen": seen} | fields)
    return answer.status_code, answer.content.decode()


def test_two_operators_prove_the_code_that_stands_on_the_licence(
    service: Service, red_star_owner: Person, operator: Person, second_operator: Person
) -> None:
    """Seen red: after the approval step 2 refused every code, for ever."""
    run = verified(red_star_owner, NOWHERE)
    case = opened(red_star_owner, run)
    one, two = inside(operator), inside(second_operator)
    for typed in ("", "9" * 18):
        status, page = decide(one, case, uscc=typed)
        assert (status, "统一社会信用代码" in page, queries.case(case.pk).state) == (422, True, "new")
    assert decide(one, case, uscc=uscc_of(1).lower())[0] == 302
    assert uscc_of(1) in two.get(f"/operator/desk/{case.pk}").content.decode()
    assert decide(two, case)[0] == 302
    assert f'value="{uscc_of(1)}"' in profile_page(red_star_owner, run)
    assert submitted(red_star_owner, run)[0] == 302
    assert Enterprise.objects.get().uscc == uscc_of(1)


def test_the_second_operator_decides_on_the_code_that_the_first_one_typed(
    service: Service, red_star_owner: Person, operator: Person, second_operator: Person
) -> None:
    case = opened(red_star_owner, verified(red_star_owner, NOWHERE))
    decide(inside(operator), case, uscc=uscc_of(1))
    seen = queries.seen_of(queries.case(case.pk))
    Case.objects.update(uscc=uscc_of(2))
    answer = inside(second_operator).post(f"/operator/desk/{case.pk}", {"seen": seen})
    assert (answer.status_code, queries.case(case.pk).state) == (422, "first")


def test_a_code_that_the_registry_holds_otherwise_is_not_approved(
    service: Service, red_star_owner: Person, operator: Person, second_operator: Person
) -> None:
    case = opened(red_star_owner, verified(red_star_owner))
    decide(inside(operator), case, uscc=uscc_of(2))
    status, page = decide(inside(second_operator), case)
    assert (status, "与市场监管部门登记的不同" in page, queries.case(case.pk).state) == (422, True, "first")


def test_a_tax_number_that_is_a_code_needs_no_typing(
    service: Service, red_star_owner: Person, operator: Person, second_operator: Person
) -> None:
    case = opened(red_star_owner, verified(red_star_owner, replace(ELEMENTS, tax_number=uscc_of(1))))
    assert 'name="uscc"' not in inside(operator).get(f"/operator/desk/{case.pk}").content.decode()
    assert decide(inside(operator), case)[0] == 302
    assert decide(inside(second_operator), case)[0] == 302
    run = Run.objects.get()
    assert run.state == RunState.VERIFIED
