"""Archive a motif: what is to come, and what to do with it (G07, G13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from motifs.policies import motifs_for
from planning.forms.closing import ClosingForm
from planning.queries.closing import coming_of
from planning.services.motif_close import ClosingUnasked, close_motif
from planning.views.agent_space import require_agent
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from motifs.models import Motif
    from planning.queries.closing import Coming
    from rdv.common.http import Request

PER_PAGE = 20


@require_http_methods(["GET", "POST"])
def motif_archive(request: Request, motif_uuid: UUID) -> HttpResponse:
    """A POST archives, then goes on to the RDVs to come when that is what was asked."""
    require_agent(request)
    motif = get_or_deny(motifs_for, request.actor, Permission.MOTIF_EDIT, uuid=motif_uuid)
    if motif.archived_at:
        raise Http404
    timezone.activate(motif.organisation.territoire.zone)
    coming = coming_of(motif, actor=request.actor, now=timezone.now())
    form = ClosingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (not coming.count or form.is_valid()):
        return _archive(request, motif, coming, form)
    context = {
        "organisation": motif.organisation,
        "menu": "motifs",
        "motif": motif,
        "form": form,
        "coming": coming,
        "page": Paginator(coming.shown, PER_PAGE).get_page(request.GET.get("page")),
        "plage_count": motif.plages.count(),
    }
    status = 422 if form.errors else 200
    return render(request, "planning/motif_archive.html", context, status=status)


def _archive(request: Request, motif: Motif, coming: Coming, form: ClosingForm) -> HttpResponse:
    is_asked = bool(coming.count)
    try:
        close_motif(motif_id=motif.pk, is_asked=is_asked, actor=request.actor, now=timezone.now())
    except ClosingUnasked as refusal:
        messages.warning(request, refusal.message)
        return redirect("planning:motif_archive", motif.uuid)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("motifs:motif_list", motif.organisation.uuid)
    messages.success(request, _("Le motif « %(name)s » est archivé.") % {"name": motif.name})
    if is_asked and form.changes_rdvs:
        messages.info(request, _("Choisissez maintenant ce que deviennent ses RDV à venir."))
        return redirect(coming.change_url)
    return redirect("motifs:motif_list", motif.organisation.uuid)
