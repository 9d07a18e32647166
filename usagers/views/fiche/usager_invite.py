"""« Inviter »: a mail that leads the person to their own space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.permissions import Permission
from rdv.common.errors import DomainError
from usagers.services.usager_invite import invite_usager
from usagers.views.fiche.space import open_fiche

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_POST
def usager_invite(request: Request, organisation_uuid: UUID, usager_uuid: UUID) -> HttpResponse:
    organisation, usager = open_fiche(
        request, organisation_uuid, usager_uuid, Permission.USAGER_EDIT
    )
    try:
        invite_usager(
            usager_id=usager.pk,
            organisation=organisation,
            url=f"{settings.SITE_URL}{reverse('usagers:rdv_list')}",
            actor=request.actor,
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("Une invitation part à l’adresse %(email)s.") % {"email": usager.email}
        )
    return redirect("usagers:usager_detail", organisation.uuid, usager.uuid)
