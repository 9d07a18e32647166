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
    Entry("agents", _("Agents"), "agents:territoire_agent_list", Permission.TERRITOIRE_READ),
    Entry("motifs", _("Motifs"), "motifs:territoire_motifs", Permission.MOTIF_EDIT),
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
