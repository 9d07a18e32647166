"""An agent edits a RDV: everything but its motif, on one page that keeps what was typed (E06)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.forms.rdv_edit import RdvEditForm, initial_of, typed_of
from planning.queries.rdv_detail import rdvs_in_full
from planning.queries.rdv_draft import bookable_agents, open_lieux
from planning.queries.rdv_edit import fingerprint_of, warnings_of_edit
from planning.queries.rdv_told_change import told_of
from planning.queries.rdv_warnings import Kind
from planning.services.rdv_edit import edit_rdv
from planning.views.agent_space import open_rdv, require_agent
from planning.views.rdv_edit_people import SEARCHES, EditedPeople, edited_people
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpResponse

    from planning.models import Rdv
    from planning.queries.rdv_warnings import RdvWarning
    from planning.services.rdv_edit import RdvFields
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def rdv_edit(request: Request, rdv_uuid: UUID) -> HttpResponse:
    now = timezone.now()
    rdv = open_rdv(request, rdvs_in_full, Permission.RDV_EDIT, rdv_uuid, now=now)
    people = edited_people(request, rdv)
    is_search = any(name in request.POST for name in SEARCHES)
    form = _form(request, rdv, is_bound=request.method == "POST" and not is_search)
    if is_search:
        form.initial = dict(typed_of(form, request.POST))
    warnings: list[RdvWarning] = []
    if form.is_valid():
        warnings = _warnings(request, rdv, form, people, now)
        is_read = form.cleaned_data["warnings"] == fingerprint_of(warnings)
        accepts = any(warning.kind == Kind.OVERLAP for warning in warnings)
        if is_read and _saved(request, rdv, _edit(form, people), accepts_overlap=accepts):
            return redirect("planning:rdv_detail", rdv.uuid)
    context = {
        "organisation": rdv.organisation,
        "menu": "agenda",
        "rdv": rdv,
        "form": form,
        "people": people,
        "warnings": warnings,
        "fingerprint": fingerprint_of(warnings),
        "told": told_of(
            rdv,
            [row for row in rdv.participations.all() if not row.is_cancelled],
            actor=require_agent(request),
            now=now,
        ),
        "has_begun": rdv.starts_at <= now,
    }
    status = 422 if form.errors or warnings else 200
    return render(request, "planning/rdv_edit.html", context, status=status)


def _form(request: Request, rdv: Rdv, *, is_bound: bool) -> RdvEditForm:
    return RdvEditForm(
        request.POST if is_bound else None,
        initial=initial_of(rdv),
        rdv=rdv,
        agents=bookable_agents(request.actor, rdv.organisation),
        lieux=open_lieux(request.actor, rdv.organisation),
    )


def _warnings(
    request: Request, rdv: Rdv, form: RdvEditForm, people: EditedPeople, now: datetime
) -> list[RdvWarning]:
    fields = _edit(form, people).fields
    assert fields.agent_ids is not None
    return warnings_of_edit(
        rdv,
        starts_at=fields.starts_at,
        ends_at=fields.ends_at,
        lieu_id=fields.lieu_id,
        agent_ids=fields.agent_ids,
        usagers_in=fields.usagers_in,
        actor=request.actor,
        now=now,
    )


@dataclass(frozen=True)
class _Edit:
    form: RdvEditForm
    fields: RdvFields


def _edit(form: RdvEditForm, people: EditedPeople) -> _Edit:
    return _Edit(form, form.edited(usagers_in=people.keys_in, usagers_out=people.keys_out))


def _saved(request: Request, rdv: Rdv, edit: _Edit, *, accepts_overlap: bool) -> bool:
    """Write the edit; False when it is refused, the reason then being on the form."""
    try:
        edit_rdv(
            rdv_id=rdv.pk,
            fields=edit.fields,
            actor=require_agent(request),
            now=timezone.now(),
            notifies=not edit.form.cleaned_data["keeps_silent"],
            accepts_overlap=accepts_overlap,
        )
    except DomainError as refusal:
        edit.form.add_refusal(refusal)
        return False
    messages.success(request, _("Le RDV est modifié."))
    return True
