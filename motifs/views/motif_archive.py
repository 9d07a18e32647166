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
from motifs.queries.motif_list import coming_rdv_count
from motifs.services.motif_archive import archive_motif
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def motif_archive(request: Request, motif_uuid: UUID) -> HttpResponse:
    motif = get_or_deny(motifs_for, request.actor, Permission.MOTIF_EDIT, uuid=motif_uuid)
    if motif.archived_at:
        raise Http404
    if request.method == "POST":
        try:
            archive_motif(motif_id=motif.pk, actor=request.actor, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("Le motif « %(name)s » est archivé.") % {"name": motif.name}
            )
        return redirect("motifs:motif_list", motif.organisation.uuid)
    context = {
        "organisation": motif.organisation,
        "menu": "motifs",
        "motif": motif,
        "rdv_count": coming_rdv_count(motif, timezone.now()),
        "plage_count": motif.plages.count(),
    }
    return render(request, "motifs/motif_archive.html", context)
