from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from planning.queries.rdv_draft import USAGERS
from planning.services.rdv_draft_save import add_usager
from planning.views.agent_space import require_agent
from planning.views.rdv_draft.page import (
    already_booked,
    go_on,
    open_draft,
    step_context,
    to_step,
)
from planning.views.usager_on_the_spot import create_new_person, new_person

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def rdv_draft_usager_new(
    request: Request, organisation_uuid: UUID, draft_uuid: UUID
) -> HttpResponse:
    """The blank form; `prefill` posts what was searched; a plain POST creates."""
    draft = open_draft(request, organisation_uuid, draft_uuid)
    booked = already_booked(request, draft)
    if booked:
        return booked
    page = new_person(request, draft.organisation)
    usager = create_new_person(request, draft.organisation, page) if page.is_ready else None
    if usager is not None:
        actor, now = require_agent(request), timezone.now()
        add_usager(draft_id=draft.row.pk, usager_id=usager.pk, actor=actor, now=now)
        return to_step(draft, USAGERS) if draft.usagers else go_on(request, draft)
    context = step_context(draft, USAGERS, **page.context())
    return render(request, "planning/rdv_draft/usager_new.html", context, status=page.status)
