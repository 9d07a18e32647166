"""The language that a citizen chose: a cookie of this browser (A11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

if TYPE_CHECKING:
    from django.http import HttpRequest


def chosen_language(request: HttpRequest) -> str:
    """Return "fr" or "en" as chosen in this browser, "" when nothing was."""
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return language if language in dict(settings.LANGUAGES) else ""


def speak(request: HttpRequest, language: str) -> None:
    """Speak what is known of the reader, unless this browser chose: a link opened elsewhere."""
    if not chosen_language(request) and language in dict(settings.LANGUAGES):
        translation.activate(language)
