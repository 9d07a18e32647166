"""« Synchronisation Webcal » in « Mon compte »: the secret address of one's calendar (D03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents.queries.webcal import webcal_key
from agents.services.webcal import close_webcal, open_webcal, renew_webcal
from agents.views.account import agent_actor_or_403

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request


@never_cache
@require_http_methods(["GET", "POST"])
def webcal(request: Request) -> HttpResponse:
    actor = agent_actor_or_403(request)
    if request.method == "POST":
        open_webcal(actor=actor, now=timezone.now())
        messages.success(request, _("L’adresse de votre calendrier est prête."))
        return redirect("agents:webcal")
    key = webcal_key(request.user.agent)
    url = f"{settings.SITE_URL}{reverse('planning:webcal_feed', args=[key])}" if key else ""
    context = {
        "organisation": None,
        "menu": "webcal",
        "url": url,
        "app_url": f"webcal://{url.partition('://')[2]}" if url else "",
    }
    return render(request, "agents/webcal.html", context)


@require_http_methods(["GET", "POST"])
def webcal_renew(request: Request) -> HttpResponse:
    """Ask, then change the address: the calendars that follow the old one stop."""
    actor = agent_actor_or_403(request)
    if request.method == "POST":
        renew_webcal(actor=actor, now=timezone.now())
        messages.success(request, _("Votre adresse est changée. L’ancienne ne fonctionne plus."))
        return redirect("agents:webcal")
    return _question(request, "agents/webcal_renew.html")


@require_http_methods(["GET", "POST"])
def webcal_remove(request: Request) -> HttpResponse:
    actor = agent_actor_or_403(request)
    if request.method == "POST":
        close_webcal(actor=actor, now=timezone.now())
        messages.success(request, _("La synchronisation est arrêtée."))
        return redirect("agents:webcal")
    return _question(request, "agents/webcal_remove.html")


def _question(request: Request, template: str) -> HttpResponse:
    if not request.user.agent.webcal_salt:
        return redirect("agents:webcal")
    return render(request, template, {"organisation": None, "menu": "webcal"})
