"""The market's list as it was rendered for somebody who is nobody yet, kept while the market stands as it is.

In front of Django: whoever brings no cookie gets the same page, but for the nonce. What is wrong with a request or a
database is Django's to say.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db import Error

from jinfuyun.products import queries

Environment = dict[str, Any]
Application = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]
PATH = "/products"
NONCE_BYTES = 18  # 24 characters, as django-csp's own: so the page keeps its length
NONCE = re.compile(r"'nonce-([^']{24})'")
PAGES_MAX = 300  # of some forty kilobytes each, in each process


class Page(NamedTuple):
    """Without its nonce, which stood between the parts."""

    headers: list[tuple[str, list[str]]]
    body: list[bytes]


class KeptMarket:
    """The site's own application with the list in front of it."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.pages: dict[tuple[str, ...], Page] = {}

    def __call__(self, environ: Environment, start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "GET" or environ.get("HTTP_COOKIE"):
            return self.application(environ, start)
        try:
            mark = queries.market_mark()
        except Error:
            return self.application(environ, start)
        names = ("QUERY_STRING", "HTTP_HOST", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO")
        key = (mark, *(environ.get(name, "") for name in names))
        page = self.pages.get(key)
        if page is None:
            return self._rendered(key, environ, start)
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        start("200 OK", [(name, nonce.join(parts)) for name, parts in page.headers])
        return [nonce.encode().join(page.body)]

    def _rendered(self, key: tuple[str, ...], environ: Environment, start: Callable[..., Any]) -> Iterable[bytes]:
        told: list[Any] = []

        def listen(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            told[:] = [status, headers]
            return start(status, headers, *more)

        answer = self.application(environ, listen)
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        status, headers = told
        found = NONCE.search(dict(headers).get("Content-Security-Policy", ""))
        if status == "200 OK" and found and "Set-Cookie" not in dict(headers):
            if len(self.pages) >= PAGES_MAX:
                self.pages.clear()
            nonce = found[1]
            self.pages[key] = Page([(name, value.split(nonce)) for name, value in headers], body.split(nonce.encode()))
        return [body]
