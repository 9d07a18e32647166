from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.permissions import Permission
from agents.policies import organisations_for
from agents.services.start_up_hide import hide_start_up
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_POST
def start_up_hide(request: Request, organisation_uuid: UUID) -> HttpResponse:
    organisation = get_or_deny(
        organisations_for, request.actor, Permission.ORGANISATION_EDIT, uuid=organisation_uuid
    )
    hide_start_up(organisation_id=organisation.pk, actor=request.actor, now=timezone.now())
    messages.success(request, _("La liste n’est plus affichée. Tout reste dans le menu."))
    return redirect("planning:agenda", organisation.uuid)
