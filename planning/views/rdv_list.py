"""« Liste des RDV »: the filter stands in the URL, never a name (E08)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from agents.permissions import Permission
from agents.services.audit_look import record_looks
from planning.forms.rdv_filter import RdvFilterForm
from planning.queries.rdv_filter import filtered_rdvs
from planning.queries.rdv_filter_choices import exportable, filter_choices
from planning.queries.rdv_list import (
    by_day,
    rdv_rows,
    to_fill_in_count,
    to_fill_in_query,
    with_rows,
)
from planning.views.agent_space import open_organisation
from rdv.common.access import get_or_deny
from usagers.policies import usagers_for
from usagers.queries.usager_detail import known_in
from usagers.queries.usager_search import search_usagers

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation
    from planning.models import RdvQuerySet
    from rdv.common.http import Request
    from usagers.models import Usager

PER_PAGE = 25
MOST_PRINTED = 500


@require_http_methods(["GET", "HEAD", "POST"])
def rdv_list(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """The list; a POST looks for an usager, whose name must not stand in a URL."""
    organisation = open_organisation(request, organisation_uuid, Permission.RDV_READ)
    now = timezone.now()
    text = request.POST.get("nom", "").strip()[:120]
    found = search_usagers(text, actor=request.actor, organisation=organisation) if text else []
    known = [person for person in found if not person.is_masked]
    if len(known) == 1:
        query = request.GET.copy()
        query["usager"] = str(known[0].uuid)
        return redirect(f"{_url(organisation)}?{query.urlencode()}")
    form, usager = _filter(request, organisation, now)
    context = {
        **_context(request, organisation, form, now),
        "usager": usager,
        "opens_fiche": usager is not None
        and bool(known_in([usager], actor=request.actor, organisation=organisation)),
        "searched": text,
        "found": known,
        "query": request.GET.urlencode(),
        "per_page": PER_PAGE,
        "exported": _exported(request, organisation, form),
    }
    if form.is_valid():
        rdvs = _rdvs(request, form, usager, now)
        page = Paginator(rdvs, PER_PAGE).get_page(request.GET.get("page"))
        rows = rdv_rows(page.object_list, actor=request.actor, now=now)
        context |= {"page": page, "days": by_day(rows, today=timezone.localdate(now))}
    return render(request, "planning/rdv_list.html", context, status=422 if form.errors else 200)


@require_safe
def rdv_list_print(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """The same filter on paper: by day, with what one needs when the network is down."""
    organisation = open_organisation(request, organisation_uuid, Permission.RDV_READ)
    now = timezone.now()
    form, usager = _filter(request, organisation, now)
    if not form.is_valid():
        return redirect(f"{_url(organisation)}?{request.GET.urlencode()}")
    rdvs = list(_rdvs(request, form, usager, now)[: MOST_PRINTED + 1])
    rows = rdv_rows(rdvs[:MOST_PRINTED], actor=request.actor, now=now)
    context = {
        "organisation": organisation,
        "several": len(form.wanted().organisations) > 1,
        "days": by_day(rows, today=timezone.localdate(now)),
        "is_cut": len(rdvs) > MOST_PRINTED,
        "most": MOST_PRINTED,
        "now": now,
        "back": f"{_url(organisation)}?{request.GET.urlencode()}",
    }
    return render(request, "planning/rdv_list_print.html", context)


def _url(organisation: Organisation) -> str:
    return reverse("planning:rdv_list", args=[organisation.uuid])


def _filter(
    request: Request, organisation: Organisation, now: datetime
) -> tuple[RdvFilterForm, Usager | None]:
    """Return the form, and the usager asked for: 404 when the actor may not know them."""
    choices = filter_choices(request.actor, organisation, request.GET.getlist("org"))
    form = RdvFilterForm(request.GET, choices=choices, today=timezone.localdate(now))
    usager = None
    if form.usager_uuid:
        usager = get_or_deny(
            usagers_for, request.actor, Permission.USAGER_READ, uuid=form.usager_uuid
        )
    return form, usager


def _exported(
    request: Request, organisation: Organisation, form: RdvFilterForm
) -> Organisation | None:
    """Return the organisation that « Exporter » begins with: that of the page if it is listed."""
    keys = exportable(request.actor, form.chosen)
    allowed = [row for row in form.chosen if row.pk in keys]
    return organisation if organisation in allowed else next(iter(allowed), None)


def _rdvs(
    request: Request, form: RdvFilterForm, usager: Usager | None, now: datetime
) -> RdvQuerySet:
    """Return the rows, and audit the look where the actor holds no role (decision 12)."""
    wanted = form.wanted(usager_id=usager.pk if usager else None)
    record_looks(
        action="rdv_list_seen",
        object_kind="organisation",
        object_uuid=wanted.organisations[0].uuid,
        organisation_ids=[organisation.pk for organisation in wanted.organisations],
        actor=request.actor,
        now=now,
    )
    return with_rows(filtered_rdvs(request.actor, wanted, now=now))


def _context(
    request: Request, organisation: Organisation, form: RdvFilterForm, now: datetime
) -> dict[str, Any]:
    today = timezone.localdate(now).isoformat()
    shortcuts = {
        "coming": "",
        "today": f"debut={today}&fin={today}",
        "to_fill_in": to_fill_in_query(str(request.user.agent.uuid)),
    }
    asked = request.GET.copy()
    asked.pop("page", None)
    return {
        "organisation": organisation,
        "menu": "rdv_list",
        "form": form,
        "several": len(form.chosen) > 1,
        "shortcuts": shortcuts,
        "current": next(
            (name for name, query in shortcuts.items() if asked == QueryDict(query)), ""
        ),
        "to_fill_in": to_fill_in_count(request.actor, organisation, now=now),
    }
