"""How a RDV reads, in an agenda and elsewhere: title, seats, signs; from what was prefetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from motifs.models import LocationType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.models import Agent
    from planning.models import Rdv

# One character before the title; the words stand beside it, or in what a screen reader says.
PLACE_SIGNS: dict[str, str] = {
    LocationType.TELEPHONE: "☎",
    LocationType.DOMICILE: "⌂",
    LocationType.VISIO: "▣",
}


def title_of(title: str, *, motif: str, is_collective: bool, names: Iterable[str]) -> str:
    """Return the names of the usagers, or the title of a collective RDV."""
    return (title if is_collective else ", ".join(names)) or motif


def seats_words(taken: int, total: int | None) -> str:
    """Return "3/8", or "3 inscrits" without a limit."""
    if total:
        return f"{taken}/{total}"
    return _("%(count)s inscrits") % {"count": taken} if taken > 1 else f"{taken} {_('inscrit')}"


def rdv_title(rdv: Rdv) -> str:
    """Return the names of the usagers, or the title of a collective RDV."""
    names = (row.usager.full_name for row in rdv.participations.all())
    motif = rdv.motif
    return title_of(rdv.title, motif=motif.name, is_collective=motif.is_collective, names=names)


def seats_text(rdv: Rdv) -> str:
    """Return "3/8" of a collective RDV, "3 inscrits" without a limit, "" of another RDV."""
    if not rdv.motif.is_collective:
        return ""
    taken = sum(1 for row in rdv.participations.all() if not row.is_cancelled)
    return seats_words(taken, rdv.seats_total)


def is_taken_online(rdv: Rdv) -> bool:
    """Say whether an usager booked it."""
    return any(row.created_by_usager_id for row in rdv.participations.all())


def prescribers(rdv: Rdv) -> str:
    """Return who sent somebody, and how to reach them, "" when nobody did (B02, B04)."""
    found = []
    for row in rdv.participations.all():
        if row.prescripteur:
            address = "" if row.prescripteur.is_erased else f", {row.prescripteur.email}"
            found.append(f"{row.prescripteur}{address}")
        elif row.prescribed_from and row.created_by_agent:
            agent = row.created_by_agent
            found.append(f"{agent.full_name} ({row.prescribed_from.name}), {agent.email}")
    return " ; ".join(dict.fromkeys(found))


def is_arrived(rdv: Rdv) -> bool:
    """Say whether somebody is waiting at the desk."""
    return any(row.arrived_at and not row.is_cancelled for row in rdv.participations.all())


def place_text(rdv: Rdv) -> str:
    return str(rdv.lieu or rdv.motif.get_location_type_display())


def agents_text(rdv: Rdv) -> str:
    return ", ".join(row.agent.full_name for row in rdv.agent_rdvs.all())


def initials(agent: Agent) -> str:
    """Return "PD" for Paul DURAND; the first letter of the e-mail of who gave no name yet."""
    letters = (agent.first_name[:1] + agent.last_name[:1]).upper()
    return letters or agent.full_name[:1].upper()
