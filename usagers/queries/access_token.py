"""The link of a message, found by its secret or by the session that opened it (decision 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.permissions import TokenActor
from usagers.models import AccessToken
from usagers.rules.link_digest import link_digest

if TYPE_CHECKING:
    from datetime import datetime


def token_of_secret(secret: str, *, now: datetime) -> tuple[int, str] | None:
    """Return the key of a link that is still good and the language of its reader, or None."""
    tokens = AccessToken.objects.filter(digest=link_digest(secret), expires_at__gt=now)
    return tokens.values_list("pk", "recipient__language").first()


def is_open(token_id: int, *, now: datetime) -> bool:
    return AccessToken.objects.filter(pk=token_id, expires_at__gt=now).exists()


def load_token_actor(token_id: int, *, now: datetime) -> TokenActor | None:
    """Return the actor of a link whose letters were given, or None when the link is over."""
    token = (
        AccessToken.objects.select_related("recipient")
        .filter(pk=token_id, expires_at__gt=now)
        .first()
    )
    if token is None:
        return None
    return TokenActor(
        token_id=token.pk,
        participation_id=token.participation_id,
        usager_id=token.recipient_id,
        name=token.recipient.full_name,
    )
