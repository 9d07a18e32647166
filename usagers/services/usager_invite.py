"""Tell a person that they can manage their RDVs themselves (F02, decision 20: no password)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.services.audit_write import record_change
from notifications.messages.invitation import announce_invitation
from usagers.rules.invitation import refusal_to_invite
from usagers.services.usager_edit import lock_fiche
from usagers.services.usager_fields import UsagerRefused

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor
    from usagers.models import Usager


@transaction.atomic
def invite_usager(
    *, usager_id: int, organisation: Organisation, url: str, actor: Actor | None, now: datetime
) -> Usager:
    """Queue the mail; once a day at most for one address. Raises UsagerRefused.

    `url` is the absolute address of the usagers' space. It holds no secret: whoever opens it proves
    the mailbox there, by a code (decision 20), so the mail may be forwarded or kept.
    """
    usager = lock_fiche(usager_id, organisation, actor)
    refusal = refusal_to_invite(
        email=usager.email,
        has_account=bool(usager.account_id),
        is_proche=bool(usager.responsable_id),
    )
    if refusal:
        raise UsagerRefused(refusal)
    if announce_invitation(usager, organisation=organisation, url=url, now=now) is None:
        raise UsagerRefused(_("Cette personne a déjà été invitée aujourd’hui."))
    record_change(
        action="usager_invited",
        object_kind="usager",
        object_uuid=usager.uuid,
        organisation_id=organisation.pk,
        actor=actor,
        now=now,
    )
    return usager
