"""Attach to the organisation somebody whom another one of the territoire knows (decision 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.permissions import Permission
from rdv.common.errors import DomainError
from usagers.policies import usagers_bookable
from usagers.services.usager_attach import attach_usager
from usagers.views.fiche.space import open_organisation, row_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_POST
def usager_attach(request: Request, organisation_uuid: UUID, usager_uuid: UUID) -> HttpResponse:
    organisation = open_organisation(request, organisation_uuid, Permission.USAGER_EDIT)
    usager = row_of(usagers_bookable(request.actor, organisation), str(usager_uuid))
    if usager is None:
        raise Http404
    try:
        attach_usager(
            usager_id=usager.pk,
            organisation=organisation,
            actor=request.actor,
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("usagers:usager_list", organisation.uuid)
    messages.success(
        request,
        _("%(name)s est maintenant connu(e) de votre organisation.") % {"name": usager.full_name},
    )
    return redirect("usagers:usager_detail", organisation.uuid, usager.uuid)
