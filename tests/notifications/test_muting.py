"""A person mutes kinds of messages; what the law wants said is said all the same.

Seen red, each alone: `_wanted` left out, a required kind muted, the phone of somebody else muted with the account.
"""

import pytest

from jinfuyun.notifications import queries
from jinfuyun.notifications.actions import follow_phone, mute, notify
from jinfuyun.notifications.content import MUTABLE, TOPIC_OF, TOPICS, Topic
from jinfuyun.notifications.models import Message, Notice
from jinfuyun.notifications.rules import Template
from tests.cast import MONDAY
from tests.web.inside import inside

DUE = {"institution": "闽江银行", "number": "JJ1", "due": "2026-05-01"}
OVERDUE = {"institution": "闽江银行", "number": "JJ1", "since": "2026-03-01"}


def said(person, template=Template.LOAN_DUE_SOON, context=DUE, phone="") -> tuple[int, int]:
    """How many notices and short messages a further one makes."""
    before = Notice.objects.count(), Message.objects.count()
    notify(user_id=person.user_id, phone=phone or person.phone, template=template, context=context, at=MONDAY)
    return Notice.objects.count() - before[0], Message.objects.count() - before[1]


def test_what_a_person_mutes_reaches_neither_account_nor_own_phone(db, red_star_owner, stranger):
    assert said(red_star_owner) == (1, 1)
    mute(topics={Topic.RENEWAL}, phone=red_star_owner.phone, by=red_star_owner.actor, at=MONDAY)
    assert said(red_star_owner) == (0, 0)
    assert said(red_star_owner, phone=stranger.phone) == (0, 1)  # who answers for it may be somebody else
    assert said(stranger) == (1, 1)
    mute(topics=set(), phone=red_star_owner.phone, by=red_star_owner.actor, at=MONDAY)
    assert said(red_star_owner) == (1, 1)


def test_what_the_law_wants_said_cannot_be_muted(db, red_star_owner):
    mute(topics=set(Topic), phone=red_star_owner.phone, by=red_star_owner.actor, at=MONDAY)
    assert queries.muted(red_star_owner.user_id) == MUTABLE
    assert said(red_star_owner, Template.LOAN_OVERDUE, OVERDUE) == (1, 1)


def test_the_new_phone_is_muted_and_the_old_one_free(db, red_star_owner, stranger):
    mute(topics={Topic.RENEWAL}, phone=red_star_owner.phone, by=red_star_owner.actor, at=MONDAY)
    follow_phone(user_id=red_star_owner.user_id, phone="13800009999")
    assert said(stranger, phone="13800009999") == (1, 0) and said(stranger, phone=red_star_owner.phone) == (1, 1)


REQUIRED = (
    Template.CODE_LOGIN, Template.PHONE_CHANGED, Template.CONSENT_REVOKED, Template.REPORT_OPENED,
    Template.DISPUTE_ANSWERED, Template.REPORT_CORRECTED, Template.APPLICATION_REFUSED, Template.LOAN_OVERDUE,
)  # fmt: skip


def test_every_text_has_a_kind_and_the_needed_ones_say_why():
    assert set(TOPIC_OF) == set(Template) and set(TOPIC_OF.values()) == set(Topic)
    assert not {TOPIC_OF[one] for one in REQUIRED} & MUTABLE
    assert all(len(kind.why) > 10 for topic, kind in TOPICS.items() if topic not in MUTABLE)


@pytest.mark.parametrize(("who", "own"), [("red_star_owner", "renewal"), ("river_bank_officer", "desk")])
def test_the_page_shows_the_kinds_of_ones_own_and_keeps_the_choice(request, db, who, own):
    person = request.getfixturevalue(who)
    client = inside(person)
    page = client.get("/account/messages/topics").content.decode()
    assert f'id="topic_{own}"' in page and "不能关闭" in page
    assert ('id="topic_desk"' in page) == (own == "desk")
    client.post("/account/messages/topics", {"topic": ["demand", "progress"]})
    assert own in queries.muted(person.user_id) and "demand" not in queries.muted(person.user_id)
