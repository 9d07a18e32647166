"""« Pages légales » of « Espace admin »: of the brands that the territoire owns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agents.forms.legal_page import LegalPageForm
from agents.models import LegalKind
from agents.permissions import Permission
from agents.queries.brand import legal_text, owned_brands
from agents.rules.light_markup import blocks_of
from agents.services.legal_page_edit import write_legal_page
from agents.views.territoire_page import territoire_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def legal_page_list(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    context = {
        "territoire": territoire,
        "menu": "legal",
        "brands": owned_brands(request.actor, territoire),
        "kinds": LegalKind.choices,
    }
    return render(request, "agents/legal_page_edit/list.html", context)


@require_http_methods(["GET", "POST"])
def legal_page_edit(
    request: Request, territoire_uuid: UUID, brand_uuid: UUID, kind: str
) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    brand = owned_brands(request.actor, territoire).filter(uuid=brand_uuid).first()
    if brand is None or kind not in LegalKind.values:
        raise Http404
    form = LegalPageForm(
        request.POST if request.method == "POST" else None,
        initial={"text": legal_text(brand, kind).text},
    )

    def save() -> None:
        write_legal_page(
            territoire_id=territoire.pk,
            brand_id=brand.pk,
            kind=kind,
            text=form.cleaned_data["text"],
            actor=request.actor,
            now=timezone.now(),
        )

    previews = request.POST.get("act") == "preview"
    if request.method == "POST" and not previews and form.saves(save):
        messages.success(request, _("La page est enregistrée. Elle est en ligne dans la minute."))
        return redirect("agents:legal_page_list", territoire.uuid)
    context = {
        "territoire": territoire,
        "menu": "legal",
        "brand": brand,
        "title": LegalKind(kind).label,
        "form": form,
        "blocks": blocks_of(form["text"].value() or "") if previews and form.is_valid() else [],
    }
    status = 422 if form.errors else 200
    return render(request, "agents/legal_page_edit/edit.html", context, status=status)
