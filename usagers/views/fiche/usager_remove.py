"""« Supprimer » a person: names who leaves, what is forgotten, and what forbids it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.queries.usager_removal import removal_of
from planning.services.usager_remove import remove_usager
from rdv.common.errors import DomainError
from rdv.common.numbers import number_of
from usagers.views.fiche.space import open_fiche

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def usager_remove(request: Request, organisation_uuid: UUID, usager_uuid: UUID) -> HttpResponse:
    organisation, usager = open_fiche(
        request, organisation_uuid, usager_uuid, Permission.USAGER_EDIT
    )
    if not usager.is_known:  # type: ignore[attr-defined]
        raise Http404
    now, refused = timezone.now(), ""
    if request.method == "POST":
        try:
            remove_usager(
                usager_id=usager.pk,
                organisation=organisation,
                accepts=number_of(request.POST.get("accepts", "")),
                actor=request.actor,
                now=now,
            )
        except DomainError as refusal:
            refused = refusal.message
        else:
            messages.success(
                request,
                _("%(name)s n’est plus dans votre organisation.") % {"name": usager.full_name},
            )
            return redirect("usagers:usager_list", organisation.uuid)
    context = {
        "organisation": organisation,
        "menu": "usagers",
        "usager": usager,
        "removal": removal_of(usager, organisation=organisation, now=now),
        "refused": refused,
    }
    status = 422 if refused else 200
    return render(request, "usagers/fiche/usager_remove.html", context, status=status)
