from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.permissions import Permission
from motifs.policies import editable_lieux_for
from motifs.services.lieu_edit import set_lieu_open
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_POST
def lieu_reopen(request: Request, lieu_uuid: UUID) -> HttpResponse:
    lieu = get_or_deny(editable_lieux_for, request.actor, Permission.LIEU_EDIT, uuid=lieu_uuid)
    try:
        set_lieu_open(lieu_id=lieu.pk, is_open=True, actor=request.actor, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("« %(name)s » est rouvert.") % {"name": lieu.name})
    return redirect("motifs:lieu_list", lieu.organisation.uuid)
