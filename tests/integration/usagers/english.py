"""What is left in French on a page in English, outside of what organisations typed."""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup
from django.conf import settings

READ_ALOUD = ("title", "aria-label", "alt", "placeholder")
EXAMPLES = ("De la Tour",)  # of a name, beside a field
# Words that no English sentence holds, and that hardly any French one does without.
FRENCH = re.compile(
    r"\b(?:vous|votre|vos|nous|êtes|est|sont|avec|pour|une|des|les|du|de la|dans|sur|rendez-vous"
    r"|rdv|créneau|jusqu’à|à|janvier|lundi|mardi|prendre|voir|choisir|nom|prénom)\b",
    re.IGNORECASE,
)


def french_left(html: str, *names: str) -> list[str]:
    """Return the sentences in French that are not marked so.

    `names`, that organisations typed, are marked too where an element can be: not in the title of
    the window, nor in an attribute.
    """
    page = BeautifulSoup(html, "html.parser")
    assert page.html["lang"] == "en"
    for marked in page.find_all(["script", "style"]) + page.find_all(lang="fr"):
        marked.decompose()
    said = list(page.stripped_strings)
    unmarked = [text for text in page.body.stripped_strings if any(name in text for name in names)]
    for name in READ_ALOUD:
        said += [str(tag[name]) for tag in page.find_all(attrs={name: True})]
    known = (settings.SITE_NAME, *EXAMPLES, *names)
    return unmarked + [text for text in said if FRENCH.search(_without(text, *known))]


def _without(text: str, *names: str) -> str:
    for name in names:
        text = text.replace(name, "")
    return text


def assert_english(page: Any, *names: str, status: int = 200) -> Any:
    """Check a page that was got or posted, and return it."""
    assert page.status_code == status, page
    assert page.headers["Content-Language"] == "en"
    left = french_left(page.text, *names)
    assert not left, f"{page.request['PATH_INFO']}: {left}"
    return page
