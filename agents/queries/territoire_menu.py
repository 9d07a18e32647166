"""The menu of « Espace admin »: the pages about a whole territoire that this actor may open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agents.permissions import AgentActor, Permission
from agents.queries.agent_menu import Entry, Link

if TYPE_CHECKING:
    from agents.models import Territoire
    from agents.permissions import Actor

ENTRIES = (
    Entry("home", _("Vue d’ensemble"), "agents:territoire_home", Permission.TERRITOIRE_READ),
    Entry("stats", _("Statistiques"), "planning:stats_territoire", Permission.STATS_READ),
    Entry(
        "organisations",
        _("Organisations"),
        "agents:organisation_admin_list",
        Permission.ORGANISATION_CREATE,
        section=_("Qui reçoit"),
    ),
    Entry("agents", _("Agents"), "agents:territoire_agent_list", Permission.TERRITOIRE_READ),
    Entry("equipes", _("Équipes"), "agents:equipe_list", Permission.TEAM_EDIT),
    Entry("sectors", _("Secteurs"), "agents:sector_list", Permission.TERRITOIRE_EDIT),
    Entry(
        "sector_test",
        _("Essayer une adresse"),
        "motifs:sector_test",
        Permission.TERRITOIRE_READ,
    ),
    Entry(
        "services",
        _("Services"),
        "agents:service_list",
        Permission.TERRITOIRE_EDIT,
        section=_("Pour quoi"),
    ),
    Entry("motifs", _("Motifs"), "motifs:territoire_motifs", Permission.MOTIF_EDIT),
    Entry(
        "categories",
        _("Catégories de motifs"),
        "motifs:motif_category_list",
        Permission.TERRITOIRE_EDIT,
    ),
    Entry(
        "fiches",
        _("Fiches usagers"),
        "agents:fiche_fields",
        Permission.TERRITOIRE_EDIT,
        section=_("Usagers"),
    ),
    Entry("data", _("Données personnelles"), "agents:data_contacts", Permission.TERRITOIRE_EDIT),
    Entry("sms", _("SMS"), "agents:sms_gateway_edit", Permission.TERRITOIRE_EDIT),
    Entry("embedding", _("Sites intégrés"), "agents:embedding_sites", Permission.TERRITOIRE_EDIT),
    Entry(
        "settings",
        _("Réglages"),
        "agents:territoire_settings",
        Permission.TERRITOIRE_EDIT,
        section=_("Territoire"),
    ),
    Entry("security", _("Sécurité"), "agents:territoire_security", Permission.TERRITOIRE_EDIT),
    Entry("legal", _("Pages légales"), "agents:legal_page_list", Permission.TERRITOIRE_EDIT),
    Entry("audit", _("Journal d’audit"), "planning:territoire_audit", Permission.AUDIT_READ),
)


def territoire_menu(actor: Actor | None, territoire: Territoire) -> list[Link]:
    """Return the links that `actor` may follow."""
    return [
        Link(entry.key, entry.label, reverse(entry.url_name, args=[territoire.uuid]), entry.section)
        for entry in ENTRIES
        if may_in_territoire(actor, territoire, entry.permission)
    ]


def may_in_territoire(actor: Actor | None, territoire: Territoire, permission: Permission) -> bool:
    """Say whether to show a link; the page behind it decides again. No statement."""
    return isinstance(actor, AgentActor) and territoire.pk in actor.territoires_with(permission)
