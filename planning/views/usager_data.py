"""All that is held about one person: to download, or to erase on their request (I03)."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agents.permissions import Permission
from agents.services.audit_write import record_change
from agents.views.territoire_page import territoire_page
from planning.forms.usager_erase import UsagerEraseForm
from planning.queries.usager_data import as_json, data_of, erasure_of
from planning.services.usager_erase import erase_person
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError
from usagers.policies import usagers_for

if TYPE_CHECKING:
    from uuid import UUID

    from agents.models import Territoire
    from rdv.common.http import Request
    from usagers.models import Usager


@never_cache
@require_http_methods(["GET", "POST"])
def usager_data(request: Request, territoire_uuid: UUID, usager_uuid: UUID) -> HttpResponse:
    """Show what may be done; a POST erases."""
    territoire, usager = _open(request, territoire_uuid, usager_uuid)
    now = timezone.now()
    form = UsagerEraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erase_person(
                usager_id=usager.pk,
                accepts=form.cleaned_data["accepts"],
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                now=now,
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("La personne a été effacée."))
            return redirect("agents:territoire_home", territoire.uuid)
    context = {
        "territoire": territoire,
        "menu": "",
        "usager": usager,
        "erasure": erasure_of(usager, now=now),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "planning/usager_data.html", context, status=status)


@never_cache
@require_POST
def usager_data_download(
    request: Request, territoire_uuid: UUID, usager_uuid: UUID
) -> HttpResponse:
    """Answer with a zip of two files that say the same; audited."""
    territoire, usager = _open(request, territoire_uuid, usager_uuid)
    record_change(
        action="usager_data_downloaded",
        object_kind="usager",
        object_uuid=usager.uuid,
        organisation_id=None,
        territoire_id=territoire.pk,
        actor=request.actor,
        now=timezone.now(),
    )
    sections = data_of(usager)
    page = render_to_string(
        "planning/usager_data_file.html", {"sections": sections, "usager": usager}
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        text = json.dumps(as_json(sections), ensure_ascii=False, indent=2)
        files.writestr("donnees.json", text)
        files.writestr("donnees.html", page)
    response = HttpResponse(archive.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="donnees-personnelles.zip"'
    return response


def _open(request: Request, territoire_uuid: UUID, usager_uuid: UUID) -> tuple[Territoire, Usager]:
    territoire = territoire_page(request, territoire_uuid, Permission.USAGER_ERASE)
    usager: Usager = get_or_deny(
        lambda actor, wanted: (
            usagers_for(actor, wanted)
            .filter(territoire=territoire)
            .select_related("territoire", "account", "responsable")
        ),
        request.actor,
        Permission.USAGER_ERASE,
        uuid=usager_uuid,
    )
    return territoire, usager
