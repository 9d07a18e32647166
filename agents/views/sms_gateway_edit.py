from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agents.forms.sms_gateway_edit import SmsGatewayForm
from agents.permissions import Permission
from agents.queries.sms_gateway import last_trial, masked_key
from agents.services.sms_gateway_edit import edit_sms_gateway
from agents.services.sms_trial import send_trial
from agents.views.territoire_page import territoire_page
from rdv.common.errors import DomainError
from rdv.common.phones import is_mobile, national

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def sms_gateway_edit(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    form = SmsGatewayForm(
        request.POST if request.method == "POST" else None,
        initial={"sms_gateway": territoire.sms_gateway, "sms_sender": territoire.sms_sender},
        masked=masked_key(territoire),
    )

    def save() -> None:
        edit_sms_gateway(
            territoire_id=territoire.pk,
            actor=request.actor,
            now=timezone.now(),
            gateway=form.cleaned_data["sms_gateway"],
            sender=form.cleaned_data["sms_sender"],
            key=form.cleaned_data["key"],
        )

    if request.method == "POST" and form.saves(save):
        messages.success(request, _("L’envoi des SMS est réglé. Faites un essai."))
        return redirect("agents:sms_gateway_edit", territoire.uuid)
    phone = str(request.user.agent.phone_number or "")
    context = {
        "form": form,
        "territoire": territoire,
        "menu": "sms",
        "phone": national(phone) if phone and is_mobile(phone) else "",
        "trial": last_trial(territoire),
    }
    status = 422 if form.errors else 200
    return render(request, "agents/sms_gateway_edit.html", context, status=status)


@require_POST
def sms_trial(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    try:
        phone = send_trial(territoire_id=territoire.pk, actor=request.actor, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        told = _("Un SMS d’essai part vers le %(phone)s. Rechargez la page pour voir son état.")
        messages.success(request, told % {"phone": national(phone)})
    return redirect("agents:sms_gateway_edit", territoire.uuid)
