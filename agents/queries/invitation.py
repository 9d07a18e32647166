"""The invitation behind a link, or behind an address that a provider of identity proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.models import Invitation, Organisation
from agents.rules.invitation import Standing, digest_of, standing
from rdv.accounts.models import Kind

if TYPE_CHECKING:
    from datetime import datetime


def invitation_of_token(token: str) -> Invitation | None:
    """Return the invitation whose last mail carried this secret, whatever became of it."""
    rows = Invitation.objects.select_related("agent__account", "territoire", "invited_by__account")
    return rows.filter(digest=digest_of(token), agent__account__kind=Kind.AGENT).first()


def invitation_of_email(email: str, *, now: datetime) -> Invitation | None:
    """Return the invitation that an invited agent may accept without its link.

    For who proves the address by another way (ProConnect, decision 21): that by which their account
    was made. None for an agent who accepted already, or when it has expired.
    """
    rows = Invitation.objects.pending().filter(
        agent__account__kind=Kind.AGENT,
        agent__account__email=email.strip().lower(),
        agent__account__email_is_proven=False,
        joins_by_accepting=False,
        expires_at__gt=now,
    )
    return rows.select_related("agent__account", "territoire").order_by("pk").first()


def standing_of(invitation: Invitation, now: datetime) -> Standing:
    return standing(
        accepted_at=invitation.accepted_at,
        cancelled_at=invitation.cancelled_at,
        expires_at=invitation.expires_at,
        now=now,
    )


def places_of(invitation: Invitation) -> list[Organisation]:
    """Return where the invitation leads, in order of name."""
    rows = Organisation.objects.select_related("territoire__brand")
    rows = rows.filter(territoire=invitation.territoire_id, archived_at=None)
    if invitation.joins_by_accepting:
        return list(rows.filter(waiting_roles__invitation=invitation))
    return list(rows.filter(roles__agent=invitation.agent_id))
