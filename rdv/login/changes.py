"""An agent is told of each change of their ways in, with the device that made it (G08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from agents.services.security_notice import tell_security_change
from rdv.accounts.sessions import device_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from notifications.messages.security import Change


def tell_change(request: HttpRequest, change: Change, *, account_id: int | None = None) -> None:
    """Queue the mail to who is signed in, or to `account_id`, in the transaction of the change."""
    tell_security_change(
        account_id=account_id or request.user.pk,  # type: ignore[arg-type]
        change=change,
        device=device_of(request.headers.get("User-Agent", "")),
        now=timezone.now(),
    )
