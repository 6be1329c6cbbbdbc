"""What a guarded view may rely on; the guards put it there."""

from typing import Any

from django.http import HttpRequest

from jinfuyun.enterprises.queries import Profile
from jinfuyun.kit.actor import Actor


class Request(HttpRequest):
    """`uscc` and `enterprise` only behind `with_enterprise`."""

    user: Any  # accounts.User: guarded, never anonymous; its table is not for doors
    actor: Actor
    sign_in: Any  # accounts.SignIn
    uscc: str
    enterprise: Profile
