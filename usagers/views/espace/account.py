"""« Votre compte »: where each thing is changed (A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agents.permissions import Permission, UsagerActor
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError
from rdv.common.phones import national
from rdv.common.timezones import local_day
from usagers.forms.account import OwnInformationForm, PreferencesForm
from usagers.queries.own_fiches import own_fiches
from usagers.services.own_fiche_edit import update_own_fiche, update_preferences
from usagers.views.espace.access import usager_required

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request
    from usagers.models import Usager


@usager_required
@require_safe
def account(request: Request) -> HttpResponse:
    fiches = list(own_fiches(request.actor, Permission.USAGER_READ))
    context = {"fiches": fiches, "has_password": request.user.has_usable_password()}
    return render(request, "usagers/espace/account.html", context)


@usager_required
@require_http_methods(["GET", "HEAD", "POST"])
def account_information(request: Request, usager_uuid: UUID) -> HttpResponse:
    fiche = get_or_deny(own_fiches, request.actor, Permission.USAGER_EDIT, uuid=usager_uuid)
    territoire = fiche.territoire
    timezone.activate(territoire.zone)
    now = timezone.now()
    form = OwnInformationForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(fiche),
        usager=fiche,
        switches=territoire.usager_fields,
        today=local_day(now, territoire.zone),
    )
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                update_own_fiche(
                    usager_id=fiche.pk, fields=form.new_values(), actor=own(request), now=now
                )
            except DomainError as refusal:
                form.add_refusal(refusal)
            else:
                messages.success(request, _("Vos informations sont enregistrées."))
                return redirect("usagers:account")
    context = {"form": form, "fiche": fiche, "territoire": territoire}
    return render(request, "usagers/espace/account_information.html", context, status=status)


@usager_required
@require_http_methods(["GET", "HEAD", "POST"])
def account_preferences(request: Request) -> HttpResponse:
    fiches = list(own_fiches(request.actor, Permission.USAGER_EDIT))
    first = fiches[0] if fiches else None
    initial = {
        "notifies_by_email": first.notifies_by_email if first else True,
        "notifies_by_sms": first.notifies_by_sms if first else True,
        "language": first.language if first else "fr",
    }
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            chosen = form.cleaned_data
            update_preferences(
                by_email=chosen["notifies_by_email"],
                by_sms=chosen["notifies_by_sms"],
                language=chosen["language"],
                actor=own(request),
            )
            messages.success(request, _("Vos choix sont enregistrés."))
            return _speaking(redirect("usagers:account"), chosen["language"])
    context = {"form": form, "fiches": fiches}
    return render(request, "usagers/espace/account_preferences.html", context, status=status)


def _speaking(response: HttpResponse, language: str) -> HttpResponse:
    """Let the pages follow: the language chosen for the messages is this browser's too (A11)."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,  # type: ignore[arg-type]
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def own(request: Request) -> UsagerActor:
    """Return the actor of a page that `usager_required` guards."""
    assert isinstance(request.actor, UsagerActor)
    return request.actor


def _initial(fiche: Usager) -> dict[str, object]:
    names = (
        "first_name",
        "last_name",
        "birth_name",
        "birth_date",
        "phone_number",
        "address",
        "address_details",
        "post_code",
        "city_name",
        "caisse",
        "affiliation_number",
        "family_situation",
        "number_of_children",
        "logement",
    )
    values: dict[str, object] = {name: getattr(fiche, name) for name in names}
    return values | {"phone_number": national(str(fiche.phone_number or ""))}
