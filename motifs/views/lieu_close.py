from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from motifs.queries.lieu_list import coming_rdvs_at, current_plages_at
from motifs.services.lieu_edit import set_lieu_open
from motifs.views.lieu_edit import editable_lieu
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def lieu_close(request: Request, lieu_uuid: UUID) -> HttpResponse:
    lieu = editable_lieu(request, lieu_uuid)
    if request.method == "POST":
        return _set(request, lieu_uuid, is_open=False)
    context = {
        "organisation": lieu.organisation,
        "menu": "lieux",
        "lieu": lieu,
        "rdv_count": coming_rdvs_at(lieu, timezone.now()),
        "plage_count": current_plages_at(lieu, timezone.localdate()),
    }
    return render(request, "motifs/lieu_close.html", context)


@require_POST
def lieu_reopen(request: Request, lieu_uuid: UUID) -> HttpResponse:
    return _set(request, lieu_uuid, is_open=True)


def _set(request: Request, lieu_uuid: UUID, *, is_open: bool) -> HttpResponse:
    lieu = editable_lieu(request, lieu_uuid)
    try:
        set_lieu_open(lieu_id=lieu.pk, is_open=is_open, actor=request.actor, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        text = _("« %(name)s » est rouvert.") if is_open else _("« %(name)s » est fermé.")
        messages.success(request, text % {"name": lieu.name})
    return redirect("motifs:lieu_list", lieu.organisation.uuid)
