"""Deleting one's account, its consequences told (A08, decision 26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planning.queries.account_end import account_end as end_of
from planning.services.account_end import end_account
from rdv.common.errors import DomainError
from usagers.forms.account import AccountEndForm
from usagers.views.espace.access import usager_required
from usagers.views.espace.account import own

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request


@usager_required
@require_http_methods(["GET", "HEAD", "POST"])
def account_end(request: Request) -> HttpResponse:
    actor, now = own(request), timezone.now()
    found = end_of(actor, now=now)
    form = AccountEndForm(
        request.POST if request.method == "POST" else None, has_rdvs=bool(found.cancellable)
    )
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                end_account(
                    actor=actor,
                    accepts_cancelling=form.cleaned_data.get("accepts_cancelling", False),
                    now=now,
                )
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                logout(request)
                messages.success(request, _("Votre compte est supprimé."))
                return redirect("usagers:finished")
    context = {"form": form, "end": found}
    return render(request, "usagers/espace/account_end.html", context, status=status)
