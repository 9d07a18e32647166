from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.profile import ProfileForm
from agents.permissions import Permission
from agents.policies import agents_of_territoires_for
from agents.queries.blocked_address import blocked_of_agent
from agents.queries.proconnect_link import is_linked_to_proconnect
from agents.services.profile import PhoneFields, ProfileFields, update_own_agent
from agents.views.account import agent_actor_or_403
from rdv.common.errors import DomainError
from rdv.common.phones import national

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def profile(request: Request) -> HttpResponse:
    actor = agent_actor_or_403(request)
    agent = request.user.agent
    phone = str(agent.phone_number or "")
    is_linked = is_linked_to_proconnect(agent)
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        initial={
            "first_name": agent.first_name,
            "last_name": agent.last_name,
            "phone_number": national(phone) if phone else "",
        },
        are_names_given=is_linked,
    )
    if form.is_valid():
        try:
            fields = (PhoneFields if is_linked else ProfileFields)(**form.cleaned_data)
            update_own_agent(fields=fields, actor=actor, now=timezone.now())
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Votre compte est enregistré."))
            return redirect("agents:profile")
    context = {
        "form": form,
        "organisation": None,
        "menu": "profile",
        "email": agent.email,
        "agent": agent,
        "is_linked": is_linked,
        "blocked": blocked_of_agent(agent),
        "may_clear": agents_of_territoires_for(actor, Permission.TERRITOIRE_EDIT)
        .filter(pk=agent.pk)
        .exists(),
    }
    status = 422 if form.errors else 200
    return render(request, "agents/profile.html", context, status=status)
