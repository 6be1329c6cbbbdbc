"""Reading a person's own messages."""

from uuid import UUID

from django.db.models import QuerySet

from jinfuyun.notifications.content import Topic
from jinfuyun.notifications.models import Muted, Notice


def notices(user_id: UUID | str) -> QuerySet[Notice]:
    """All messages of one user, newest first."""
    return Notice.objects.filter(user_id=user_id).order_by("-id")


def unread_count(user_id: UUID | str) -> int:
    return Notice.objects.filter(user_id=user_id, read_at=None).count()


def muted(user_id: UUID | str) -> set[Topic]:
    """What this person does not want."""
    return {Topic(one) for one in Muted.objects.filter(user_id=user_id).values_list("topic", flat=True)}
