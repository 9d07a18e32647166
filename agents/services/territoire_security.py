"""Require two factors of the admins of a territoire, or no more (G08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.permissions import AgentActor, Permission
from agents.policies import territoires_for
from agents.services.audit_write import record_change
from rdv.accounts.second_factor import has_second_factor
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Territoire
    from agents.permissions import Actor


class TerritoireSecurityRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """Not an admin any more, or without a second factor of one's own."""


@transaction.atomic
def set_two_factor_rule(
    *, territoire_id: int, is_required: bool, actor: Actor | None, now: datetime
) -> Territoire:
    """Write the rule. Raises TerritoireSecurityRefused.

    Who switches it on must have a second factor: else the first person shut out is them.
    """
    rows = territoires_for(actor, Permission.TERRITOIRE_EDIT).select_for_update(of=("self",))
    territoire = rows.filter(pk=territoire_id).first()
    if territoire is None or not isinstance(actor, AgentActor):
        raise TerritoireSecurityRefused(_("Vous ne pouvez plus régler ce territoire."))
    if is_required and not has_own_second_factor(actor):
        raise TerritoireSecurityRefused(
            _("Activez d’abord la double authentification pour votre propre compte.")
        )
    if territoire.requires_two_factor != is_required:
        territoire.requires_two_factor = is_required
        territoire.save(update_fields=["requires_two_factor"])
        record_change(
            action="territoire_security_edited",
            object_kind="territoire",
            object_uuid=territoire.uuid,
            organisation_id=None,
            territoire_id=territoire.pk,
            actor=actor,
            now=now,
            detail={"requires_two_factor": is_required},
        )
    return territoire


def has_own_second_factor(actor: AgentActor) -> bool:
    account_id = Agent.objects.values_list("account_id", flat=True).get(pk=actor.agent_id)
    return account_id is not None and has_second_factor(account_id)
