"""Every answer carries the headers: pages, errors, redirects, files.

Seen red: without the policy's middleware; without base-uri, frame-ancestors, form-action; with 'unsafe-inline'; with
framing by the same origin, another referrer policy, our own headers or no-store left out; without the check of tokens.
"""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from jinfuyun.kit import errors

REQUIRED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
POLICY = ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'")

RAISES: dict[str, Exception] = {
    "absent": errors.NotFound(),
    "forbidden": errors.NotAllowed(),
    "too-many": errors.TooMany("请一小时后再试。"),
    "unreachable": errors.Unreachable(),
    "odd": SuspiciousOperation("odd"),
    "broken": ZeroDivisionError("a defect"),
}


def fails(request: HttpRequest, how: str) -> HttpResponse:
    raise RAISES[how]


urlpatterns = [path("fails/<how>", fails), path("", include("jinfuyun.config.urls"))]
handler400 = "jinfuyun.web.public.errors.bad_request"
handler404 = "jinfuyun.web.public.errors.not_found"
handler500 = "jinfuyun.web.public.errors.broken"

pytestmark = pytest.mark.urls("tests.web.test_headers")

ANSWERS = (
    ("/agreement", 200),
    ("/no-such-page", 404),
    ("/fails/absent", 404),
    ("/fails/forbidden", 403),
    ("/fails/too-many", 429),
    ("/fails/unreachable", 503),
    ("/fails/odd", 400),
    ("/fails/broken", 500),
    ("/static/jinfuyun/theme.css", 200),
    ("/static/bootstrap/dist/js/bootstrap.bundle.min.js", 200),
    ("/static/no-such-file.css", 404),
)


@pytest.fixture
def client(db: None) -> Client:
    """`db`: closing an answer tidies whatever connection an earlier test left open."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("address", "status"), ANSWERS)
def test_every_answer_carries_the_headers(client: Client, address: str, status: int) -> None:
    answer = client.get(address)
    answer.close()
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in REQUIRED} == REQUIRED
    policy = answer.headers["Content-Security-Policy"]
    assert [part for part in POLICY if part not in policy] == []
    assert "unsafe" not in policy


def test_a_page_names_its_scripts_and_styles_by_a_nonce_that_changes(client: Client) -> None:
    """Seen red with the nonce taken out of script-src, and out of style-src."""
    policies = {client.get("/agreement").headers["Content-Security-Policy"] for _ in range(2)}
    assert len(policies) == 2
    for policy in policies:
        parts = {part.split()[0]: part for part in policy.split(";")}
        assert "'nonce-" in parts["script-src"] and "'nonce-" in parts["style-src"]


def test_pages_are_not_kept_and_files_are(client: Client) -> None:
    assert client.get("/agreement").headers["Cache-Control"] == "no-store, private"
    file = client.get("/static/jinfuyun/theme.css")
    file.close()
    assert "max-age" in file.headers["Cache-Control"]


def test_a_refusal_is_told_in_its_own_words(client: Client) -> None:
    answer = client.get("/fails/too-many")
    assert "请一小时后再试。" in answer.content.decode()
    assert answer.headers["Retry-After"] == "60"


def test_the_broken_page_needs_neither_templates_nor_database(client: Client) -> None:
    answer = client.get("/fails/broken")
    policy = answer.headers["Content-Security-Policy"]
    nonce = answer.content.decode().split('nonce="')[1].split('"')[0]
    assert nonce and f"'nonce-{nonce}'" in policy
    assert "系统出错了" in answer.content.decode()


def test_a_form_without_its_token_is_refused_with_a_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/agreement")
    assert answer.status_code == 403
    assert "本次提交没有受理" in answer.content.decode()
