"""« Arrivé », one click (decision 35)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.permissions import Permission
from planning.forms.rdv_status import ArrivalForm
from planning.services.participation_arrival import mark_arrival
from planning.views.agent_space import require_agent
from planning.views.participation_page import open_participation
from planning.views.rdv_detail import render_rdv
from planning.views.rdv_status import back
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_POST
def participation_arrival(request: Request, participation_uuid: UUID) -> HttpResponse:
    now = timezone.now()
    rdv, row = open_participation(request, Permission.RDV_EDIT, participation_uuid, now=now)
    form = ArrivalForm(request.POST)
    if not form.is_valid():
        return render_rdv(request, rdv, now=now, error=_("Cette arrivée ne se lit pas."))
    here = form.cleaned_data["here"]
    try:
        mark_arrival(
            participation_id=row.pk, has_arrived=here, actor=require_agent(request), now=now
        )
    except DomainError as refusal:
        return render_rdv(request, rdv, now=now, error=refusal.message)
    told = _("%(name)s est arrivé(e).") if here else _("L’arrivée de %(name)s est effacée.")
    messages.success(request, told % {"name": row.usager.full_name})
    return back(rdv, form.cleaned_data["next"])
