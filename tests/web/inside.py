"""Being logged in without the login page, for tests of what lies behind it."""

from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from jinfuyun.accounts.models import SignIn
from tests.cast import Person


def inside(person: Person, *, uscc: str = "") -> Client:
    """A client logged in as this person, acting for the enterprise if one is named."""
    now = timezone.now()
    sign_in = SignIn.objects.create(
        user_id=person.user_id, started_at=now, seen_at=now, address="127.0.0.1", agent="test"
    )
    client = Client()
    session = client.session
    session["sign_in"] = str(sign_in.id)
    if uscc:
        session["uscc"] = uscc
    session.save()
    return client


def let_in(page: Page, site: str, person: Person, *, uscc: str = "") -> None:
    """The same for a browser."""
    cookie = inside(person, uscc=uscc).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
