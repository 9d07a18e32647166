"""What the session remembers of a link: which one, and until when its letters count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from usagers.queries.access_token import load_token_actor

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from agents.permissions import TokenActor

_TOKEN = "link_token"  # noqa: S105 - the name of an entry
_OPEN_UNTIL = "link_open_until"
OPEN_FOR_SECONDS = 30 * 60


def remember_token(request: HttpRequest, token_id: int) -> None:
    """Start anew with a link: letters given for another one open nothing here."""
    request.session[_TOKEN] = token_id
    request.session.pop(_OPEN_UNTIL, None)


def remembered_token(request: HttpRequest) -> int | None:
    token: int | None = request.session.get(_TOKEN)
    return token


def open_token(request: HttpRequest, *, now: datetime) -> None:
    """The letters were right: the page is open for 30 minutes, under a new session key."""
    request.session.cycle_key()
    request.session[_OPEN_UNTIL] = now.timestamp() + OPEN_FOR_SECONDS


def token_actor(request: HttpRequest, *, now: datetime) -> TokenActor | None:
    """Return the actor of the link, if its letters were given less than 30 minutes ago."""
    token_id = remembered_token(request)
    if token_id is None or request.session.get(_OPEN_UNTIL, 0) <= now.timestamp():
        return None
    return load_token_actor(token_id, now=now)
