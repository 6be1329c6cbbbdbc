"""Putting a person's sign-in into a browser, for tests that are about what comes after it."""

from datetime import datetime

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from playwright.sync_api import Page

from jinfuyun.accounts.models import SignIn, User
from jinfuyun.web.guards import BACKEND
from tests.cast import Person


def sign_in(page: Page, site: str, person: Person, *, uscc: str = "", at: datetime | None = None) -> None:
    """The browser is this person's from now on, acting for `uscc` if given."""
    page.context.add_cookies([{"name": "session", "value": session_key(person, uscc=uscc, at=at), "url": site}])


def session_key(person: Person, *, uscc: str = "", at: datetime | None = None) -> str:
    """Of a session in which this person is signed in."""
    user, now = User.objects.get(pk=person.user_id), at or timezone.now()
    standing = SignIn.objects.create(user=user, started_at=now, seen_at=now, address="127.0.0.1")
    session = SessionStore()
    session.update(
        {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: user.get_session_auth_hash(),
         "name": "test", "sign_in": str(standing.pk)}
    )  # fmt: skip
    if uscc:
        session["uscc"] = uscc
    session.save()
    return str(session.session_key)
