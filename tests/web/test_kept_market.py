"""The list of the market is kept as it was rendered, and never older than the market.

Seen red: with the mark left out of the key, with the nonce kept, and with cookies not looked at.
"""

import re
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext

from jinfuyun.products.models import Product
from jinfuyun.web.public.kept import KeptMarket
from tests import market

CARD = 'href="/products/MLYH001"'


@pytest.fixture
def site(db):
    """As a server runs it, but that the connection of the test is not closed after a request."""
    market.product()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield KeptMarket(get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def asked(site, path="/products", query="", **more):
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost", **more}
    setup_testing_defaults(environ)
    told = {}

    def start(status, headers, *_):
        told.update(dict(headers), status=status)

    body = b"".join(site(environ, start)).decode()
    return told, body


def queries_of(site, **more):
    with CaptureQueriesContext(connection) as found:
        asked(site, **more)
    return [one["sql"] for one in found]


def test_asked_again_it_is_the_same_page_with_a_nonce_of_its_own(site):
    (first, one), (second, other) = asked(site), asked(site)
    assert first["status"] == second["status"] == "200 OK"
    assert first.keys() == second.keys()
    nonces = [re.search(r"'nonce-([^']+)'", told["Content-Security-Policy"])[1] for told in (first, second)]
    assert nonces[0] != nonces[1]
    assert one.count(nonces[0]) == other.count(nonces[1]) >= 4
    assert one.replace(nonces[0], "") == other.replace(nonces[1], "")
    assert int(second["Content-Length"]) == len(other.encode())
    assert len(queries_of(site)) == 1


@pytest.mark.parametrize("change", [
    lambda: Product.objects.update(state="paused"),
    lambda: market.Institution.objects.update(state="suspended"),
])  # fmt: skip
def test_what_left_the_market_is_gone_at_once(site, change):
    assert CARD in asked(site)[1]
    assert CARD in asked(site)[1]
    change()
    assert CARD not in asked(site)[1]


def test_each_question_has_its_own_page(site):
    assert CARD in asked(site)[1]
    assert "没有符合条件的产品" in asked(site, query="q=nothing")[1]
    assert CARD in asked(site)[1]


@pytest.mark.parametrize("more", [
    {"HTTP_COOKIE": "session=somebody"}, {"REQUEST_METHOD": "HEAD"}, {"path": "/products/MLYH001"},
])  # fmt: skip
def test_whoever_is_somebody_and_whatever_else_is_asked_goes_on_to_the_site(site, more):
    asked(site)
    assert any("market_change" not in sql for sql in queries_of(site, **more))


def test_a_wrong_host_is_refused_though_the_page_is_kept(site):
    asked(site)
    assert asked(site, HTTP_HOST="elsewhere.example")[0]["status"].startswith("400")
