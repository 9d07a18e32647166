"""Who may enter the space of the usagers, and what a page of a RDV shows."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from agents.permissions import UsagerActor
from motifs.rules.contact import whom_to_call
from planning.queries.rdv_of_usager import rdvs_of_usager, receivers_of
from planning.queries.visio import visio_link
from planning.rules.cancellation import refusal_to_cancel
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpResponse

    from agents.permissions import Permission
    from planning.models import Rdv
    from rdv.common.http import Request


def usager_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for usagers: an agent learns nothing (404), a visitor signs in and comes back."""

    @wraps(view)
    def inner(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect(f"{reverse('usagers:sign_in')}?{urlencode({'next': request.path})}")
        if not isinstance(request.actor, UsagerActor):
            raise Http404
        return view(request, *args, **kwargs)

    return login_not_required(inner)


def own_rdv(request: Request, permission: Permission, rdv_uuid: UUID) -> Rdv:
    """Return a RDV of the family, and speak the time of its territoire. Raises Http404."""
    rdv = get_or_deny(rdvs_of_usager, request.actor, permission, uuid=rdv_uuid)
    timezone.activate(rdv.organisation.territoire.zone)
    return rdv


def rdv_context(rdv: Rdv, *, now: datetime) -> dict[str, object]:
    """Return what a page of a RDV shows to a citizen: contact, and why not to cancel online."""
    mine = [row for row in rdv.family if not row.is_cancelled]  # type: ignore[attr-defined]
    is_cancelled = rdv.is_cancelled or not mine
    refusal = refusal_to_cancel(
        status=rdv.status if rdv.is_cancelled or not mine else mine[0].status,
        starts_at=rdv.starts_at,
        by_usager=True,
        motif_allows=rdv.motif.is_cancellable_by_usager,
        now=now,
    )
    organisation = rdv.organisation
    return {
        "rdv": rdv,
        "is_cancelled": is_cancelled,
        "is_past": rdv.ends_at <= now,
        "can_cancel": refusal is None and not is_cancelled,
        "refusal": refusal or "",
        "visio": "" if is_cancelled or rdv.ends_at <= now else visio_link(rdv),
        "receivers": receivers_of(rdv),
        "contact": whom_to_call(rdv.lieu, organisation, organisation.territoire),
    }
