"""« Exporter » on the list of RDVs: what, in which format; the filters are those of the list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from agents.policies import organisations_for
from planning.forms.export_request import ExportRequestForm
from planning.forms.rdv_filter import RdvFilterForm
from planning.models import ExportKind
from planning.queries.export_rows import count_rows
from planning.queries.rdv_filter_choices import filter_choices
from planning.services.export_request import ExportRefused, ask_export
from planning.views.agent_space import open_organisation
from rdv.common.access import get_or_deny
from usagers.policies import usagers_for

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from agents.models import Organisation
    from planning.queries.rdv_filter import RdvFilter
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def export_request(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """One organisation at a time, that of the URL (decision 33)."""
    organisation = open_organisation(request, organisation_uuid, Permission.ORGANISATION_READ)
    if not _exported(request).filter(pk=organisation.pk).exists():
        raise PermissionDenied
    now = timezone.now()
    choices = filter_choices(request.actor, organisation, request.GET.getlist("org"))
    filters = RdvFilterForm(request.GET, choices=choices, today=timezone.localdate(now))
    back = f"{reverse('planning:rdv_list', args=[organisation.uuid])}?{request.GET.urlencode()}"
    if not filters.is_valid():
        return redirect(back)
    usager = None
    if filters.usager_uuid:
        usager = get_or_deny(
            usagers_for, request.actor, Permission.USAGER_READ, uuid=filters.usager_uuid
        )
    wanted = filters.wanted(usager_id=usager.pk if usager else None)
    wanted = replace(wanted, organisations=(organisation,))
    counts = {kind: count_rows(kind, request.actor, wanted, now=now) for kind in ExportKind.values}
    form = ExportRequestForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _ask(request, form, wanted, counts, now):
        return redirect("planning:export_list")
    context = {
        "organisation": organisation,
        "menu": "rdv_list",
        "form": form,
        "counts": counts,
        "words": filters.words(),
        "usager": usager,
        "others": _others(request, organisation, choices.chosen),
        "query": request.GET.urlencode(),
        "back": back,
    }
    status = 422 if form.errors else 200
    return render(request, "planning/export_request.html", context, status=status)


def _exported(request: Request) -> QuerySet[Organisation]:
    return organisations_for(request.actor, Permission.EXPORT_CREATE)


def _ask(
    request: Request,
    form: ExportRequestForm,
    wanted: RdvFilter,
    counts: dict[str, int],
    now: datetime,
) -> bool:
    try:
        ask_export(
            uuid=form.cleaned_data["uuid"],
            kind=form.cleaned_data["kind"],
            file_format=form.cleaned_data["file_format"],
            wanted=wanted,
            rows=counts[form.cleaned_data["kind"]],
            actor=request.actor,
            now=now,
        )
    except ExportRefused as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(
        request, _("Votre export est demandé. Un e-mail vous prévient quand le fichier est prêt.")
    )
    return True


def _others(
    request: Request, organisation: Organisation, chosen: Iterable[Organisation]
) -> list[Organisation]:
    """Return the other organisations of the list that may be exported, each on its own."""
    keys = [row.pk for row in chosen if row.pk != organisation.pk]
    if not keys:
        return []
    return list(_exported(request).filter(pk__in=keys).order_by("name", "pk"))
