from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.permissions import Permission
from agents.policies import invitations_in
from agents.services.invitation_send import resend_invitation
from agents.views.staff_page import staff_organisation
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_POST
def invitation_resend(
    request: Request, organisation_uuid: UUID, invitation_uuid: UUID
) -> HttpResponse:
    organisation = staff_organisation(request, organisation_uuid, Permission.AGENT_INVITE)
    invitation = get_or_deny(
        lambda actor, wanted: invitations_in(actor, wanted, organisation),
        request.actor,
        Permission.AGENT_INVITE,
        uuid=invitation_uuid,
    )
    try:
        resend_invitation(
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
            _("L’invitation est repartie à %(email)s. L’ancien lien ne marche plus.")
            % {"email": invitation.email},
        )
    return redirect("agents:agent_list", organisation.uuid)
