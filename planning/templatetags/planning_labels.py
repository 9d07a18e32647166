"""Words of the planning in templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planning.queries import agenda_rdv
from planning.queries.rdv_list import to_fill_in_count, to_fill_in_query
from planning.queries.schedule_words import replaced_words
from planning.queries.start_up import start_up_steps

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from notifications.models import OutboxMessage

register = template.Library()
for _reads in (
    agenda_rdv.rdv_title,
    agenda_rdv.seats_text,
    agenda_rdv.is_taken_online,
    agenda_rdv.is_arrived,
    agenda_rdv.prescribers,
    agenda_rdv.place_text,
    agenda_rdv.agents_text,
    agenda_rdv.initials,
    replaced_words,
):
    register.filter(_reads.__name__, _reads)


@register.inclusion_tag("planning/_to_fill_in.html", takes_context=True)
def to_fill_in_banner(context: Any, organisation: Organisation) -> dict[str, Any]:
    """Print how many past RDVs of the signed-in agent say nothing of what happened (E08)."""
    request = context["request"]
    return {
        "organisation": organisation,
        "to_fill_in": to_fill_in_count(request.actor, organisation, now=timezone.now()),
        "shortcuts": {"to_fill_in": to_fill_in_query(str(request.user.agent.uuid))},
        "is_here": "",
    }


@register.inclusion_tag("planning/_start_up.html", takes_context=True)
def start_up_checklist(context: Any, organisation: Organisation) -> dict[str, Any]:
    """Print what is left to do before the first RDV taken online, for an admin (G16)."""
    request = context["request"]
    uuid = request.user.agent.uuid
    steps = start_up_steps(request.actor, organisation, agent_uuid=uuid)
    return {
        "request": request,
        "organisation": organisation,
        "steps": steps,
        "done": sum(step.is_done for step in steps),
    }


# The pages of the steps, by their entry in the menu.
_START_UP_PAGES = frozenset({"organisation", "lieux", "motifs", "plages", "booking_link"})


@register.inclusion_tag("planning/_start_up_next.html", takes_context=True)
def start_up_next(context: Any, organisation: Organisation | None, menu: str) -> dict[str, Any]:
    """Print the next step of the checklist, on the pages that it leads to (G16)."""
    request = context["request"]
    agent = getattr(request.user, "agent", None)
    if organisation is None or agent is None or menu not in _START_UP_PAGES:
        return {"step": None}
    steps = start_up_steps(request.actor, organisation, agent_uuid=agent.uuid)
    left = [(number, step) for number, step in enumerate(steps, 1) if not step.is_done]
    number, step = left[0] if left else (0, None)
    return {
        "organisation": organisation,
        "step": step,
        "number": number,
        "total": len(steps),
        "is_here": step is not None and step.url == request.path,
    }


_TOPICS = {
    "rdv_created": _("Confirmation"),
    "rdv_changed": _("Changement"),
    "rdv_reminder": _("Rappel"),
    "rdv_cancelled": _("Annulation"),
    "rdv_removed": _("RDV retiré de l’agenda"),
    "participation_cancelled": _("Départ d’un participant"),
    "participation_added": _("Nouvelle participation"),
    "arrival": _("Usager arrivé"),
    "waiting_list_offer": _("Date plus proche"),
    "usager_reply": _("Réponse d’un usager"),
}


@register.filter
def message_topic(message: OutboxMessage) -> str:
    """Return what the message says, "" when we have no word for it."""
    return str(_TOPICS.get(message.kind.removesuffix("_agent"), ""))


@register.filter
def message_instant(message: OutboxMessage) -> datetime:
    """Return when the message left or was given up, else when it was written."""
    return message.sent_at or message.closed_at or message.created_at
