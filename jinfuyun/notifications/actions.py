"""Saying something to somebody: written in the caller's transaction, sent after the commit or not at all."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from jinfuyun.audit import actions as audit
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.jobs import Job
from jinfuyun.notifications.content import MUTABLE, TOPIC_OF, Topic
from jinfuyun.notifications.models import Message, Muted, Notice, State
from jinfuyun.notifications.rules import SECRET, SIGNATURE, Template, text_of
from jinfuyun.notifications.senders import Sender
from jinfuyun.storage.fields import mark_of

MESSAGES_KEPT = timedelta(days=30)


@transaction.atomic(savepoint=False)
def notify(
    *,
    phone: str = "",
    user_id: UUID | str | None = None,
    template: Template,
    context: Mapping[str, object] | None = None,
    at: datetime,
    useless_at: datetime | None = None,
    withheld: bool = False,
) -> None:
    """Say `template` by short message to `phone`, inside the platform to `user_id`, or both.

    After `useless_at` the short message is not sent any more. A `withheld` one is written like any other and never
    sent, so that the time an answer takes tells nobody whether there was somebody to send it to.
    """
    text = text_of(template, context or {})
    user_id, phone = _wanted(TOPIC_OF[template], user_id, phone)
    if phone:
        message = Message.objects.create(
            template=template, phone=phone, text=SIGNATURE + text, made_at=at, useless_at=useless_at,
            state=State.WITHHELD if withheld else State.WAITING,
        )  # fmt: skip
        defer(Job.SEND_MESSAGE, message_id=str(message.id))
    if user_id:
        Notice.objects.create(user_id=user_id, template=template, text=text, made_at=at)


def _wanted(topic: Topic, user_id: UUID | str | None, phone: str) -> tuple[UUID | str | None, str]:
    """Whom of the two it still goes to. A person mutes for himself: his account, and his own phone."""
    if topic not in MUTABLE:
        return user_id, phone
    mark = mark_of("phone", phone) if phone else b""
    found = Muted.objects.filter(Q(user_id=user_id) | Q(phone_mark=mark), topic=topic)
    rows = [(str(one), bytes(kept)) for one, kept in found.values_list("user_id", "phone_mark")]
    not_here, not_there = str(user_id) in [one for one, _ in rows], mark in [kept for _, kept in rows]
    return None if not_here else user_id, "" if not_there else phone


@transaction.atomic
def mute(*, topics: Collection[Topic], phone: str, by: Actor, at: datetime) -> None:
    """These kinds and no others are muted from now on; what the law wants said stays. `phone`: the person's own."""
    kept = sorted(MUTABLE & set(topics))
    Muted.objects.filter(user_id=by.id).delete()
    Muted.objects.bulk_create(Muted(user_id=by.id, phone_mark=mark_of("phone", phone), topic=topic) for topic in kept)
    audit.record("account.messages_muted", subject=f"user:{by.id}", by=by, at=at, topics=kept)


@transaction.atomic
def follow_phone(*, user_id: UUID | str, phone: str) -> None:
    """What is muted is muted on the new phone, and on the old one no more; "": the account is gone."""
    muted = Muted.objects.filter(user_id=user_id)
    if phone:
        muted.update(phone_mark=mark_of("phone", phone))
    else:
        muted.delete()


def deliver(*, message_id: UUID | str, through: Sender, at: datetime) -> None:
    """Send one waiting message; raises Unreachable, and may be tried again as often as one likes.

    Not in a transaction: the gateway is remote. If the process dies between the gateway's answer and our mark, the
    second try carries the same request id.
    """
    message = Message.objects.filter(id=message_id, state=State.WAITING).first()
    if message is None:
        return
    if message.useless_at and message.useless_at <= at:
        _done(message, State.EXPIRED, at)
        return
    through.send(to=message.phone, text=message.text, request_id=str(message.id))
    _done(message, State.SENT, at)


def _done(message: Message, state: State, at: datetime) -> None:
    message.state, message.done_at = state, at
    if message.template in SECRET:
        message.text = ""
    message.save(update_fields=["state", "done_at", "text"])


@transaction.atomic
def forget_messages(*, by: Actor, at: datetime) -> None:
    """Once a day: short messages that are a month old, with the numbers they went to, are not kept."""
    forgotten, _ = Message.objects.filter(made_at__lt=at - MESSAGES_KEPT).delete()
    audit.record("notifications.forgot", subject="notifications", by=by, at=at, messages=forgotten)


@transaction.atomic
def mark_read(*, user_id: UUID | str, notice_ids: list[int], at: datetime) -> None:
    """Only the user's own ones are touched, and only those not read before."""
    Notice.objects.filter(user_id=user_id, id__in=notice_ids, read_at=None).update(read_at=at)
