"""« Catégories de motifs » of « Espace admin »: list, create, rename, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from motifs.forms.motif_category import MotifCategoryForm
from motifs.queries.motif_category import categories_of
from motifs.services.motif_category_edit import (
    create_category,
    delete_category,
    rename_category,
)
from motifs.views.territoire_page import territoire_page
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Territoire
    from motifs.models import MotifCategory
    from rdv.common.http import Request

MENU = "categories"


@require_http_methods(["GET", "POST"])
def motif_category_list(request: Request, territoire_uuid: UUID) -> HttpResponse:
    """The categories, and the form of a new one."""
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    form = MotifCategoryForm(request.POST if request.method == "POST" else None)

    def save() -> None:
        create_category(
            territoire_id=territoire.pk,
            name=form.cleaned_data["name"],
            actor=request.actor,
            now=timezone.now(),
        )

    if request.method == "POST" and form.saves(save):
        told = _("La catégorie « %(name)s » est créée.")
        messages.success(request, told % {"name": form.cleaned_data["name"]})
        return redirect("motifs:motif_category_list", territoire.uuid)
    context = {
        "territoire": territoire,
        "menu": MENU,
        "form": form,
        "categories": categories_of(request.actor, territoire),
    }
    status = 422 if form.errors else 200
    return render(request, "motifs/motif_category/list.html", context, status=status)


@require_http_methods(["GET", "POST"])
def motif_category_edit(request: Request, territoire_uuid: UUID, pk: int) -> HttpResponse:
    territoire, category = _category(request, territoire_uuid, pk)
    form = MotifCategoryForm(
        request.POST if request.method == "POST" else None, initial={"name": category.name}
    )

    def save() -> None:
        rename_category(
            category_id=category.pk,
            name=form.cleaned_data["name"],
            actor=request.actor,
            now=timezone.now(),
        )

    if request.method == "POST" and form.saves(save):
        messages.success(request, _("La catégorie est renommée."))
        return redirect("motifs:motif_category_list", territoire.uuid)
    context = {"territoire": territoire, "menu": MENU, "form": form, "category": category}
    status = 422 if form.errors else 200
    return render(request, "motifs/motif_category/edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
def motif_category_delete(request: Request, territoire_uuid: UUID, pk: int) -> HttpResponse:
    territoire, category = _category(request, territoire_uuid, pk)
    if request.method == "POST":
        try:
            delete_category(category_id=category.pk, actor=request.actor, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("La catégorie est supprimée. Ses motifs restent."))
        return redirect("motifs:motif_category_list", territoire.uuid)
    context = {"territoire": territoire, "menu": MENU, "category": category}
    return render(request, "motifs/motif_category/delete.html", context)


def _category(request: Request, territoire_uuid: UUID, pk: int) -> tuple[Territoire, MotifCategory]:
    """Return both rows; a category of another territoire is not there (404)."""
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    category = get_or_deny(
        lambda actor, _wanted: categories_of(actor, territoire),
        request.actor,
        Permission.TERRITOIRE_EDIT,
        pk=pk,
    )
    return territoire, category
