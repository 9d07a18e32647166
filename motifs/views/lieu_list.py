from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from motifs.queries.lieu_list import lieux_of
from motifs.views.organisation_page import may, organisation_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def lieu_list(request: Request, organisation_uuid: UUID) -> HttpResponse:
    organisation = organisation_page(request, organisation_uuid, Permission.LIEU_READ)
    context = {
        "organisation": organisation,
        "menu": "lieux",
        "lieux": lieux_of(request.actor, organisation, today=timezone.localdate()),
        "may_edit": may(request, organisation, Permission.LIEU_EDIT),
    }
    return render(request, "motifs/lieu_list.html", context)
