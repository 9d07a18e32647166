"""The logo of a brand: shown to everybody, changed in « Espace admin » by who owns the brand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.forms.brand_logo import BrandLogoForm
from agents.permissions import Permission
from agents.queries.brand import logo_content, logo_of, owned_brands
from agents.services.brand_logo_edit import remove_brand_logo, write_brand_logo
from agents.views.territoire_page import territoire_page
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from agents.models import Brand, Territoire
    from rdv.common.http import Request


@login_not_required
@require_safe
def brand_logo(request: Request, brand_uuid: UUID, digest: str) -> HttpResponse:  # noqa: ARG001
    """Answer the picture; its address changes with it, browsers keep it."""
    content = logo_content(brand_uuid, digest)
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type="image/png")
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = "inline; filename=logo.png"
    return answer


@require_http_methods(["GET", "POST"])
def brand_logo_edit(request: Request, territoire_uuid: UUID, brand_uuid: UUID) -> HttpResponse:
    territoire, brand = _owned(request, territoire_uuid, brand_uuid)
    logo = logo_of(brand)
    posted = request.method == "POST"
    form = BrandLogoForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={"alt_text": logo.alt_text if logo else brand.name},
    )

    def save() -> None:
        write_brand_logo(
            territoire_id=territoire.pk,
            brand_id=brand.pk,
            picture=form.cleaned_data["file"],
            alt_text=form.cleaned_data["alt_text"],
            actor=request.actor,
            now=timezone.now(),
        )

    if posted and form.saves(save):
        messages.success(request, _("Le logo est enregistré. Il est en ligne dans la minute."))
        return redirect("agents:brand_logo_edit", territoire.uuid, brand.uuid)
    context = {
        "territoire": territoire,
        "menu": "legal",
        "brand": brand,
        "logo": logo,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "agents/brand_logo.html", context, status=status)


@require_POST
def brand_logo_remove(request: Request, territoire_uuid: UUID, brand_uuid: UUID) -> HttpResponse:
    territoire, brand = _owned(request, territoire_uuid, brand_uuid)
    try:
        remove_brand_logo(
            territoire_id=territoire.pk,
            brand_id=brand.pk,
            actor=request.actor,
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Le logo est retiré. Le nom reste seul, dans la minute."))
    return redirect("agents:brand_logo_edit", territoire.uuid, brand.uuid)


def _owned(request: Request, territoire_uuid: UUID, brand_uuid: UUID) -> tuple[Territoire, Brand]:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    brand = owned_brands(request.actor, territoire).filter(uuid=brand_uuid).first()
    if brand is None:
        raise Http404
    return territoire, brand
