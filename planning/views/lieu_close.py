"""Close a lieu: what is to come there, and what to do with it (G10, G13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from motifs.models import Availability
from motifs.policies import editable_lieux_for
from planning.forms.closing import ClosingForm
from planning.queries.closing import coming_of, plage_lines, plages_at
from planning.services.lieu_close import close_lieu
from planning.services.motif_close import ClosingUnasked
from planning.views.agent_space import require_agent
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from motifs.models import Lieu
    from planning.queries.closing import Coming
    from rdv.common.http import Request

PER_PAGE = 20


@require_http_methods(["GET", "POST"])
def lieu_close(request: Request, lieu_uuid: UUID) -> HttpResponse:
    """A POST closes, then goes on to the RDVs to come when that is what was asked."""
    require_agent(request)
    lieu = get_or_deny(editable_lieux_for, request.actor, Permission.LIEU_EDIT, uuid=lieu_uuid)
    timezone.activate(lieu.organisation.territoire.zone)
    if lieu.availability == Availability.CLOSED:
        return redirect("motifs:lieu_list", lieu.organisation.uuid)
    coming = coming_of(lieu, actor=request.actor, now=timezone.now())
    form = ClosingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (not coming.count or form.is_valid()):
        return _close(request, lieu, coming, form)
    plages = plages_at(lieu, today=timezone.localdate())
    context = {
        "organisation": lieu.organisation,
        "menu": "lieux",
        "lieu": lieu,
        "form": form,
        "coming": coming,
        "page": Paginator(coming.shown, PER_PAGE).get_page(request.GET.get("page")),
        "plage_count": len(plages),
        "plages": plage_lines(plages),
    }
    status = 422 if form.errors else 200
    return render(request, "planning/lieu_close.html", context, status=status)


def _close(request: Request, lieu: Lieu, coming: Coming, form: ClosingForm) -> HttpResponse:
    is_asked = bool(coming.count)
    try:
        close_lieu(lieu_id=lieu.pk, is_asked=is_asked, actor=request.actor, now=timezone.now())
    except ClosingUnasked as refusal:
        messages.warning(request, refusal.message)
        return redirect("planning:lieu_close", lieu.uuid)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("motifs:lieu_list", lieu.organisation.uuid)
    messages.success(request, _("« %(name)s » est fermé.") % {"name": lieu.name})
    if is_asked and form.changes_rdvs:
        messages.info(request, _("Choisissez maintenant ce que deviennent ses RDV à venir."))
        return redirect(coming.change_url)
    return redirect("motifs:lieu_list", lieu.organisation.uuid)
