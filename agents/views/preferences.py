from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.preferences import PreferencesForm
from agents.services.profile import PreferenceFields, update_own_agent
from agents.views.account import agent_actor_or_403
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def preferences(request: Request) -> HttpResponse:
    actor = agent_actor_or_403(request)
    agent = request.user.agent
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(agent, name) for name in PreferencesForm.base_fields},
    )
    if form.is_valid():
        try:
            update_own_agent(
                fields=PreferenceFields(**form.cleaned_data), actor=actor, now=timezone.now()
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Vos préférences sont enregistrées."))
            return redirect("agents:preferences")
    context = {"form": form, "organisation": None, "menu": "preferences"}
    status = 422 if form.errors else 200
    return render(request, "agents/preferences.html", context, status=status)
