"""« Créer un client », for super-administrators only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from motifs.forms.client_create import ClientForm
from motifs.queries.preset_services import preset_services
from motifs.services.client_create import Client, ClientFields, create_client
from rdv.accounts.models import Kind

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def client_create(request: Request) -> HttpResponse:
    """One form, one transaction; the page then says what was made, and what to do."""
    if request.user.kind != Kind.SUPERADMIN:
        raise Http404
    form = ClientForm(
        request.POST if request.method == "POST" else None, services=preset_services()
    )
    made: list[Client] = []

    def save() -> None:
        made.append(
            create_client(
                fields=ClientFields(**form.cleaned_data),
                superadmin_id=request.user.pk,
                now=timezone.now(),
            )
        )

    if request.method == "POST" and form.saves(save):
        return render(request, "motifs/client_create/done.html", {"client": made[0]})
    status = 422 if form.errors else 200
    return render(request, "motifs/client_create/form.html", {"form": form}, status=status)
