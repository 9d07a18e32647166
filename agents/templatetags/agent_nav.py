"""The agents' menus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from agents.queries.agent_menu import Link, agent_menu
from agents.queries.territoire_menu import territoire_menu

if TYPE_CHECKING:
    from agents.models import Organisation, Territoire

register = template.Library()

_ACCOUNT = (
    ("profile", _("Mon compte"), "agents:profile"),
    ("organisations", _("Vos organisations"), "agents:organisation_list"),
    ("exports", _("Vos exports"), "planning:export_list"),
)
# In the side menu of the account's own pages.
_ACCOUNT_PAGES = (
    _ACCOUNT[0],
    ("password", _("Mot de passe"), "account_change_password"),
    ("two_factor", _("Double authentification"), "mfa_index"),
    ("devices", _("Appareils connectés"), "account_devices"),
    ("preferences", _("Préférences"), "agents:preferences"),
    ("webcal", _("Synchronisation Webcal"), "agents:webcal"),
    ("stats", _("Vos statistiques"), "planning:stats_own"),
    *_ACCOUNT[1:],
)


@register.inclusion_tag("agents/_menu.html", takes_context=True, name="agent_menu")
def menu(context: Any, organisation: Organisation | str, active: str = "") -> dict[str, Any]:
    """Print the side menu; nothing but the account's pages when no organisation is at hand."""
    request = context["request"]
    entries: list[Link] = []
    if organisation:
        agent = request.user.agent
        entries = agent_menu(request.actor, organisation, str(agent.uuid))  # type: ignore[arg-type]
    return {"entries": entries or _links(_ACCOUNT_PAGES), "active": active}


@register.inclusion_tag("agents/_menu.html", takes_context=True, name="territoire_menu")
def menu_of_territoire(context: Any, territoire: Territoire, active: str = "") -> dict[str, Any]:
    """Print the side menu of « Espace admin »."""
    entries = territoire_menu(context["request"].actor, territoire)
    return {"entries": entries, "active": active}


@register.simple_tag(takes_context=True)
def account_name(context: Any) -> str:
    agent = context["request"].user.agent
    return agent.first_name or agent.full_name


@register.simple_tag
def account_links() -> list[Link]:
    return _links(_ACCOUNT)


def _links(pages: Any) -> list[Link]:
    links = []
    for key, label, name in pages:
        try:
            links.append(Link(key, label, reverse(name)))
        except NoReverseMatch:
            continue
    return links
