from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from agents.policies import invitations_in
from planning.services.invitation_cancel import cancel_invitation
from planning.views.agent_space import open_organisation
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def invitation_cancel(
    request: Request, organisation_uuid: UUID, invitation_uuid: UUID
) -> HttpResponse:
    organisation = open_organisation(request, organisation_uuid, Permission.AGENT_INVITE)
    invitation = get_or_deny(
        lambda actor, permission: invitations_in(actor, permission, organisation),
        request.actor,
        Permission.AGENT_INVITE,
        uuid=invitation_uuid,
    )
    if request.method == "POST":
        try:
            cancel_invitation(
                invitation_id=invitation.pk,
                organisation=organisation,
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request,
                _("L’invitation de %(email)s est annulée.") % {"email": invitation.email},
            )
        return redirect("agents:agent_list", organisation.uuid)
    context = {"organisation": organisation, "menu": "agents", "invitation": invitation}
    return render(request, "planning/invitation_cancel.html", context)
