from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.services.equipe_edit import delete_equipe
from agents.views.equipe_edit import managed_equipe
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def equipe_delete(request: Request, territoire_uuid: UUID, equipe_uuid: UUID) -> HttpResponse:
    territoire, equipe = managed_equipe(request, territoire_uuid, equipe_uuid)
    if request.method == "POST":
        try:
            delete_equipe(equipe_id=equipe.pk, actor=request.actor, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("L’équipe « %(name)s » est supprimée.") % {"name": equipe.name}
            )
        return redirect("agents:equipe_list", territoire.uuid)
    context = {"territoire": territoire, "menu": "equipes", "equipe": equipe}
    return render(request, "agents/equipe_delete.html", context)
