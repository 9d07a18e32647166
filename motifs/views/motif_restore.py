from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from motifs.policies import motifs_for
from motifs.services.motif_archive import restore_motif
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def motif_restore(request: Request, motif_uuid: UUID) -> HttpResponse:
    """Say what comes back with the motif; a POST puts it back in use."""
    motif = get_or_deny(motifs_for, request.actor, Permission.MOTIF_EDIT, uuid=motif_uuid)
    if not motif.archived_at:
        raise Http404
    timezone.activate(motif.organisation.territoire.zone)
    refusal = None
    if request.method == "POST":
        try:
            restore_motif(motif_id=motif.pk, actor=request.actor, now=timezone.now())
        except DomainError as refused:
            refusal = refused
        else:
            text = _("Le motif « %(name)s » est remis en service.")
            messages.success(request, text % {"name": motif.name})
            return redirect("motifs:motif_list", motif.organisation.uuid)
    context = {
        "organisation": motif.organisation,
        "menu": "motifs",
        "motif": motif,
        "plage_count": motif.plages.count(),
        "refusal": refusal,
    }
    status = 422 if refusal else 200
    return render(request, "motifs/motif_restore.html", context, status=status)
