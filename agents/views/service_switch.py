from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agents.permissions import Permission
from agents.queries.service_switch import services_of
from agents.services.service_switch import ServiceInUse, switch_service
from agents.views.territoire_page import territoire_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Territoire
    from rdv.common.http import Request


@require_safe
def service_list(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    return _page(request, territoire, None)


@require_POST
def service_switch(request: Request, territoire_uuid: UUID, code: str) -> HttpResponse:
    """Activate (`active=1`) or deactivate one service."""
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    service = services_of(territoire).filter(code=code).first()
    if service is None:
        raise Http404
    is_active = request.POST.get("active") == "1"
    try:
        switch_service(
            territoire_id=territoire.pk,
            service=service,
            is_active=is_active,
            actor=request.actor,
            now=timezone.now(),
        )
    except ServiceInUse as refusal:
        return _page(request, territoire, refusal)
    told = _("« %(name)s » est activé.") if is_active else _("« %(name)s » n’est plus activé.")
    messages.success(request, told % {"name": service.name})
    return redirect("agents:service_list", territoire.uuid)


def _page(request: Request, territoire: Territoire, refusal: ServiceInUse | None) -> HttpResponse:
    context = {
        "territoire": territoire,
        "menu": "services",
        "services": services_of(territoire),
        "refusal": refusal,
    }
    return render(request, "agents/service_list.html", context, status=422 if refusal else 200)
