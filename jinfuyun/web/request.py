"""What a guarded view may rely on; the guards put it there."""

from django.http import HttpRequest

from jinfuyun.accounts.models import User
from jinfuyun.enterprises.queries import Profile
from jinfuyun.kit.actor import Actor


class Request(HttpRequest):
    """`uscc` and `enterprise` only behind `with_enterprise`."""

    user: User  # guarded: never anonymous
    actor: Actor
    uscc: str
    enterprise: Profile
