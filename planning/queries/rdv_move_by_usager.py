"""Where and when somebody may move their RDV: créneaux of its motif and length (A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from agents.permissions import TokenActor, UsagerActor
from motifs.models import SectorisationLevel
from motifs.queries.motif_for_public import lieux_of_motifs
from motifs.queries.sectors import peers_of
from motifs.queries.suspension import suspension_of, suspension_text
from planning.models import AgentRdv, Participation, Rdv
from planning.queries.availability import (
    Audience,
    Search,
    distinct_starts,
    nearest_slots,
    next_slot,
)
from planning.rules.rdv_move_by_usager import refusal_to_move as refusal_by_rule
from rdv.common.timezones import local_day
from usagers.queries.referents import referents_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from agents.permissions import Actor
    from motifs.models import Lieu


def refusal_to_move(rdv: Rdv, *, actor: Actor | None, now: datetime) -> str | None:
    """Return why this person may not move `rdv` online, or None.

    Two statements, five for a motif de suivi.
    """
    motif, organisation = rdv.motif, rdv.organisation
    is_open = motif.is_open_online and organisation.archived_at is None
    refusal = refusal_by_rule(
        status=rdv.status,
        starts_at=rdv.starts_at,
        motif_allows=motif.is_movable_by_usager and is_open,
        is_collective=motif.is_collective,
        is_shared=_is_shared(rdv, actor),
        now=now,
    )
    if refusal is None and motif.is_follow_up and not referents_of(usagers_of(rdv)):
        return _("Plus aucun agent ne vous suit pour ce rendez-vous. Appelez le service.")
    if refusal is None and (suspension := suspension_of(motif, now=now)):
        return suspension_text(suspension)
    return refusal


def usagers_of(rdv: Rdv) -> list[int]:
    """Return the fiches of who comes."""
    active = Participation.objects.active().filter(rdv=rdv)
    return list(active.order_by("usager").values_list("usager", flat=True))


def _is_shared(rdv: Rdv, actor: Actor | None) -> bool:
    """Say whether an active participant is not of the family, or several agents receive."""
    active = list(
        Participation.objects.active()
        .filter(rdv=rdv)
        .values_list("usager", "usager__responsable", named=False)
    )
    if isinstance(actor, UsagerActor):
        strangers = [row for row in active if row[0] not in actor.family_ids]
    elif isinstance(actor, TokenActor):
        strangers = [row for row in active if actor.usager_id not in row]
    else:
        strangers = active
    return bool(strangers) or not active or AgentRdv.objects.filter(rdv=rdv).count() != 1


def lieux_to_move_to(rdv: Rdv, *, now: datetime) -> list[Lieu]:
    """Return the lieux where the RDV may take place, its own one first; none without lieu."""
    if not rdv.motif.requires_lieu:
        return []
    today = local_day(now, rdv.organisation.territoire.zone)
    found = [lieu for _motif, lieu in lieux_of_motifs([rdv.motif], today=today)]
    return sorted(found, key=lambda lieu: (lieu.pk != rdv.lieu_id, lieu.name, lieu.pk))


def search_of(rdv: Rdv, *, now: datetime, visitor: str = "", lieu_id: int | None = None) -> Search:
    """Return the question: for who comes now, and the length stays that of the RDV."""
    return Search(
        motif_ids=frozenset({rdv.motif_id}),
        audience=Audience.USAGER,
        now=now,
        lieu_ids=frozenset({lieu_id}) if lieu_id else None,
        visitor=visitor,
        minutes=rdv.duration_minutes,
        moved_rdv=rdv.pk,
        usager_ids=frozenset(usagers_of(rdv)),
        agent_ids=_in_the_sector(rdv),
        sector_ids=None,
    )


def _in_the_sector(rdv: Rdv) -> frozenset[int] | None:
    """Return who may take the RDV over, None: anybody. Its sector was settled at booking."""
    if rdv.motif.sectorisation_level != SectorisationLevel.AGENT:
        return None
    agents = AgentRdv.objects.filter(rdv=rdv).values_list("agent_id", flat=True)
    return peers_of(rdv.motif, frozenset(agents))


def first_time(search: Search, from_day: date) -> datetime | None:
    """Return the soonest créneau from a civil day on."""
    found = next_slot(search, from_day)
    return found[0] if found else None


def times_between(search: Search, first: date, last: date) -> list[datetime]:
    """Return the créneaux of these civil days, both included, in order."""
    return distinct_starts(search, first, last)


def nearest_times(
    rdv: Rdv, starts_at: datetime, lieu_id: int | None, *, now: datetime, visitor: str = ""
) -> tuple[list[datetime], list[tuple[int, datetime]]]:
    """Return what to offer instead of `starts_at`: three créneaux there, three (lieu, créneau).

    Neither where the RDV is already nor what was just lost. A fortnight on each side.
    """
    search = search_of(rdv, now=now, visitor=visitor)
    without = [(lieu_id, starts_at), (rdv.lieu_id, rdv.starts_at)]
    here, elsewhere = nearest_slots(search, starts_at, lieu_id, without=without)
    away = [(lieu, at) for at, _agent, lieu, _plage in elsewhere if lieu is not None]
    return [slot[0] for slot in here], away
