"""« Agir au nom d’un agent », for super-administrators only."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agents.forms.impersonation import ImpersonationForm
from agents.services.impersonation import (
    SESSION_IMPERSONATION,
    ImpersonationRefused,
    end_impersonation,
    start_impersonation,
)
from rdv.accounts.models import Kind

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def impersonation(request: Request) -> HttpResponse:
    """Choose an agent and say why; the session stays the super-administrator's."""
    if request.user.kind != Kind.SUPERADMIN:
        raise Http404
    form = ImpersonationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            agent = start_impersonation(
                **form.cleaned_data, superadmin=request.user, now=timezone.now()
            )
        except ImpersonationRefused as refusal:
            form.add_refusal(refusal)
        else:
            request.session[SESSION_IMPERSONATION] = [agent.pk, int(time.time())]
            return redirect("agents:home")
    status = 422 if form.errors else 200
    return render(request, "agents/impersonation.html", {"form": form}, status=status)


@require_POST
def impersonation_end(request: Request) -> HttpResponse:
    superadmin = getattr(request, "impersonator", None)
    if superadmin is None:
        raise Http404
    agent_id, *_rest = request.session.pop(SESSION_IMPERSONATION)
    end_impersonation(agent_id=agent_id, superadmin_id=superadmin.pk, now=timezone.now())
    messages.success(request, _("Vous n’agissez plus au nom d’un agent."))
    return redirect("agents:impersonation")
