"""Suspend public booking of an organisation or of a motif, or reopen it (G11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from motifs.forms.booking_suspend import BookingSuspendForm
from motifs.policies import motifs_for
from motifs.rules.suspension import suspension_on
from motifs.services.booking_suspend import suspend_motif, suspend_organisation
from motifs.views.organisation_page import organisation_page
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError
from rdv.common.french import day_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation
    from motifs.models import Motif
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def booking_suspend(request: Request, organisation_uuid: UUID) -> HttpResponse:
    organisation = organisation_page(request, organisation_uuid, Permission.MOTIF_EDIT)

    def save(until: date | None, message: str) -> None:
        suspend_organisation(
            organisation_id=organisation.pk,
            until=until,
            message=message,
            actor=request.actor,
            now=timezone.now(),
        )

    return _answer(request, organisation, None, save)


@require_http_methods(["GET", "POST"])
def motif_suspend(request: Request, motif_uuid: UUID) -> HttpResponse:
    motif = get_or_deny(motifs_for, request.actor, Permission.MOTIF_EDIT, uuid=motif_uuid)
    if motif.archived_at:
        raise Http404
    timezone.activate(motif.organisation.territoire.zone)

    def save(until: date | None, message: str) -> None:
        suspend_motif(
            motif_id=motif.pk,
            until=until,
            message=message,
            actor=request.actor,
            now=timezone.now(),
        )

    return _answer(request, motif.organisation, motif, save)


def _answer(
    request: Request,
    organisation: Organisation,
    motif: Motif | None,
    save: Callable[[date | None, str], None],
) -> HttpResponse:
    """Show the form; a POST suspends, or reopens at once (`reopen`)."""
    row = motif or organisation
    today = timezone.localdate()
    back = "motifs:motif_list" if motif else "motifs:booking_link"
    current = suspension_on(today, row)
    initial: dict[str, Any] = {}
    if current:
        initial = {"until": current.until, "message": current.message}
    is_reopened = "reopen" in request.POST
    form = BookingSuspendForm(
        request.POST if request.method == "POST" and not is_reopened else None,
        today=today,
        initial=initial,
    )
    if is_reopened or form.is_valid():
        until = None if is_reopened else form.cleaned_data["until"]
        try:
            save(until, "" if is_reopened else form.cleaned_data["message"])
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            _say(request, until)
        return redirect(back, organisation.uuid)
    context = {
        "organisation": organisation,
        "menu": "motifs" if motif else "booking_link",
        "motif": motif,
        "form": form,
        "current": current,
        "back": back,
    }
    status = 422 if form.errors else 200
    return render(request, "motifs/booking_suspend.html", context, status=status)


def _say(request: Request, until: date | None) -> None:
    if until is None:
        messages.success(request, _("La réservation en ligne est rouverte."))
    else:
        text = _("La réservation en ligne est suspendue. Elle reprendra le %(day)s.")
        messages.success(request, text % {"day": day_text(until)})
