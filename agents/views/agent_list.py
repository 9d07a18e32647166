"""« Agents »: who works here, for who may invite; what is typed is posted, never put in a URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agents.forms.agent_search import AgentSearchForm
from agents.permissions import AgentActor, Permission
from agents.queries.agent_list import staff_lines
from agents.views.staff_page import holds, staff_organisation
from agents.views.territoire_page import territoire_page

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

    from django.http import HttpResponse

    from agents.queries.agent_list import StaffLine
    from rdv.common.http import Request

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def agent_list(request: Request, organisation_uuid: UUID) -> HttpResponse:
    organisation = staff_organisation(request, organisation_uuid, Permission.AGENT_INVITE)
    form = AgentSearchForm(request.POST if request.method == "POST" else None)
    lines = staff_lines(
        organisation.territoire,
        organisation=organisation,
        search=_asked(form),
        now=timezone.now(),
    )
    may_edit = bool(holds(request.actor, Permission.AGENT_EDIT, [organisation]))
    context = {
        "organisation": organisation,
        "menu": "agents",
        "may_edit": may_edit,
        "may_remove": bool(holds(request.actor, Permission.AGENT_REMOVE, [organisation])),
        "may_see_territoire": organisation.territoire_id in _administered(request),
        **_page(request, form, lines),
    }
    return render(request, "agents/agent_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def territoire_agent_list(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_READ)
    form = AgentSearchForm(request.POST if request.method == "POST" else None)
    lines = staff_lines(territoire, search=_asked(form), now=timezone.now())
    invites = isinstance(request.actor, AgentActor) and (
        territoire.pk in request.actor.territoires_with(Permission.AGENT_INVITE)
    )
    context = {
        "territoire": territoire,
        "menu": "agents",
        "may_invite": invites,
        **_page(request, form, lines),
    }
    return render(request, "agents/territoire_agent_list.html", context)


def _asked(form: AgentSearchForm) -> str:
    return form.cleaned_data["q"].strip() if form.is_valid() else ""


def _page(request: Request, form: AgentSearchForm, lines: list[StaffLine]) -> dict[str, Any]:
    """What was searched shows its first lines only: a longer word finds fewer."""
    number = request.GET.get("page") if request.method != "POST" else 1
    page = Paginator(lines, PER_PAGE).get_page(number)
    return {"form": form, "page": page, "is_search": form.is_bound, "count": len(lines)}


def _administered(request: Request) -> frozenset[int]:
    actor = request.actor
    if not isinstance(actor, AgentActor):
        return frozenset()
    return actor.territoires_with(Permission.TERRITOIRE_READ)
