"""A super-administrator acts in the name of an agent, to help: for an hour, in the open (I03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.services.audit_write import record_change
from rdv.accounts.models import Account, Kind
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import datetime


SESSION_IMPERSONATION = "impersonation"  # [key of the agent, when it began]


class ImpersonationRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """Nobody works under that address, or who asks is no super-administrator."""


@transaction.atomic
def start_impersonation(*, email: str, reason: str, superadmin: Account, now: datetime) -> Agent:
    """Return the agent in whose name `superadmin` acts from now on; audited where they work."""
    rows = Agent.objects.active().filter(
        account__email=email.strip().lower(), account__is_active=True
    )
    agent = rows.select_related("account").first()
    if agent is None or superadmin.kind != Kind.SUPERADMIN:
        raise ImpersonationRefused(_("Aucun agent actif n’a cette adresse."))
    _audit("impersonation_started", agent, superadmin.pk, now, {"reason": reason.strip()})
    return agent


@transaction.atomic
def end_impersonation(*, agent_id: int, superadmin_id: int, now: datetime) -> None:
    agent = Agent.objects.filter(pk=agent_id).first()
    if agent is not None:
        _audit("impersonation_ended", agent, superadmin_id, now, {})


def impersonated(agent_id: int) -> Agent | None:
    """Return the agent while somebody may act in their name."""
    rows = Agent.objects.active().filter(pk=agent_id, account__is_active=True)
    return rows.select_related("account").first()


def _audit(
    action: str, agent: Agent, superadmin_id: int, now: datetime, detail: dict[str, str]
) -> None:
    """One entry for each organisation of the agent, or else territoire: its admins read it."""
    organisations = agent.roles.values_list("organisation", flat=True)
    territoires = agent.droits.values_list("territoire", flat=True)
    places: list[tuple[int | None, int | None]] = [(place, None) for place in organisations]
    places = places or [(None, place) for place in territoires] or [(None, None)]
    for organisation, territoire in places:
        record_change(
            action=action,
            object_kind="agent",
            object_uuid=agent.uuid,
            organisation_id=organisation,
            territoire_id=territoire,
            actor=None,
            now=now,
            superadmin_id=superadmin_id,
            detail=detail,
        )
