"""The tools of the browser tests see what they must see; the first pages pass them."""

from __future__ import annotations

import pytest

from tests.e2e import accessibility, chromium
from tests.e2e.conftest import Listener


def test_an_error_in_the_console_is_a_complaint(browser):
    listener = Listener()
    page = browser.new_page()
    listener.listen(page)
    page.evaluate("console.error('planted')")
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('planted too') })")
    page.close()
    assert [complaint.split(": ", 1)[1] for complaint in listener.complaints] == [
        "planted",
        "planted too",
    ]


def test_axe_and_the_phone_width_see_planted_faults(browser, monkeypatch):
    monkeypatch.setenv("E2E_FULL", "1")
    page = browser.new_page()
    wide = "<div style='width: 600px; color: #777; background: #888'>Trop large et trop pâle</div>"
    page.set_content(f"<html lang='fr'><title>T</title><main><h1>T</h1>{wide}</main></html>")
    found = accessibility.problems(page)
    page.close()
    assert sum("color-contrast" in line for line in found) == 4
    assert sum("scrolls sideways: 6" in line for line in found) == 2


def test_a_machine_without_chromium_is_told_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(chromium, "NAMES", ("no-such-browser",))
    monkeypatch.setattr(chromium, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(chromium.os, "getuid", lambda: 1000)
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(chromium.ChromiumMissingError, match="apt-get install chromium"):
        chromium.find(str(tmp_path / "none"))


def test_a_script_that_is_no_browser_is_not_taken(tmp_path):
    fake = tmp_path / "chromium-browser"
    fake.write_text("#!/bin/sh\necho 'requires the chromium snap' >&2\nexit 1\n")
    fake.chmod(0o755)
    assert not chromium.works(str(fake))


def test_a_visitor_leaves_nothing_to_the_next(visitors, live_server):
    context = visitors.take(javascript=True)
    page = context.new_page()
    page.goto("/")
    page.evaluate("localStorage.setItem('left', '1'); document.cookie = 'left=1'")
    visitors.give_back(context, javascript=True)
    again = visitors.take(javascript=True)
    assert again is context
    page = again.new_page()
    page.goto("/")
    # DSFR writes its own key on each page.
    assert page.evaluate("localStorage.getItem('left')") is None
    assert page.evaluate("document.cookie.includes('left')") is False
    visitors.give_back(again, javascript=True)


@pytest.mark.parametrize("path", ["/", "/agents/connexion/", "/nulle-part/"])
def test_I02_a_page_open_to_all_is_accessible(open_page, check_axe, path):
    check_axe(open_page(path))


@pytest.mark.parametrize("path", ["/", "/agents/connexion/"])
def test_I02_a_page_open_to_all_works_without_javascript(open_page, path):
    page = open_page(path, width=375, javascript=False)
    assert page.locator("h1").is_visible()
