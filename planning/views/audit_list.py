"""« Journal d’audit »: who looked at, or changed, what (I03)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from agents.views.staff_page import staff_organisation
from agents.views.territoire_page import territoire_page
from planning.forms.audit_filter import AuditFilterForm
from planning.queries.audit_list import agents_of, audit_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation, Territoire
    from rdv.common.http import Request


@require_safe
def audit_list(request: Request, organisation_uuid: UUID) -> HttpResponse:
    organisation = staff_organisation(request, organisation_uuid, Permission.AUDIT_READ)
    context = {"organisation": organisation, "layout": "layouts/agent.html"}
    return _answer(request, organisation, context)


@require_safe
def territoire_audit(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.AUDIT_READ)
    context = {"territoire": territoire, "organisation": None, "layout": "layouts/territoire.html"}
    return _answer(request, territoire, context)


def _answer(
    request: Request, place: Organisation | Territoire, context: dict[str, Any]
) -> HttpResponse:
    form = AuditFilterForm(request.GET or None, agents=agents_of(place))
    page = audit_page(
        place,
        wanted=form.wanted(),
        cursor=request.GET.get("apres", ""),
        actor=request.actor,
    )
    context |= {"menu": "audit", "form": form, "place": place, "page": page}
    status = 422 if form.errors else 200
    return render(request, "planning/audit_list.html", context, status=status)
