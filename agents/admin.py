"""The technical administration: brands, their addresses and their legal pages (decision 36)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models import Brand, BrandHost, LegalPage, Territoire
from agents.services.audit_write import record_change
from rdv.accounts.models import Kind

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class TechnicalSite(admin.AdminSite):
    """Super-administrators only. Its sign-in is ours, which counts failures (G08)."""

    site_header = site_title = _("Administration technique")
    index_title = _("Marques et pages légales")

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return super().has_permission(request) and user.kind == Kind.SUPERADMIN

    def login(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        return redirect("superadmin_login")


class BrandHostInline(admin.TabularInline):
    model = BrandHost
    extra = 1


class LegalPageInline(admin.StackedInline):
    model = LegalPage
    extra = 0
    fields = ("kind", "text")


class BrandAdmin(admin.ModelAdmin):
    list_display = ("name", "is_default", "owner")
    inlines = (BrandHostInline, LegalPageInline)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Write it down; the territoires without a brand take the default one."""
        super().save_model(request, obj, form, change)
        if obj.is_default:
            Territoire.objects.filter(brand=None).update(brand=obj)
        record_change(
            action="brand_changed" if change else "brand_created",
            object_kind="brand",
            object_uuid=obj.uuid,
            organisation_id=None,
            actor=None,
            now=timezone.now(),
            superadmin_id=request.user.pk,
            detail={"fields": sorted(form.changed_data)},
        )

    def save_formset(self, request: Any, form: Any, formset: Any, change: Any) -> None:  # noqa: ARG002
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            row.delete()
        for row in rows:
            if isinstance(row, LegalPage):
                row.updated_at, row.updated_by = timezone.now(), request.user
            row.save()
        formset.save_m2m()


site = TechnicalSite(name="admin")
site.register(Brand, BrandAdmin)
