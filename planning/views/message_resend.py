"""Send a lost message again, from the page of its RDV (C04)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.permissions import Permission
from planning.queries.rdv_detail import rdvs_in_full
from planning.services.message_resend import resend_message
from planning.views.agent_space import open_rdv, require_agent
from planning.views.rdv_detail import render_rdv
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_POST
def message_resend(request: Request, rdv_uuid: UUID, message_uuid: UUID) -> HttpResponse:
    """Answer with the page of the RDV ("planning/rdv_detail.html") when it is refused."""
    now = timezone.now()
    rdv = open_rdv(request, rdvs_in_full, Permission.RDV_EDIT, rdv_uuid, now=now)
    try:
        resend_message(
            rdv_id=rdv.pk, message_uuid=message_uuid, actor=require_agent(request), now=now
        )
    except DomainError as refusal:
        return render_rdv(request, rdv, now=now, error=refusal.message)
    messages.success(request, _("Un nouveau message part maintenant, avec les données à jour."))
    return redirect("planning:rdv_detail", rdv.uuid)
