"""Reading a person's own messages."""

from uuid import UUID

from django.db.models import QuerySet

from jinfuyun.notifications.models import Notice


def notices(user_id: UUID | str) -> QuerySet[Notice]:
    """All messages of one user, newest first."""
    return Notice.objects.filter(user_id=user_id).order_by("-id")


def unread_count(user_id: UUID | str) -> int:
    return Notice.objects.filter(user_id=user_id, read_at=None).count()
