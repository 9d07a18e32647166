"""What the pages of the fiches share: an agent, an organisation, a person that it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from agents.permissions import AgentActor, Permission
from agents.policies import organisations_for
from agents.services.audit_look import record_looks
from rdv.common.access import get_or_deny
from usagers.policies import fiches_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from agents.models import Organisation
    from rdv.common.http import Request
    from usagers.models import Usager


def open_organisation(
    request: Request, organisation_uuid: UUID, permission: Permission
) -> Organisation:
    """Return the organisation of the page, on the clock of its territoire; 404 to an usager."""
    if not isinstance(request.actor, AgentActor):
        raise Http404
    organisation = get_or_deny(
        lambda actor, wanted: organisations_for(actor, wanted).select_related("territoire"),
        request.actor,
        permission,
        uuid=organisation_uuid,
    )
    timezone.activate(organisation.territoire.zone)
    return organisation


def open_fiche(
    request: Request, organisation_uuid: UUID, usager_uuid: UUID, permission: Permission
) -> tuple[Organisation, Usager]:
    """Return both rows; a person whom the organisation does not know is not there (404)."""
    organisation = open_organisation(request, organisation_uuid, permission)
    usager: Usager = get_or_deny(
        lambda actor, wanted: fiches_of(actor, wanted, organisation).select_related(
            "responsable", "territoire", "account"
        ),
        request.actor,
        permission,
        uuid=usager_uuid,
    )
    return organisation, usager


def record_look_at(
    request: Request, organisation: Organisation, usager: Usager, now: datetime
) -> None:
    """Each fiche opened leaves a trace (I03), one an hour for one agent."""
    record_looks(
        action="usager_seen",
        object_kind="usager",
        object_uuid=usager.uuid,
        organisation_ids=[organisation.pk],
        actor=request.actor,
        now=now,
        with_own=True,
    )


def record_masked(request: Request, organisation: Organisation, now: datetime) -> None:
    """Showing masked people of other organisations leaves a trace too (I03)."""
    record_looks(
        action="usagers_searched_masked",
        object_kind="organisation",
        object_uuid=organisation.uuid,
        organisation_ids=[organisation.pk],
        actor=request.actor,
        now=now,
        with_own=True,
    )


def today_of(organisation: Organisation) -> date:
    return timezone.localdate(timezone=organisation.territoire.zone)


def row_of(rows: QuerySet[Usager], value: str | None) -> Usager | None:
    """Return the person of that uuid among `rows`, which the policies gave."""
    try:
        return rows.filter(uuid=UUID(value or "")).first()
    except ValueError:
        return None
