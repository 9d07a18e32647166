"""What every request carries: an id, a live session, an actor."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.core.exceptions import SuspiciousOperation
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from agents.queries.actor import load_agent_actor
from rdv.accounts.models import Kind
from rdv.accounts.sessions import note_session
from rdv.common import request_context
from rdv.common.languages import chosen_language, keep_spoken
from rdv.common.rate_limits import TooManyAttempts
from rdv.common.typography import unbroken_page
from rdv.login.impersonation import signed
from usagers.queries.actor import load_usager_actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from agents.permissions import AgentActor, UsagerActor

    GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_context.current.set({"request_id": uuid.uuid4().hex})
        try:
            response = self.get_response(request)
            # Each view activates the zone of its territoire; the next request starts afresh.
            timezone.deactivate()
            response["X-Request-Id"] = (request_context.current.get() or {})["request_id"]
            return response
        finally:
            request_context.current.reset(token)


class NoCookieMiddleware:
    """Neither reads nor sets a cookie on the pages that a town's page frames (docs/adr/0019).

    Most browsers block them there; where they do not, nobody's session may answer in a frame.
    """

    PREFIX = "/integration/"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(self.PREFIX):
            return self.get_response(request)
        request.COOKIES = {}
        response = self.get_response(request)
        response.cookies.clear()
        return response


class SessionLimitMiddleware:
    """Ends sessions after an idle time and after a time in all, by kind (decision 34)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            idle_limit, total_limit = settings.SESSION_LIMITS[request.user.kind]
            now = int(time.time())
            began = request.session.setdefault("began_at", now)
            seen = request.session.get("seen_at", now)
            if now - seen > idle_limit or now - began > total_limit:
                logout(request)
            elif "X-Rdv-Background" in request.headers:
                pass  # a page that refreshes itself is not somebody at work
            elif now - seen >= 60 or "seen_at" not in request.session:  # noqa: PLR2004
                # Written once a minute at most: a session row is not rewritten by every request.
                request.session["seen_at"] = now
                _note(request)
        return self.get_response(request)


def _note(request: HttpRequest) -> None:
    """Keep the session in « Appareils connectés »: an agent's, the usagers have no such page."""
    key = request.session.session_key
    if request.user.kind == Kind.AGENT and key:  # type: ignore[union-attr]
        note_session(
            account=request.user,  # type: ignore[arg-type]
            session_key=key,
            user_agent=request.headers.get("User-Agent", ""),
            began=datetime.fromtimestamp(request.session["began_at"], UTC),
            now=timezone.now(),
        )


class UnreadableMiddleware:
    """Answers 400 to what cannot be read further on, before the session and the views read it.

    A NUL: PostgreSQL refuses the statement that holds one. In an address it is refused, and a
    quoted cookie that holds one is none of ours; in what is posted, forms refuse it beside its
    field, and give back what was typed. A character set: our pages post in UTF-8, and Django reads
    parts in any that Python has, « hex » too; it refuses the others for the ordinary forms.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "HTTP_COOKIE" in request.META:
            kept = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
            request.COOKIES = kept
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if request.content_type == "multipart/form-data" and charset.lower() != "utf-8":
            raise SuspiciousOperation
        words = (word for name, values in request.GET.lists() for word in (name, *values))
        if "\0" in request.path_info or any("\0" in word for word in words):
            raise SuspiciousOperation


class PublicLanguageMiddleware:
    """Speaks the language that a citizen chose, on the pages of the public only (A11).

    The agents' pages stay in French: what they write is.
    """

    PUBLIC = (
        "agents.views.legal_page",
        "rdv.views",
        "rdv.login.franceconnect",
        "planning.views.stats_public",
        "usagers.views.booking",
        "usagers.views.espace",
        "usagers.views.franceconnect",
        "usagers.views.prescription",
        "usagers.views.waiting_list",
    )
    # Pages of allauth share a module with those of the agents.
    PUBLIC_NAMES = ("account_usager_login", "account_logout")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            response = self.get_response(request)
            keep_spoken(request, response)
            response.headers.setdefault("Content-Language", translation.get_language())
            return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_: object
    ) -> None:
        chosen = chosen_language(request)
        name = getattr(request.resolver_match, "url_name", None)
        if chosen and (view.__module__.startswith(self.PUBLIC) or name in self.PUBLIC_NAMES):
            translation.activate(chosen)


class FrenchSpacesMiddleware:
    """Keeps « : » and « 13 h 30 » from being cut at the end of a line, on the pages in French."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        is_sent = response.streaming or "Content-Disposition" in response.headers
        if is_page and not is_sent and translation.get_language() == settings.LANGUAGE_CODE:
            response.content = unbroken_page(response.content.decode(response.charset))
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compresses the pages of who has no session yet: the first one on a slow phone.

    Length tells what a compressed page repeats (BREACH): where somebody is known, a page holds
    names beside words that another site may have chosen, so it goes as it is.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        is_known = settings.SESSION_COOKIE_NAME in request.COOKIES
        if is_known or response.streaming or not is_page:
            return response
        return super().process_response(request, response)


class TooManyMiddleware:
    """Answers the French 429 page when a limit against abuse stops a page as a whole (A12)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TooManyAttempts):
            return None
        return render(request, "429.html", status=429)


class ActorMiddleware:
    """Sets `request.actor`: an AgentActor, an UsagerActor or None. A closed account is let go."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and not request.user.is_authenticated:
            # The account was closed since they signed in: told once, on the page of the sign-in.
            logout(request)
            messages.warning(request, _("Ce compte n’est plus actif : vous êtes déconnecté."))
        request.actor = SimpleLazyObject(lambda: load_actor(request))  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            context = request_context.current.get()
            if context is not None:
                context["actor"] = f"{request.user.kind}:{request.user.pk}"
        return self.get_response(request)


def load_actor(request: HttpRequest) -> AgentActor | UsagerActor | None:
    """Return who is asking. An usager's sign-in never gives an agent (G08)."""
    user = request.user
    if not user.is_authenticated:
        return None
    if user.kind == Kind.AGENT:
        actor = load_agent_actor(account=user)
        return signed(actor, request) if actor else None
    if user.kind == Kind.USAGER:
        return load_usager_actor(account_id=user.pk)
    return None
