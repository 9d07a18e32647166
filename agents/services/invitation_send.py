"""The mail of an invitation: each one carries a new link, the former one stops working (G02)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from agents.models import Invitation
from agents.permissions import Permission
from agents.policies import invitations_in
from agents.queries.invitation import places_of
from agents.rules.invitation import BETWEEN_MAILS, VALIDITY, digest_of
from agents.services.audit_write import record_change
from agents.services.staff_lock import StaffRefused
from notifications.messages.staff import announce_invitation

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from agents.models import Agent, Organisation
    from agents.permissions import Actor


def open_invitation(invitation: Invitation, *, now: datetime) -> str:
    """Fill the columns of a link made now; return its secret. Saves nothing."""
    token = secrets.token_urlsafe(32)
    invitation.digest = digest_of(token)
    invitation.sent_at, invitation.expires_at = now, now + VALIDITY
    return token


def send_invitation(invitation: Invitation, token: str, *, now: datetime) -> None:
    """Queue the mail. Replies go to who invited."""
    path = reverse("agents:invitation_accept", args=[token])
    inviter = invitation.invited_by
    announce_invitation(
        email=invitation.email,
        organisations=places_of(invitation),
        inviter=inviter,
        url=f"{settings.SITE_URL}{path}",
        key=invitation.digest,
        expires_at=invitation.expires_at,
        zone=invitation.territoire.zone,
        # Somebody who works elsewhere has a password already: the mail only tells them to join.
        is_known=not invitation.agent.is_invited,
        now=now,
    )


@transaction.atomic
def resend_invitation(
    *, invitation_id: int, organisation: Organisation, actor: Actor | None, now: datetime
) -> Invitation:
    """Send it again, for seven days more. Raises StaffRefused, also within two minutes."""
    rows = invitations_in(actor, Permission.AGENT_INVITE, organisation)
    invitation = _lock(rows.filter(pk=invitation_id))
    if invitation is None:
        raise StaffRefused(_("Cette invitation a été acceptée ou annulée."))
    if now - invitation.sent_at < BETWEEN_MAILS:
        raise StaffRefused(_("Cette invitation vient de partir. Attendez deux minutes."))
    send_again(invitation, now=now)
    record_change(
        action="invitation_resent",
        object_kind="invitation",
        object_uuid=invitation.uuid,
        organisation_id=organisation.pk,
        actor=actor,
        now=now,
    )
    return invitation


@transaction.atomic
def invite_again(*, agent_id: int, now: datetime) -> bool:
    """Answer who asks for a new password before having accepted: True, it was an invited agent.

    The invitation leaves again, expired or not; within two minutes of the last mail, nothing does.
    """
    rows = Invitation.objects.pending().filter(
        agent=agent_id, agent__account__email_is_proven=False, agent__deactivated_at=None
    )
    invitation = _lock(rows.order_by("joins_by_accepting", "-sent_at"))
    if invitation is None:
        return _is_invited(agent_id)
    if now - invitation.sent_at >= BETWEEN_MAILS:
        send_again(invitation, now=now)
    return True


def _is_invited(agent_id: int) -> bool:
    """An invited agent has no password to choose by another link than that of the invitation."""
    invited = Invitation.objects.filter(agent=agent_id, agent__account__email_is_proven=False)
    return invited.exists()


def _lock(rows: QuerySet[Invitation]) -> Invitation | None:
    locked = rows.select_for_update(of=("self",))
    return locked.select_related("agent__account", "territoire", "invited_by__account").first()


def send_again(invitation: Invitation, *, now: datetime) -> None:
    """Send a new link to an invitation that is held; the former link stops working."""
    token = open_invitation(invitation, now=now)
    invitation.save(update_fields=["digest", "sent_at", "expires_at"])
    send_invitation(invitation, token, now=now)


def has_expired(invitation: Invitation, now: datetime) -> bool:
    return now >= invitation.expires_at


def invitation_to(agent: Agent, territoire_id: int) -> Invitation | None:
    """Return the pending invitation of this agent to this territoire, held until the end."""
    return _lock(Invitation.objects.pending().filter(agent=agent, territoire=territoire_id))
