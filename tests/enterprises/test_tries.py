"""Five tries a day for one enterprise, under whichever of its numbers, from whichever account."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from jinfuyun.accounts.actions import send_code
from jinfuyun.accounts.models import Reservation
from jinfuyun.accounts.rules import CodePurpose
from jinfuyun.enterprises import actions
from jinfuyun.enterprises.rules import Elements, RunState, names_of
from jinfuyun.kit.errors import TooMany
from jinfuyun.notifications.models import Message
from tests.cast import MONDAY, Person, id_number_of, uscc_of
from tests.enterprises.conftest import OLD_NUMBER
from tests.sandbox.service import Service

WRONG = Elements(uscc_of(1), "不是他", "resident", id_number_of(1), "13800000001")


def tried(person: Person, number: str, at: datetime) -> bool:
    """One 身份核验 with a wrong name under that number; whether the tax department was asked."""
    Reservation.objects.filter(limit__startswith="sms").delete()  # another phone, another day: not the matter here
    send_code(phone=WRONG.phone, purpose=CodePurpose.TAX_ELEMENTS, session="s", ip="192.0.2.1", at=at)
    code = Message.objects.get(made_at=at).text.partition("验证码 ")[2][:6]
    run = actions.keep_draft(run=None, typed={}, by=person.actor, at=at)
    elements = replace(WRONG, tax_number=number)
    try:
        run = actions.check_elements(run=run, elements=elements, code=code, session="s", by=person.actor, at=at)
    except TooMany:
        return False
    assert run.state == RunState.DIFFERS
    return True


@pytest.mark.django_db
def test_the_code_and_the_old_number_of_an_enterprise_have_five_tries_together(
    service: Service, red_star_owner: Person, stranger: Person
) -> None:
    """Seen red with the typed number as the key: ten."""
    minutes = [MONDAY + timedelta(minutes=number) for number in range(8)]
    asked = [tried(red_star_owner, uscc_of(1), at) for at in minutes[:3]]
    asked += [tried(stranger, OLD_NUMBER, at) for at in minutes[3:6]]
    asked += [tried(stranger, uscc_of(1), at) for at in minutes[6:]]
    assert asked == [True] * 5 + [False] * 3
    assert tried(stranger, uscc_of(1), MONDAY + timedelta(days=1, minutes=9))


@pytest.mark.parametrize(
    ("number", "other", "are_one"),
    [
        (uscc_of(2), "350111" + uscc_of(2)[8:17], True),
        (uscc_of(2), "350111" + uscc_of(3)[8:17], False),
        (uscc_of(2), uscc_of(3), False),
        (OLD_NUMBER, "35011180010100102", False),
    ],
    ids=["the organisation code inside both", "another's", "two codes", "two old numbers"],
)
def test_while_the_registry_is_silent_the_numbers_themselves_tell(number: str, other: str, are_one: bool) -> None:
    assert bool(set(names_of(number, None)) & set(names_of(other, None))) is are_one
