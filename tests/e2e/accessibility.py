"""axe on an open page: light theme at desktop width, and with E2E_FULL=1 the other three."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

DESKTOP, PHONE = 1280, 375
RUN_AXE = """async () => {
  const found = await axe.run(document, {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  });
  return found.violations.flatMap((violation) => violation.nodes.map((node) =>
    `${violation.id} (${violation.impact}): ${node.target.join(" ")} – ${violation.help}`));
}"""
SET_THEME = """(theme) => {
  document.documentElement.setAttribute("data-fr-scheme", theme);
  document.documentElement.setAttribute("data-fr-theme", theme);
}"""
# Two frames, so that transitions have begun; a spinner never ends, and is not waited for.
SETTLED = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const ends = document.getAnimations()
    .filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity)
    .map((animation) => animation.finished.catch(() => null));
  await Promise.race([Promise.all(ends), new Promise((done) => setTimeout(done, 1000))]);
}"""
TOO_WIDE = "(root) => root.scrollWidth > window.innerWidth ? root.scrollWidth : 0"


@dataclass(frozen=True)
class Variant:
    theme: str
    width: int


def variants() -> list[Variant]:
    if os.environ.get("E2E_FULL") == "1":
        return [Variant(theme, width) for theme in ("light", "dark") for width in (DESKTOP, PHONE)]
    return [Variant("light", DESKTOP)]


@cache
def axe_source() -> str:
    path = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
    return path.read_text(encoding="utf-8") + "\n;0"


def sideways(page: Page) -> int:
    """Return how wide the page is when it scrolls sideways, else 0.

    Waits for the page: a click may just have left the former one, and the new one have no root.
    """
    page.wait_for_load_state("load")
    width: int = page.locator("html").evaluate(TOO_WIDE)
    return width


def problems(page: Page) -> list[str]:
    """Return what axe says about the page in each variant, and pages wider than the phone."""
    # A click may just have left the former page: its document is gone.
    page.wait_for_load_state("load")
    found = []
    before = page.viewport_size or {"width": DESKTOP, "height": 900}
    for variant in variants():
        page.set_viewport_size({"width": variant.width, "height": before["height"]})
        page.evaluate(SET_THEME, variant.theme)
        page.evaluate(SETTLED)  # colours change with a transition
        # evaluate, not a script tag: the content security policy does not stop it
        page.evaluate(axe_source())
        where = f"{page.url} [{variant.theme}, {variant.width} px]"
        found += [f"{where} {line}" for line in page.evaluate(RUN_AXE)]
        if width := sideways(page):
            found.append(f"{where} scrolls sideways: {width} px wide")
    page.evaluate(SET_THEME, "light")
    page.set_viewport_size(before)
    return found
