"""A message leaves after the commit or not at all, and once."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from jinfuyun.kit.errors import Unreachable
from jinfuyun.notifications import actions, queries, tasks
from jinfuyun.notifications.models import Message, Notice, State
from jinfuyun.notifications.rules import TEXTS, Template, text_of
from tests.cast import MONDAY
from tests.phones import Gateway

PHONE = "13800009999"
SOMEBODY, ANOTHER = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


def say(**more: object) -> Message:
    actions.notify(phone=PHONE, template=Template.CODE_LOGIN, context={"code": "123456"}, at=MONDAY, **more)
    return Message.objects.get()


def waiting_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send_message'")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_message_arrives_signed_and_its_code_is_not_kept(gateway: Gateway) -> None:
    message = say()
    tasks.send_message(message_id=str(message.id), at=MONDAY)
    assert gateway.code(PHONE) == "123456"
    assert gateway.texts[PHONE][0].startswith("【金服云】")
    message.refresh_from_db()
    assert (message.state, message.text) == (State.SENT, "")


@pytest.mark.django_db
def test_message_and_job_leave_with_the_business_that_failed() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        say()
        1 / 0
    assert not Message.objects.exists()
    assert waiting_jobs() == 0
    say()
    assert waiting_jobs() == 1


@pytest.mark.django_db
def test_a_gateway_that_fails_is_asked_again_with_the_same_request_id(gateway: Gateway) -> None:
    message = say()
    gateway.status = 503
    with pytest.raises(Unreachable):
        tasks.send_message(message_id=str(message.id), at=MONDAY)
    gateway.status = 200
    tasks.send_message(message_id=str(message.id), at=MONDAY)
    tasks.send_message(message_id=str(message.id), at=MONDAY)
    assert gateway.requests == [str(message.id)] * 2
    assert len(gateway.texts[PHONE]) == 1


@pytest.mark.django_db
def test_killed_between_the_gateway_s_answer_and_our_mark_it_is_still_one_message(gateway: Gateway) -> None:
    message = say()
    tasks.send_message(message_id=str(message.id), at=MONDAY)
    Message.objects.update(state=State.WAITING)
    Message.objects.get().save()
    tasks.send_message(message_id=str(message.id), at=MONDAY)
    assert len(gateway.texts[PHONE]) == 1


@pytest.mark.django_db
def test_nothing_listens_and_no_number_is_in_the_error(gateway: Gateway, settings: object) -> None:
    settings.SMS_URL = "http://127.0.0.1:9"
    with pytest.raises(Unreachable) as refusal:
        tasks.send_message(message_id=str(say().id), at=MONDAY)
    assert PHONE not in repr(refusal.value)


@pytest.mark.django_db
def test_a_code_that_is_over_is_not_sent_any_more(gateway: Gateway) -> None:
    message = say(useless_at=MONDAY + timedelta(minutes=5))
    tasks.send_message(message_id=str(message.id), at=MONDAY + timedelta(minutes=5))
    assert gateway.requests == []
    assert Message.objects.get().state == State.EXPIRED


@pytest.mark.django_db
def test_what_is_withheld_is_never_sent(gateway: Gateway) -> None:
    """Seen red with the state left out of the look-up in `deliver`."""
    tasks.send_message(message_id=str(say(withheld=True).id), at=MONDAY)
    assert gateway.requests == []


@pytest.mark.django_db
def test_a_person_finds_messages_inside_and_marks_only_the_own_ones_as_read() -> None:
    for user_id in (SOMEBODY, SOMEBODY, ANOTHER):
        actions.notify(user_id=user_id, template=Template.PASSWORD_CHANGED, at=MONDAY)
    assert queries.unread_count(SOMEBODY) == 2
    everything = list(Notice.objects.values_list("id", flat=True))
    actions.mark_read(user_id=SOMEBODY, notice_ids=everything, at=MONDAY)
    assert queries.unread_count(SOMEBODY) == 0
    assert queries.unread_count(ANOTHER) == 1
    assert not Message.objects.exists()


def test_every_template_has_a_text_and_a_text_with_holes_does_not_leave() -> None:
    assert set(TEXTS) == set(Template)
    with pytest.raises(KeyError):
        text_of(Template.CODE_LOGIN, {})
