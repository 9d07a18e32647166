from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.embedding_sites import EmbeddingSitesForm
from agents.permissions import Permission
from agents.services.territoire_edit import EmbeddingSites, update_territoire
from agents.views.territoire_page import territoire_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def embedding_sites(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    form = EmbeddingSitesForm(
        request.POST if request.method == "POST" else None,
        initial={"embedding_domains": "\n".join(territoire.embedding_domains)},
    )

    def save() -> None:
        update_territoire(
            territoire_id=territoire.pk,
            fields=EmbeddingSites(**form.cleaned_data),
            actor=request.actor,
            now=timezone.now(),
        )

    if request.method == "POST" and form.saves(save):
        messages.success(request, _("Les sites autorisés sont enregistrés."))
        return redirect("agents:embedding_sites", territoire.uuid)
    context = {"form": form, "territoire": territoire, "menu": "embedding"}
    status = 422 if form.errors else 200
    return render(request, "agents/embedding_sites.html", context, status=status)
