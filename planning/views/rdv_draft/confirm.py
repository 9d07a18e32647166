"""Step 4: everything is read again, then confirmed on purpose."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planning.forms.rdv_confirm import RdvConfirmForm
from planning.queries.rdv_draft import CONFIRM
from planning.queries.rdv_preview import preview_texts, reached_people
from planning.queries.rdv_warnings import Kind, Proposal, warnings_for
from planning.services.rdv_create import RdvDuplicated
from planning.services.rdv_draft_confirm import confirm_rdv_draft
from planning.services.rdv_draft_save import DraftGone
from planning.views.agent_space import require_agent
from planning.views.rdv_draft.page import already_booked, open_draft, step_context, to_step
from rdv.common.errors import DomainError
from rdv.common.french import instant_text

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpResponse

    from planning.models import Rdv
    from planning.queries.rdv_draft import Draft
    from planning.queries.rdv_warnings import RdvWarning
    from rdv.common.http import Request

REMINDER = timedelta(hours=48)  # decision 1: a RDV that is nearer gets none


@require_http_methods(["GET", "POST"])
def rdv_draft_confirm(request: Request, organisation_uuid: UUID, draft_uuid: UUID) -> HttpResponse:
    now = timezone.now()
    draft = open_draft(request, organisation_uuid, draft_uuid)
    booked = already_booked(request, draft)
    if booked:
        return booked
    if draft.missing_step != CONFIRM:
        return to_step(draft)
    warnings = _warnings(request, draft, now)
    people = reached_people(draft)
    form = RdvConfirmForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        if form.cleaned_data["warnings"] != _fingerprint(warnings):
            form.add_error(
                None, _("La situation a changé pendant que vous lisiez : relisez, puis confirmez.")
            )
        else:
            done = _confirm(request, draft, form, warnings, now)
            if done is not None:
                return done
    context = step_context(
        draft,
        CONFIRM,
        form=form,
        warnings=warnings,
        fingerprint=_fingerprint(warnings),
        people=form.rows(people),
        texts=preview_texts(draft, now=now),
        has_reminder=draft.content.starts_at is not None
        and draft.content.starts_at - now > REMINDER,
        is_past=draft.content.starts_at is not None and draft.content.starts_at <= now,
    )
    status = 422 if form.errors else 200
    return render(request, "planning/rdv_draft/confirm.html", context, status=status)


def _confirm(
    request: Request,
    draft: Draft,
    form: RdvConfirmForm,
    warnings: list[RdvWarning],
    now: datetime,
) -> HttpResponse | None:
    try:
        rdv = confirm_rdv_draft(
            draft_id=draft.row.pk,
            told=form.told(),
            accepts_overlap=any(warning.kind == Kind.OVERLAP for warning in warnings),
            actor=require_agent(request),
            now=now,
        )
    except DraftGone:  # the first of two clicks has just been faster
        draft.row.refresh_from_db()
        return redirect(request.path)
    except RdvDuplicated as refusal:
        messages.warning(request, refusal.message)
        return redirect("planning:rdv_detail", refusal.rdv.uuid)
    except DomainError as refusal:
        form.add_refusal(refusal)
        return None
    messages.success(request, _booked_text(draft, rdv))
    return redirect(_agenda_url(request, draft, rdv))


def _booked_text(draft: Draft, rdv: Rdv) -> str:
    words = {
        "who": ", ".join(usager.full_name for usager in draft.usagers) or rdv.motif.name,
        "when": instant_text(timezone.localtime(rdv.starts_at)),
    }
    return _("Le RDV de %(who)s est créé : %(when)s.") % words


def _agenda_url(request: Request, draft: Draft, rdv: Rdv) -> str:
    """Return the agenda on that day: one's own when one is on the RDV.

    The view is said: on a phone, the page would otherwise open twice and lose its message.
    """
    actor = require_agent(request)
    agents = sorted(draft.agents, key=lambda agent: agent.pk != actor.agent_id)
    url = reverse("planning:agenda_of", args=[draft.organisation.uuid, agents[0].uuid])
    day = timezone.localtime(rdv.starts_at).date().isoformat()
    return f"{url}?vue=jour&date={day}&rdv={rdv.uuid}"


def _warnings(request: Request, draft: Draft, now: datetime) -> list[RdvWarning]:
    content = draft.content
    assert draft.motif is not None
    assert content.starts_at is not None
    assert content.ends_at is not None
    proposal = Proposal(
        organisation=draft.organisation,
        motif=draft.motif,
        starts_at=content.starts_at,
        ends_at=content.ends_at,
        lieu_id=draft.lieu.pk if draft.lieu else None,
        agent_ids=tuple(agent.pk for agent in draft.agents),
        usager_ids=tuple(usager.pk for usager in draft.usagers),
    )
    return warnings_for(proposal, actor=request.actor, now=now)


def _fingerprint(warnings: list[RdvWarning]) -> str:
    """Return what tells these warnings from others: only those that were read are accepted."""
    text = "\n".join(warning.text for warning in warnings)
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""
