"""« Statistiques » of an organisation, of oneself and of a territoire (H02).

Period and filters stand in the URL; `fichier=csv` or `xlsx` asks for the same figures as a file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from planning.exports.stats_file import TYPES, stats_file
from planning.forms.stats_filter import StatsFilterForm, shortcuts
from planning.models import MessageResult
from planning.queries import stats_page as page
from planning.queries import stats_scope
from planning.queries.stats import StatsFilter, counted_at, figures
from planning.queries.stats_links import RdvLinks
from planning.queries.stats_rows import file_rows
from planning.queries.stats_tables import organisation_tables, own_tables, territoire_tables
from planning.views.agent_space import open_organisation, open_territoire, require_agent
from rdv.common.french import instant_text, period_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from uuid import UUID

    from agents.models import Organisation
    from planning.queries.stats import Figures, StatsScope
    from planning.queries.stats_page import Table
    from planning.queries.stats_scope import StatsChoices
    from rdv.common.http import Request


@dataclass(frozen=True)
class _Subject:
    """What a page is about. `tables` and `link` are asked once the filter is known."""

    name: str
    scope: StatsScope
    choices: StatsChoices
    context: dict[str, Any]
    tables: Callable[[Figures, StatsFilter, RdvLinks], list[Table]]
    linked: tuple[Organisation, ...] = ()
    by_place: bool = False


@require_safe
def stats_organisation(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """RDVs of an organisation: all for who sees it all, the visible ones for a basic agent."""
    organisation = open_organisation(request, organisation_uuid, Permission.STATS_READ)
    scope = stats_scope.organisation_scope(require_agent(request), organisation)
    subject = _Subject(
        name=organisation.name,
        scope=scope,
        choices=stats_scope.organisation_choices(request.actor, organisation),
        context={"layout": "layouts/agent.html", "organisation": organisation, "menu": "stats"},
        tables=lambda found, _wanted, link: organisation_tables(found, link),
        linked=(organisation,),
        by_place=True,
    )
    return _answer(request, subject)


@require_safe
def stats_own(request: Request) -> HttpResponse:
    """One's own RDVs, in every organisation."""
    actor = require_agent(request)
    scope = stats_scope.own_scope(actor)
    me = request.user.agent
    choices = stats_scope.own_choices(scope)
    subject = _Subject(
        name=me.full_name,
        scope=scope,
        choices=choices,
        context={"layout": "layouts/agent.html", "organisation": None, "menu": "stats"},
        tables=lambda found, _wanted, link: own_tables(found, link, me),
    )
    return _answer(request, subject)


@require_safe
def stats_territoire(request: Request, territoire_uuid: UUID) -> HttpResponse:
    """All RDVs of a territoire, by organisation."""
    territoire = open_territoire(request, territoire_uuid, Permission.STATS_READ)
    scope = stats_scope.territoire_scope(territoire)
    subject = _Subject(
        name=territoire.name,
        scope=scope,
        choices=stats_scope.territoire_choices(territoire, scope),
        context={"layout": "layouts/territoire.html", "territoire": territoire, "menu": "stats"},
        tables=lambda found, wanted, _link: territoire_tables(found, wanted),
    )
    return _answer(request, subject)


def _answer(request: Request, subject: _Subject) -> HttpResponse:
    today = timezone.localdate()
    form = StatsFilterForm(request.GET, choices=subject.choices, today=today)
    context = {
        **subject.context,
        "form": form,
        "shortcuts": _shortcuts(request, today),
        "counted_at": counted_at(),
        "query": _query(request, without=("fichier",)),
    }
    if not form.is_valid():
        return render(request, "planning/stats.html", context, status=422)
    scope, wanted = _asked(form, subject.scope)
    found = figures(
        scope, wanted, today=today, with_lieux=subject.by_place, with_agents=subject.by_place
    )
    link = _links(form, wanted, scope, subject.linked)
    shown = _shown(found, wanted, subject.tables(found, wanted, link), link)
    kind = request.GET.get("fichier", "")
    if kind in TYPES:
        return _file(kind, subject.name, context["counted_at"], wanted, shown)
    return render(request, "planning/stats.html", {**context, **shown})


def _asked(form: StatsFilterForm, scope: StatsScope) -> tuple[StatsScope, StatsFilter]:
    """Return the part of the scope that a valid form asks for, and what of it."""
    data = form.cleaned_data
    if organisation := data.get("organisation"):
        scope = replace(scope, organisation_ids=(organisation.pk,))
    motif, service = data.get("motif"), data.get("service")
    motifs = stats_scope.motifs_of_service(service, scope) if service else None
    if motif:
        motifs = frozenset({motif.pk}) & (frozenset({motif.pk}) if motifs is None else motifs)
    return scope, StatsFilter(
        first=data["debut"],
        last=data["fin"],
        step=form.step,
        motif_ids=motifs,
        lieu_id=data["lieu"].pk if data.get("lieu") else None,
        agent_id=data["agent"].pk if data.get("agent") else None,
    )


def _links(
    form: StatsFilterForm,
    wanted: StatsFilter,
    scope: StatsScope,
    linked: tuple[Organisation, ...],
) -> RdvLinks:
    return RdvLinks(
        organisations=linked,
        first=wanted.first,
        last=wanted.last,
        motifs=None if wanted.motif_ids is None else stats_scope.motif_uuids(wanted.motif_ids),
        lieu=form.cleaned_data.get("lieu"),
        agent=form.cleaned_data.get("agent"),
        is_own=scope.own is not None and scope.motif_ids is None,
    )


def _shown(
    found: Figures, wanted: StatsFilter, tables: list[Table], link: RdvLinks
) -> dict[str, Any]:
    """Return what the page and the file say of the figures."""
    return {
        "period": period_text(wanted.first, wanted.last),
        "total": found.total,
        "total_url": link() if found.total.total else "",
        "tiles": page.tiles(found, link),
        "states": page.STATES,
        "online": page.online_share(found),
        "delay": page.delay_text(found.median_delay),
        "delays": page.delay_lines(found.delays),
        "evolution": page.evolution(found, wanted.step),
        "tables": [table for table in tables if table.lines],
        "message_lines": page.message_lines(found.messages or {}),
        "results": MessageResult.labels,
        "has_messages": bool(found.messages),
    }


def _file(
    kind: str, name: str, at: datetime | None, wanted: StatsFilter, shown: dict[str, Any]
) -> HttpResponse:
    rows = file_rows(
        about=[
            (_("Statistiques"), name),
            (_("Période"), shown["period"]),
            (_("Chiffres"), instant_text(timezone.localtime(at)) if at else "–"),
        ],
        evolution=shown["evolution"].lines,
        tables=shown["tables"],
        messages=shown["message_lines"] if shown["has_messages"] else [],
    )
    response = HttpResponse(stats_file(kind, rows), content_type=TYPES[kind])
    filename = f"statistiques-{wanted.first.isoformat()}-{wanted.last.isoformat()}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _shortcuts(request: Request, today: date) -> list[dict[str, Any]]:
    """Return the periods that are one click away; the other filters stay."""
    kept = _query(request, without=("debut", "fin", "pas", "fichier"))
    found = []
    for label, first, last in shortcuts(today):
        period = urlencode({"debut": first.isoformat(), "fin": last.isoformat()})
        is_current = (request.GET.get("debut"), request.GET.get("fin")) == (
            first.isoformat(),
            last.isoformat(),
        )
        query = f"{period}&{kept}" if kept else period
        found.append({"label": label, "query": query, "is_current": is_current})
    return found


def _query(request: Request, *, without: tuple[str, ...]) -> str:
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    return query.urlencode()
