"""Reading institutions."""

from collections.abc import Collection

from django.db.models import QuerySet

from jinfuyun.institutions.models import Institution
from jinfuyun.institutions.rules import State
from jinfuyun.kit.errors import NotFound


def institution(code: str) -> Institution:
    """By its code; raises NotFound."""
    found = Institution.objects.filter(code=code).first()
    if found is None:
        raise NotFound("没有这个机构。")
    return found


def names(codes: Collection[str]) -> dict[str, str]:
    """Name by code, of those that exist."""
    return dict(Institution.objects.filter(code__in=set(codes)).values_list("code", "name"))


def listed(*, state: str = "", words: str = "") -> QuerySet[Institution]:
    """For the operator's list, by reading of the name; `words` may be pinyin or initials."""
    found = Institution.objects.order_by("name_key")
    if state:
        found = found.filter(state=state)
    for word in words.lower().split()[:5]:
        found = found.filter(search_text__contains=word)
    return found


def in_review() -> QuerySet[Institution]:
    """What waits for a second operator, longest first."""
    return Institution.objects.filter(state=State.IN_REVIEW).order_by("state_at")
