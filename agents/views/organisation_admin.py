"""« Organisations » of « Espace admin »: list, create, archive, bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.forms.organisation_create import OrganisationCreateForm
from agents.permissions import Permission
from agents.policies import organisations_of_territoires_for
from agents.queries.organisation_admin import NAMED, coming_rdvs, organisations_in
from agents.services.organisation_archive import archive_organisation, restore_organisation
from agents.services.organisation_create import create_organisation
from agents.views.territoire_page import territoire_page
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation, Territoire
    from rdv.common.http import Request


@require_safe
def organisation_admin_list(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.ORGANISATION_CREATE)
    rows = list(organisations_in(request.actor, territoire))
    context = {
        "territoire": territoire,
        "menu": "organisations",
        "organisations": [row for row in rows if row.archived_at is None],
        "archived": [row for row in rows if row.archived_at is not None],
    }
    return render(request, "agents/organisation_admin/list.html", context)


@require_http_methods(["GET", "POST"])
def organisation_create(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.ORGANISATION_CREATE)
    form = OrganisationCreateForm(request.POST if request.method == "POST" else None)
    made: list[Organisation] = []

    def save() -> None:
        made.append(
            create_organisation(
                territoire_id=territoire.pk,
                actor=request.actor,
                now=timezone.now(),
                **form.cleaned_data,
            )
        )

    if request.method == "POST" and form.saves(save):
        told = _("« %(name)s » est créée, vous en êtes administrateur. Choisissez ses motifs.")
        messages.success(request, told % {"name": made[0].name})
        return redirect("motifs:motif_pack", made[0].uuid)
    context = {"territoire": territoire, "menu": "organisations", "form": form}
    status = 422 if form.errors else 200
    return render(request, "agents/organisation_admin/create.html", context, status=status)


@require_http_methods(["GET", "POST"])
def organisation_archive(
    request: Request, territoire_uuid: UUID, organisation_uuid: UUID
) -> HttpResponse:
    """Say what stands in the way, or archive."""
    territoire, organisation = _of_admin(request, territoire_uuid, organisation_uuid)
    now, refusal = timezone.now(), ""
    if request.method == "POST":
        try:
            archive_organisation(organisation_id=organisation.pk, actor=request.actor, now=now)
        except DomainError as error:
            refusal = error.message
        else:
            told = _("« %(name)s » est archivée.") % {"name": organisation.name}
            messages.success(request, told)
            return redirect("agents:organisation_admin_list", territoire.uuid)
    rdvs = coming_rdvs(organisation, now)
    context = {
        "territoire": territoire,
        "menu": "organisations",
        "archived": organisation,
        "refusal": refusal,
        "rdvs": rdvs[:NAMED],
        "rdv_count": rdvs.count(),
    }
    status = 422 if refusal else 200
    return render(request, "agents/organisation_admin/archive.html", context, status=status)


@require_POST
def organisation_restore(
    request: Request, territoire_uuid: UUID, organisation_uuid: UUID
) -> HttpResponse:
    territoire, organisation = _of_admin(request, territoire_uuid, organisation_uuid)
    restore_organisation(organisation_id=organisation.pk, actor=request.actor, now=timezone.now())
    messages.success(request, _("« %(name)s » est de retour.") % {"name": organisation.name})
    return redirect("agents:organisation_admin_list", territoire.uuid)


def _of_admin(
    request: Request, territoire_uuid: UUID, organisation_uuid: UUID
) -> tuple[Territoire, Organisation]:
    """Return both rows; an organisation of another territoire is not there (404)."""
    territoire = territoire_page(request, territoire_uuid, Permission.ORGANISATION_CREATE)
    organisation = get_or_deny(
        lambda actor, wanted: organisations_of_territoires_for(actor, wanted).filter(
            territoire=territoire
        ),
        request.actor,
        Permission.ORGANISATION_EDIT,
        uuid=organisation_uuid,
    )
    return territoire, organisation
