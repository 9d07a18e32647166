"""What the pages about the staff have in common: the place, the person, what may be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from agents.permissions import AgentActor, Permission, Reach
from agents.policies import colleagues_in, organisations_for, staff_of_territoire_for
from agents.views.territoire_page import territoire_page
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from agents.models import Agent, Organisation, Territoire
    from agents.permissions import Actor
    from rdv.common.http import Request


def staff_organisation(
    request: Request, organisation_uuid: UUID, permission: Permission
) -> Organisation:
    """Return the organisation with its territoire, or 404 / 403."""
    organisation = get_or_deny(
        lambda actor, wanted: organisations_for(actor, wanted).select_related("territoire"),
        request.actor,
        permission,
        uuid=organisation_uuid,
    )
    timezone.activate(organisation.territoire.zone)
    return organisation


def staff_member(
    request: Request, organisation: Organisation, agent_uuid: UUID, permission: Permission
) -> Agent:
    """Return an agent of the organisation, or 404 / 403."""
    return get_or_deny(
        lambda actor, wanted: colleagues_in(actor, wanted, organisation).select_related("account"),
        request.actor,
        permission,
        uuid=agent_uuid,
    )


def territoire_member(
    request: Request, territoire_uuid: UUID, agent_uuid: UUID, permission: Permission
) -> tuple[Territoire, Agent]:
    """Return an agent of the territoire, for who holds `permission` on the whole of it."""
    territoire = territoire_page(request, territoire_uuid, permission)
    agent = get_or_deny(
        lambda actor, wanted: staff_of_territoire_for(actor, wanted, territoire).select_related(
            "account"
        ),
        request.actor,
        permission,
        uuid=agent_uuid,
    )
    return territoire, agent


def holds(
    actor: Actor | None, permission: Permission, organisations: Iterable[Organisation]
) -> set[int]:
    """Return the keys of the organisations where `actor` holds `permission`; no statement."""
    if not isinstance(actor, AgentActor):
        return set()
    everywhere = actor.territoires_with(permission)
    here = actor.organisations_with(permission, Reach.ORGANISATION)
    return {row.pk for row in organisations if row.pk in here or row.territoire_id in everywhere}
