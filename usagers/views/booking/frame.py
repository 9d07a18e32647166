"""The journey in a frame of a town's own page, up to the créneau (A10, docs/adr/0019).

The same views and templates, without cookie and by GET alone: browsers keep third parties from
having any. Whatever asks who one is opens in a tab of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_exempt

from agents.queries.public_directory import public_organisation, public_territoire
from agents.rules.embedding import frame_origins
from rdv.common.rate_limits import TooManyAttempts
from usagers.views.booking.handover import handover_url
from usagers.views.booking.journey import Journey

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

LANGUAGE = "langue"
# What asks who one is: never in a frame.
_PERSONAL = ("prescripteur", "suivi")
_STEPS = ("search", "motif", "persons", "lieu", "workshop", "slot")


@dataclass(frozen=True)
class Frame:
    """What the layout needs: where the other language is, who may listen to the height."""

    language_url: str
    parents: str


class FrameJourney(Journey):
    """The steps lead to one another inside; the rest leads outside, to a new tab."""

    is_framed = True
    layout = "layouts/frame.html"

    @property
    def language(self) -> str:
        """Return the language that was chosen in the frame, "" for French."""
        spoken = translation.get_language() or settings.LANGUAGE_CODE
        return "" if spoken == settings.LANGUAGE_CODE else spoken

    def url(self, step: str, **changes: str) -> str:
        if step not in _STEPS:
            return handover_url(self, step, self.language, **changes)
        address = super().url(step, **changes)
        if not self.language:
            return address
        return f"{address}{'&' if '?' in address else '?'}{LANGUAGE}={self.language}"

    def _url_name(self, step: str) -> str:
        return f"usagers:frame_{step}"


def framed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the sites of the territoire's list, and no other, show this page of the journey."""

    def answer(request: HttpRequest, **entry: str) -> HttpResponse:
        try:
            return view(request, **entry)
        except TooManyAttempts:
            # Here and not in the middleware: the page must be allowed in the frame too.
            return render(request, "usagers/booking/frame_too_many.html", status=429)

    @wraps(view)
    def inner(request: HttpRequest, **entry: str) -> HttpResponse:
        parents = _parents(**entry)
        asked = request.GET.copy()
        for name in _PERSONAL:
            asked.pop(name, None)
        request.GET = asked  # type: ignore[assignment]
        _speak(request)
        request.frame = Frame(_language_url(request), " ".join(parents))  # type: ignore[attr-defined]
        request.journey_class = FrameJourney  # type: ignore[attr-defined]
        shown = csp_replace({"frame-ancestors": parents or [NONE]})(xframe_options_exempt(answer))
        return shown(request, **entry)  # type: ignore[return-value]

    return inner


def _parents(organisation_slug: str = "", territoire_slug: str = "") -> list[str]:
    """Return the origins that may show this entry: those of its own territoire."""
    organisation = public_organisation(organisation_slug) if organisation_slug else None
    territoire = organisation.territoire if organisation else public_territoire(territoire_slug)
    if territoire is None:
        raise Http404
    return frame_origins(territoire.embedding_domains, allows_local=settings.EMBEDDING_ALLOWS_LOCAL)


def _speak(request: HttpRequest) -> None:
    asked = request.GET.get(LANGUAGE, "")
    if asked in dict(settings.LANGUAGES):
        translation.activate(asked)


def _language_url(request: HttpRequest) -> str:
    """Return this page in the other language."""
    query = request.GET.copy()
    query.pop(LANGUAGE, None)
    if translation.get_language() == settings.LANGUAGE_CODE:
        query[LANGUAGE] = next(c for c, _ in settings.LANGUAGES if c != settings.LANGUAGE_CODE)
    return f"{request.path}?{query.urlencode()}" if query else request.path
