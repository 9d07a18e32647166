"""The menu of the agents: which pages this actor may open in this organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from agents.permissions import AgentActor, Permission, Reach

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from agents.models import Organisation
    from agents.permissions import Actor


@dataclass(frozen=True)
class Entry:
    """`key` is what a page gives as `menu`.

    `agent_in_url`, `territoire_in_url`: the page is that of one agent, of the whole territoire.
    `reach`: how far the permission must go for the page to open.
    """

    key: str
    label: str | _StrPromise
    url_name: str
    permission: Permission
    section: str | _StrPromise = ""
    agent_in_url: bool = False
    territoire_in_url: bool = False
    reach: Reach = Reach.OWN


@dataclass(frozen=True)
class Link:
    key: str
    label: str | _StrPromise
    url: str
    section: str | _StrPromise = ""


ENTRIES = (
    Entry("agenda", _("Agenda"), "planning:agenda", Permission.AGENDA_READ),
    Entry("slot_search", _("Trouver un RDV"), "planning:slot_search", Permission.RDV_CREATE),
    Entry(
        "plages",
        _("Plages d’ouverture"),
        "planning:plage_ouverture_list",
        Permission.PLAGE_READ,
        section=_("Planning"),
        agent_in_url=True,
    ),
    Entry(
        "indisponibilites",
        _("Indisponibilités"),
        "planning:indisponibilite_list",
        Permission.INDISPONIBILITE_READ,
        agent_in_url=True,
    ),
    Entry(
        "rdv_collectifs",
        _("RDV collectifs"),
        "planning:rdv_collectif_list",
        Permission.RDV_READ,
    ),
    Entry("usagers", _("Usagers"), "usagers:usager_list", Permission.USAGER_READ),
    Entry("rdv_list", _("Liste des RDV"), "planning:rdv_list", Permission.RDV_READ),
    Entry("rdv_bulk", _("Absence ou fermeture"), "planning:rdv_bulk", Permission.RDV_CANCEL),
    Entry(
        "reception",
        _("Accueil"),
        "planning:reception",
        Permission.RDV_EDIT,
        reach=Reach.ORGANISATION,
    ),
    Entry("stats", _("Statistiques"), "planning:stats_organisation", Permission.STATS_READ),
    Entry(
        "booking_link",
        _("Réservation en ligne"),
        "motifs:booking_link",
        Permission.BOOKING_LINK_READ,
        section=_("Organisation"),
    ),
    Entry("motifs", _("Motifs"), "motifs:motif_list", Permission.MOTIF_READ),
    Entry("lieux", _("Lieux"), "motifs:lieu_list", Permission.LIEU_READ),
    Entry(
        "agents",
        _("Agents"),
        "agents:agent_list",
        Permission.AGENT_INVITE,
        reach=Reach.ORGANISATION,
    ),
    Entry(
        "organisation",
        _("Coordonnées"),
        "agents:organisation_edit",
        Permission.ORGANISATION_EDIT,
    ),
    Entry("audit", _("Journal d’audit"), "planning:audit_list", Permission.AUDIT_READ),
    Entry(
        "espace_admin",
        _("Espace admin"),
        "agents:territoire_home",
        Permission.TERRITOIRE_READ,
        section=_("Territoire"),
        territoire_in_url=True,
    ),
    Entry(
        "equipes",
        _("Équipes"),
        "agents:equipe_list",
        Permission.TEAM_EDIT,
        territoire_in_url=True,
    ),
)


def agent_menu(actor: Actor | None, organisation: Organisation, agent_uuid: str) -> list[Link]:
    """Return the links that `actor` may follow; `agent_uuid` is their own."""
    if not isinstance(actor, AgentActor):
        return []
    links = []
    for entry in ENTRIES:
        if _granted(actor, entry, organisation):
            try:
                url = reverse(entry.url_name, args=_args(entry, organisation, agent_uuid))
            except NoReverseMatch:
                continue
            links.append(Link(entry.key, entry.label, url, entry.section))
    return links


def _granted(actor: AgentActor, entry: Entry, organisation: Organisation) -> bool:
    return organisation.pk in actor.organisations_with(
        entry.permission, entry.reach
    ) or organisation.territoire_id in actor.territoires_with(entry.permission)


def _args(entry: Entry, organisation: Organisation, agent_uuid: str) -> list[object]:
    if entry.territoire_in_url:
        return [organisation.territoire.uuid]
    return [organisation.uuid, agent_uuid] if entry.agent_in_url else [organisation.uuid]
