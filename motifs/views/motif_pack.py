from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from agents.models import OrganisationKind
from agents.permissions import Permission
from agents.policies import territoires_for
from motifs.forms.motif_pack import MotifPackForm
from motifs.queries.motif_pack import pack_lines
from motifs.rules.packs import PACKS
from motifs.services.motif_pack import take_pack
from motifs.views.organisation_page import organisation_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def motif_pack(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """Ready motifs, chosen one by one; `?genre=` shows the pack of another kind."""
    organisation = organisation_page(request, organisation_uuid, Permission.MOTIF_EDIT)
    kind = _kind(request, organisation)
    lines = pack_lines(organisation, kind)
    form = MotifPackForm(request.POST if request.method == "POST" else None, lines=lines)
    count = 0

    def save() -> None:
        nonlocal count
        made = take_pack(
            organisation_id=organisation.pk,
            kind=kind,
            keys=form.cleaned_data["keys"],
            actor=request.actor,
            now=timezone.now(),
        )
        count = len(made)

    if request.method == "POST" and form.saves(save):
        told = ngettext("%(count)s motif est créé.", "%(count)s motifs sont créés.", count)
        messages.success(request, told % {"count": count})
        return redirect("motifs:motif_list", organisation.uuid)
    context = {
        "organisation": organisation,
        "menu": "motifs",
        "form": form,
        "lines": lines,
        "ticked": set(form["keys"].value() or ()),
        "may_take_any": any(line.may_be_taken for line in lines),
        "misses_service": any(line.is_missing for line in lines),
        "runs_territoire": territoires_for(request.actor, Permission.TERRITOIRE_EDIT)
        .filter(pk=organisation.territoire_id)
        .exists(),
        "kind": kind,
        "kinds": [(value, label) for value, label in OrganisationKind.choices if PACKS[value]],
    }
    status = 422 if form.errors else 200
    return render(request, "motifs/motif_pack.html", context, status=status)


def _kind(request: Request, organisation: Organisation) -> str:
    asked = request.GET.get("genre", "")
    if PACKS.get(asked):
        return asked
    return organisation.kind if PACKS.get(organisation.kind) else OrganisationKind.MAIRIE
