"""The technical administration: brands, their addresses and their legal pages (decision 36)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models import Brand, BrandHost, LegalPage, RetentionReport, Territoire
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

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record_change(
            action="brand_deleted",
            object_kind="brand",
            object_uuid=obj.uuid,
            organisation_id=None,
            actor=None,
            now=timezone.now(),
            superadmin_id=request.user.pk,
            detail={"name": obj.name},
        )
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for brand in queryset:
            self.delete_model(request, brand)

    def save_formset(self, request: Any, form: Any, formset: Any, change: Any) -> None:  # noqa: ARG002
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            row.delete()
        for row in rows:
            if isinstance(row, LegalPage):
                row.updated_at, row.updated_by = timezone.now(), request.user
            row.save()
        formset.save_m2m()


class RetentionReportAdmin(admin.ModelAdmin):
    """Read only: what each run of retention did (decision 5)."""

    list_display = ("at", "step", "rows", "kept", "error")
    list_filter = ("step",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


site = TechnicalSite(name="admin")
site.register(RetentionReport, RetentionReportAdmin)
site.register(Brand, BrandAdmin)
