"""What the door tells of itself."""

from django.test import Client
from playwright.sync_api import Page, expect


def test_every_step_of_a_push_is_described(db: None):
    told = Client().get("/api/v1/openapi.json").json()
    asked = {(method, path) for path, methods in told["paths"].items() for method in methods}
    one = "/api/v1/deliveries/{push_id}"
    assert asked == {
        ("post", "/api/v1/deliveries"), ("get", one), ("put", one + "/parts/{number}"), ("post", one + "/complete"),
    }  # fmt: skip
    assert "HMAC-SHA256" in told["info"]["description"]


def test_the_page_for_readers_needs_nothing_from_elsewhere(site: str, page: Page):
    """The page fixture fails the test where the content security policy was violated."""
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2] if "//" in request.url else ""))
    page.goto(site + "/api/docs")
    expect(page.get_by_text("登记一个要传的文件")).to_be_visible()
    page.get_by_text("登记一个要传的文件").click()
    expect(page.get_by_text("Idempotency-Key").first).to_be_visible()
    assert hosts - {""} == {site.split("/")[2]}
