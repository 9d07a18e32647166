"""How a RDV reads in an agenda: title, seats, signs; all from what was prefetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from motifs.models import LocationType

if TYPE_CHECKING:
    from agents.models import Agent
    from planning.models import Rdv

# One character before the title; the words stand beside it, or in what a screen reader says.
PLACE_SIGNS = {
    LocationType.TELEPHONE: "☎",
    LocationType.DOMICILE: "⌂",
    LocationType.VISIO: "▣",
}


def rdv_title(rdv: Rdv) -> str:
    """Return the names of the usagers, or the title of a collective RDV."""
    if rdv.motif.is_collective:
        return rdv.title or rdv.motif.name
    names = ", ".join(row.usager.full_name for row in rdv.participations.all())
    return names or rdv.motif.name


def seats_text(rdv: Rdv) -> str:
    """Return "3/8" of a collective RDV, "3 inscrits" without a limit, "" of another RDV."""
    if not rdv.motif.is_collective:
        return ""
    taken = sum(1 for row in rdv.participations.all() if not row.is_cancelled)
    if rdv.seats_total:
        return f"{taken}/{rdv.seats_total}"
    return _("%(count)s inscrits") % {"count": taken} if taken > 1 else f"{taken} {_('inscrit')}"


def is_taken_online(rdv: Rdv) -> bool:
    """Say whether an usager booked it."""
    return any(row.created_by_usager_id for row in rdv.participations.all())


def is_arrived(rdv: Rdv) -> bool:
    """Say whether somebody is waiting at the desk."""
    return any(row.arrived_at and not row.is_cancelled for row in rdv.participations.all())


def place_sign(rdv: Rdv) -> str:
    return PLACE_SIGNS.get(LocationType(rdv.motif.location_type), "")


def place_text(rdv: Rdv) -> str:
    return str(rdv.lieu or rdv.motif.get_location_type_display())


def agents_text(rdv: Rdv) -> str:
    return ", ".join(row.agent.full_name for row in rdv.agent_rdvs.all())


def initials(agent: Agent) -> str:
    """Return "PD" for Paul DURAND; the first letter of the e-mail of who gave no name yet."""
    letters = (agent.first_name[:1] + agent.last_name[:1]).upper()
    return letters or agent.full_name[:1].upper()
