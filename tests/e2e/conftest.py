"""One Chromium per test process, its contexts serve again; console errors fail the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    sync_playwright,
)

from tests.clients import QuickClient
from tests.e2e import accessibility, chromium

REFUSALS = {403, 404, 409, 422}  # answers that a test may ask for
Opener = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "e2e":
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(autouse=True, scope="session")
def _files_are_fetched_once() -> Iterator[None]:
    """Let the browser keep the style sheets, as production's headers do: twenty files a page."""
    serve = StaticFilesHandler.serve

    def with_age(self: StaticFilesHandler, request: Any) -> Any:
        response = serve(self, request)
        response["Cache-Control"] = "public, max-age=3600, immutable"
        return response

    StaticFilesHandler.serve = with_age  # type: ignore[method-assign]
    yield
    StaticFilesHandler.serve = serve  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's synchronous interface keeps an event loop: Django must not be afraid of it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        path = chromium.find(playwright.chromium.executable_path)
        opened = playwright.chromium.launch(executable_path=path, args=chromium.ARGS)
        yield opened
        opened.close()


class Listener:
    """Collects what the browser complains about, except refusals, which are answers."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.refused: set[str] = set()

    def listen(self, page: Page) -> None:
        page.on("response", self.on_response)
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def on_response(self, response: Response) -> None:
        asked = response.request.resource_type in {"document", "xhr", "fetch"}
        if asked and response.status in REFUSALS:
            self.refused.add(response.url)

    def on_console(self, message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        if message.type != "error" or (url in self.refused and "status of 4" in message.text):
            return
        self.complaints.append(f"{url}: {message.text}")


def session_of(account: Any, url: str) -> Any:
    """Return the cookie of a new session."""
    client = QuickClient()
    client.force_login(account)
    name = django_settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


class Visitors:
    """Contexts that serve again: a new one costs a second of processor time, before any page."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.free: dict[bool, list[BrowserContext]] = {True: [], False: []}

    def take(self, *, javascript: bool) -> BrowserContext:
        if self.free[javascript]:
            return self.free[javascript].pop()
        context = self.browser.new_context(
            base_url=self.url,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(15_000)
        return context

    def give_back(self, context: BrowserContext, *, javascript: bool) -> None:
        """Forget what the visitor left: cookies, storage, rights, pages."""
        kept = context.pages[0] if context.pages else context.new_page()
        stored = {"origin": self.url, "storageTypes": "all"}
        context.new_cdp_session(kept).send("Storage.clearDataForOrigin", stored)
        context.clear_cookies()
        context.clear_permissions()
        for page in context.pages:
            page.close()
        self.free[javascript].append(context)


@pytest.fixture(scope="session")
def visitors(browser: Browser, live_server: Any) -> Visitors:
    return Visitors(browser, live_server.url)


@pytest.fixture
def open_page(visitors: Visitors, live_server: Any, settings: Any) -> Iterator[Opener]:
    """A new visitor: `open_page("/", width=375, javascript=False)`; each has its own cookies.

    `account` is signed in already: the form is for the test of the sign-in.
    """
    settings.SITE_URL = live_server.url
    listener = Listener()
    taken: list[tuple[BrowserContext, bool]] = []

    def opener(
        path: str | None = "/", *, account: Any = None, width: int = 1280, javascript: bool = True
    ) -> Page:
        context = visitors.take(javascript=javascript)
        taken.append((context, javascript))
        context.on("page", listener.listen)
        if account is not None:
            context.add_cookies([session_of(account, live_server.url)])
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        if path is not None:
            page.goto(path)
        return page

    yield opener
    for context, javascript in taken:
        context.remove_listener("page", listener.listen)
        visitors.give_back(context, javascript=javascript)
    assert not listener.complaints, "\n".join(listener.complaints)


@pytest.fixture
def check_axe() -> Callable[[Page], None]:
    """Fail with what axe finds on the page: light desktop, and all four with E2E_FULL=1."""

    def check(page: Page) -> None:
        found = accessibility.problems(page)
        assert not found, "\n".join(found)

    return check


@pytest.fixture
def cast(transactional_db: None) -> Any:
    """The small world of tests/cast.py, committed: the server reads it from its own thread."""
    from tests.cast import the_cast

    return the_cast()
