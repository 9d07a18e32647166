"""The language that a citizen chose: a cookie of this browser (A11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def chosen_language(request: HttpRequest) -> str:
    """Return "fr" or "en" as chosen in this browser, "" when nothing was."""
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return language if language in dict(settings.LANGUAGES) else ""


def speak(request: HttpRequest, language: str) -> None:
    """Speak what is known of the reader, unless this browser chose: a link opened elsewhere.

    The pages that follow speak it too (`keep_spoken`).
    """
    if not chosen_language(request) and language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.spoken_language = language  # type: ignore[attr-defined]


def keep_spoken(request: HttpRequest, response: HttpResponse) -> None:
    """Write the cookie that Django's own `set_language` would, when `speak` was heard."""
    language = getattr(request, "spoken_language", settings.LANGUAGE_CODE)
    if language != settings.LANGUAGE_CODE:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )


class Typed(str):
    """What an organisation typed, in French: pages of another language mark it (A11)."""

    __slots__ = ()
