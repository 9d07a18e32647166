"""Absent agent, closed site: which RDVs, and what to do with each (E10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from agents.services.audit_look import record_looks
from planning.forms.rdv_bulk import RdvBulkChoicesForm, RdvBulkCriteriaForm
from planning.queries.rdv_bulk import (
    Concerned,
    Options,
    Scope,
    agents_of_page,
    concerned_by,
    first_day,
    lieux_of_page,
    motifs_of_page,
    options_for,
)
from planning.views.agent_space import open_organisation

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from django.http import HttpResponse, QueryDict

    from agents.models import Agent, Organisation
    from planning.models import Rdv
    from rdv.common.http import Request


@dataclass(frozen=True)
class BulkPage:
    """What both steps read from the URL. `scope` is None until the criteria are complete."""

    organisation: Organisation
    criteria: RdvBulkCriteriaForm
    scope: Scope | None
    today: date
    now: datetime
    # They come from « Retirer un agent »: who leaves the organisation (G04).
    removes: bool = False

    @property
    def removed(self) -> Agent | None:
        return self.scope.agent if self.removes and self.scope else None

    def options(
        self, request: Request, rdvs: Sequence[Rdv], days: Collection[date] = ()
    ) -> Options:
        return options_for(
            rdvs,
            organisation=self.organisation,
            leaving=self.scope.agent if self.scope else None,
            closed=self.scope.lieu if self.scope else None,
            actor=request.actor,
            days=days,
        )

    def choices_form(
        self, data: QueryDict | None, concerned: Concerned, options: Options
    ) -> RdvBulkChoicesForm:
        return RdvBulkChoicesForm(
            data, rdvs=concerned.rdvs, options=options.of_all(), today=self.today
        )


@require_safe
def rdv_bulk(request: Request, organisation_uuid: UUID) -> HttpResponse:
    page = bulk_page(request, organisation_uuid)
    if page.scope is None:
        return show_criteria(request, page, status=422 if page.criteria.errors else 200)
    concerned = concerned_rdvs(request, page)
    options = page.options(request, concerned.rdvs)
    form = page.choices_form(None, concerned, options)
    if page.removed and options.agents:
        form.initial["default_choice"] = options.handing_over()[0].value
    return show_choices(request, page, concerned, options, form)


def bulk_page(request: Request, organisation_uuid: UUID) -> BulkPage:
    now = timezone.now()
    organisation = open_organisation(request, organisation_uuid, Permission.RDV_CANCEL)
    today = first_day(organisation, now)
    criteria = RdvBulkCriteriaForm(
        request.GET or None,
        agents=list(agents_of_page(request.actor, organisation)),
        lieux=list(lieux_of_page(request.actor, organisation)),
        motifs=list(motifs_of_page(request.actor, organisation)),
        today=today,
    )
    scope = None
    if criteria.is_valid():
        scope = Scope(
            organisation=organisation,
            agent=criteria.chosen_agent,
            lieu=criteria.chosen_lieu,
            motif=criteria.chosen_motif,
            period=criteria.period(organisation.territoire.zone),
        )
    return BulkPage(organisation, criteria, scope, today, now, removes="retrait" in request.GET)


def concerned_rdvs(request: Request, page: BulkPage) -> Concerned:
    """Return the RDVs of the criteria, and audit the look at them."""
    assert page.scope is not None
    found = concerned_by(page.scope, actor=request.actor)
    record_looks(
        action="rdv_list_seen",
        object_kind="organisation",
        object_uuid=page.organisation.uuid,
        organisation_ids=[page.organisation.pk],
        actor=request.actor,
        now=page.now,
    )
    return found


def show_criteria(request: Request, page: BulkPage, *, status: int) -> HttpResponse:
    return render(request, "planning/rdv_bulk.html", _context(page), status=status)


def show_choices(
    request: Request,
    page: BulkPage,
    concerned: Concerned,
    options: Options,
    form: RdvBulkChoicesForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = _context(page) | {
        "concerned": concerned,
        "rows": [_row(rdv, form, options, page.now) for rdv in concerned.rdvs],
        "form": form,
        "query": request.GET.urlencode(),
    }
    return render(request, "planning/rdv_bulk.html", context, status=status)


def _row(rdv: Rdv, form: RdvBulkChoicesForm, options: Options, now: datetime) -> dict[str, Any]:
    return {
        "rdv": rdv,
        "is_ticked": form.ticked(rdv),
        "typed": form.typed(rdv),
        "options": options.of(rdv, now=now),
        "has_begun": rdv.starts_at <= now,
    }


def _context(page: BulkPage) -> dict[str, Any]:
    return {
        "organisation": page.organisation,
        "menu": "rdv_bulk",
        "criteria": page.criteria,
        "concerned": None,
        "rows": [],
        "form": None,
        "query": "",
        "removed": page.removed,
    }
