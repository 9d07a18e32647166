"""Hold a RDV, and the agendas whose time it takes, before changing it (docs/adr/0006).

Always in this order: fiches of usagers, agendas, then the RDV. A booking takes the same ones in the
same order, so that two acts never wait for each other.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import IntegrityError, OperationalError
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, ExclusionViolation, LockNotAvailable

from agents.permissions import AgentActor
from planning.models import AgentRdv, Rdv
from planning.policies import rdvs_for
from planning.queries.rdv_overlaps import overlaps_of
from planning.services.agenda_busy import AgendaBusy
from planning.services.agenda_lock import busy_message, limit_waiting, lock_agendas
from rdv.common.errors import DomainError, RetryLaterError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from agents.permissions import Actor, Permission


class RdvRefused(DomainError):  # noqa: N818 - refusals are named for what is refused
    """That may not be done to the RDV, or not by this person."""


def lock_rdv(
    rdv_id: int, *, actor: Actor, permission: Permission, agenda_ids: Iterable[int] | None = ()
) -> Rdv:
    """Return the RDV, held until the transaction ends, if the actor may touch it.

    `agenda_ids` are agendas to hold first, None those of the RDV. Raises RdvRefused.
    """
    limit_waiting()
    if agenda_ids is None:
        agenda_ids = agents_of(rdv_id)
    if agenda_ids:
        lock_agendas(agenda_ids)
    rows = rdvs_for(actor, permission) if isinstance(actor, AgentActor) else Rdv.objects.none()
    rdv = (
        rows.select_for_update(of=("self",))
        .select_related("motif", "lieu", "organisation__territoire")
        .filter(pk=rdv_id)
        .first()
    )
    if rdv is None:
        raise RdvRefused(_("Ce RDV n’existe plus, ou vous ne pouvez plus le modifier."))
    return rdv


def agents_of(rdv_id: int) -> frozenset[int]:
    """Return the keys of the agents of the RDV."""
    return frozenset(AgentRdv.objects.filter(rdv=rdv_id).values_list("agent", flat=True))


def busy_agents(
    rdv: Rdv,
    *,
    agent_ids: Collection[int],
    starts_at: datetime,
    ends_at: datetime,
    actor: Actor,
    accepts_overlap: bool,
) -> frozenset[int]:
    """Return the agents whose time is taken, once that is accepted. Raises AgendaBusy when not."""
    found = overlaps_of(
        agent_ids=agent_ids,
        starts_at=starts_at,
        ends_at=ends_at,
        actor=actor,
        excluded_rdv_id=rdv.pk,
    )
    if found and not accepts_overlap:
        zone = rdv.organisation.territoire.zone
        raise AgendaBusy(" ".join(overlap.text(zone) for overlap in found), found)
    return frozenset(overlap.agent.pk for overlap in found)


@contextmanager
def agenda_refusals() -> Iterator[None]:
    """Turn what PostgreSQL refuses into what the person may read; errors of ours pass."""
    try:
        yield
    except (IntegrityError, OperationalError) as error:
        if isinstance(error.__cause__, ExclusionViolation):
            raise AgendaBusy(_("Cet horaire vient d’être pris dans l’agenda.")) from error
        if isinstance(error.__cause__, DeadlockDetected | LockNotAvailable):
            raise RetryLaterError(busy_message()) from error
        raise
