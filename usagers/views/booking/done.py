"""« RDV confirmé »: what to remember, what to bring, whom to call (A02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from planning.queries.rdv_of_usager import is_reminded
from rdv.common.phones import is_mobile
from usagers.views.espace.access import own_rdv, rdv_context, usager_required

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@usager_required
@require_safe
def booking_done(request: Request, rdv_uuid: UUID) -> HttpResponse:
    rdv = own_rdv(request, Permission.RDV_READ, rdv_uuid)
    context = rdv_context(rdv, now=timezone.now())
    person = rdv.family[0].usager.to_notify  # type: ignore[attr-defined]
    context["gets_sms"] = bool(person.phone_number) and is_mobile(str(person.phone_number))
    context["gets_reminder"] = is_reminded(rdv.family)  # type: ignore[attr-defined]
    return render(request, "usagers/booking/done.html", context)
