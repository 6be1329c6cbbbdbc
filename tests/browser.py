"""A real browser for tests: the site on a free port, pages at both widths, accessibility, screenshots.

    def test_it(site, page):                # `phone` is the same at 390 pixels
        page.goto(site + "/products")
        assert axe(page) == []
        shoot(page, "products")             # var/screens/products-1280.png

Every page also fails its test if the content security policy was violated or a script failed.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, sync_playwright

# Playwright's own event loop runs in the test's thread; Django would refuse the ORM beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ROOT = Path(__file__).resolve().parents[1]
SCREENS = ROOT / "var" / "screens"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# The first is there without the windows that nobody sees: a page costs a third less.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(committed_db: None) -> Iterator[str]:
    """The whole site as the server runs it; gives its address, without a slash at the end."""
    application = get_wsgi_application()
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet, allow_reuse_address=False)
    server.set_app(application)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def _running(loop: asyncio.AbstractEventLoop | None) -> Iterator[None]:
    """Playwright leaves its event loop marked as running in this thread; other tests need to run loops of their own."""
    before = asyncio._get_running_loop()
    asyncio._set_running_loop(loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(before)


@pytest.fixture(scope="session")
def chromium() -> Iterator[tuple[Browser, asyncio.AbstractEventLoop]]:
    """One browser for all tests, and the loop that it lives on."""
    with sync_playwright() as playwright:
        program = next(filter(None, map(shutil.which, CHROMIUMS)))
        started = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        loop = asyncio.get_running_loop()
        with _running(None):
            yield started, loop
        started.close()


@pytest.fixture
def browser(chromium: tuple[Browser, asyncio.AbstractEventLoop]) -> Iterator[Browser]:
    started, loop = chromium
    with _running(loop):
        yield started


def open_page(browser: Browser, size: dict[str, int], *, scripts: bool = True) -> Iterator[Page]:
    context = browser.new_context(
        viewport=size,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        java_script_enabled=scripts,
        has_touch=size is PHONE,
        device_scale_factor=2 if size is PHONE else 1,
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on(
        "console",
        lambda message: problems.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield page
    context.close()
    assert problems == [], "\n".join(problems)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    yield from open_page(browser, DESK)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    yield from open_page(browser, PHONE)


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """Without JavaScript."""
    yield from open_page(browser, DESK, scripts=False)


@pytest.fixture
def plain_phone(browser: Browser) -> Iterator[Page]:
    yield from open_page(browser, PHONE, scripts=False)


def axe(page: Page) -> list[str]:
    """What axe finds wrong on the page, one line each; empty is right."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        f"{one['id']}: {one['help']} — " + "; ".join(node["html"][:160] for node in one["nodes"]) for one in violations
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window: nobody should have to scroll sideways."""
    return int(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def shoot(page: Page, name: str) -> Path:
    """Save a picture of the whole page as var/screens/<name>-<width>.png."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    assert page.viewport_size is not None
    path = SCREENS / f"{name}-{page.viewport_size['width']}.png"
    page.screenshot(path=path, full_page=True)
    return path
