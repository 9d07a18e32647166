"""An agent changes what they may change of themselves."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.permissions import AgentActor
from agents.queries.proconnect_link import is_linked_to_proconnect
from agents.services.audit_write import record_of_agent
from rdv.common.errors import DomainError
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor


class ProfileRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """Nobody to change."""


@dataclass(frozen=True)
class ProfileFields:
    first_name: str
    last_name: str
    phone_number: str = ""


@dataclass(frozen=True)
class PhoneFields:
    """What stays one's own to change when ProConnect gives the names."""

    phone_number: str = ""


@dataclass(frozen=True)
class PreferenceFields:
    """Values of RdvNotificationLevel, PlanningNotificationLevel and AgendaView."""

    rdv_notifications: str
    plage_notifications: str
    indisponibilite_notifications: str
    agenda_view: str
    shows_saturdays: bool
    shows_cancelled: bool


@dataclass(frozen=True)
class AgendaFields:
    """How agendas open for this agent; `agenda_view` is a value of AgendaView."""

    agenda_view: str
    shows_saturdays: bool
    shows_cancelled: bool


@transaction.atomic
def update_own_agent(
    *,
    fields: ProfileFields | PhoneFields | PreferenceFields | AgendaFields,
    actor: Actor | None,
    now: datetime,
) -> Agent:
    """Write `fields` on the actor's own row. Raises ProfileRefused or InvalidRow."""
    agent = None
    if isinstance(actor, AgentActor):
        rows = Agent.objects.active().select_for_update(of=("self",), no_key=True)
        agent = rows.filter(pk=actor.agent_id).first()
    if agent is None:
        raise ProfileRefused(_("Ce compte d’agent n’est plus actif."))
    if isinstance(fields, ProfileFields) and is_linked_to_proconnect(agent):
        raise ProfileRefused(_("Vos nom et prénom viennent de ProConnect."))
    changed = [name for name, value in asdict(fields).items() if getattr(agent, name) != value]
    for name in changed:
        setattr(agent, name, getattr(fields, name))
    save_checked(agent)
    if changed and isinstance(fields, ProfileFields | PhoneFields):  # how one's pages look is not
        detail = {"columns": changed}
        record_of_agent("profile_changed", agent, actor=actor, now=now, detail=detail)
    return agent
