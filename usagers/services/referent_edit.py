"""Name the agents who follow a person (référents), one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import AgentActor
from agents.services.audit_write import record_change
from usagers.models import Referent
from usagers.queries.referent_choices import nameable_agents
from usagers.services.usager_edit import lock_fiche
from usagers.services.usager_fields import UsagerRefused

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor
    from usagers.models import Usager


@transaction.atomic
def add_referent(
    *,
    usager_id: int,
    agent_id: int,
    organisation: Organisation,
    actor: Actor | None,
    now: datetime,
) -> Referent:
    """Name an agent whom `actor` sees, or oneself; naming them twice changes nothing.

    Raises UsagerRefused. The référents of a proche are those of the responsable.
    """
    usager = _lock(usager_id, agent_id, organisation, actor)
    referent, is_new = Referent.objects.get_or_create(usager=usager, agent_id=agent_id)
    if is_new:
        _record("referent_added", usager, agent_id, organisation=organisation, actor=actor, now=now)
    return referent


@transaction.atomic
def remove_referent(
    *,
    usager_id: int,
    agent_id: int,
    organisation: Organisation,
    actor: Actor | None,
    now: datetime,
) -> None:
    """End it, for an agent whom `actor` could name. Raises UsagerRefused."""
    usager = _lock(usager_id, agent_id, organisation, actor)
    deleted, _by_model = Referent.objects.filter(usager=usager, agent=agent_id).delete()
    if deleted:
        _record(
            "referent_removed", usager, agent_id, organisation=organisation, actor=actor, now=now
        )


def _lock(usager_id: int, agent_id: int, organisation: Organisation, actor: Actor | None) -> Usager:
    usager = lock_fiche(usager_id, organisation, actor)
    if usager.responsable_id is not None:
        raise UsagerRefused(_("Les référents d’un proche sont ceux de son responsable."))
    if not isinstance(actor, AgentActor) or (
        not nameable_agents(actor, organisation).filter(pk=agent_id).exists()
    ):
        raise UsagerRefused(_("Vous ne pouvez pas désigner cet agent."))
    return usager


def _record(
    action: str,
    usager: Usager,
    agent_id: int,
    *,
    organisation: Organisation,
    actor: Actor | None,
    now: datetime,
) -> None:
    record_change(
        action=action,
        object_kind="usager",
        object_uuid=usager.uuid,
        organisation_id=organisation.pk,
        actor=actor,
        now=now,
        detail={"agent": agent_id},
    )
