"""Try the SMS gateway of a territoire on one's own phone (C05)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, Organisation
from agents.permissions import AgentActor, Permission
from agents.services.audit_write import record_change
from agents.services.territoire_lock import TerritoireRefused, lock_territoire
from notifications.messages.sms_trial import try_gateway
from rdv.common.phones import is_mobile
from rdv.common.rate_limits import Limit, count

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor

# Each SMS is paid for.
LIMIT = Limit("sms_trial", times=5, seconds=3600)


@transaction.atomic
def send_trial(*, territoire_id: int, actor: Actor | None, now: datetime) -> str:
    """Queue an SMS to the phone of the agent's profile, and return that number (E.164).

    Raises TerritoireRefused, also without a mobile or an organisation; TooManyAttempts.
    """
    territoire = lock_territoire(actor, Permission.TERRITOIRE_EDIT, territoire_id)
    assert isinstance(actor, AgentActor)
    phone = str(Agent.objects.get(pk=actor.agent_id).phone_number or "")
    if not (phone and is_mobile(phone)):
        raise TerritoireRefused(_("Donnez d’abord votre numéro de mobile dans « Mon compte »."))
    places = Organisation.objects.filter(territoire=territoire).select_related("territoire")
    organisation = places.order_by("archived_at", "pk").first()
    if organisation is None:
        raise TerritoireRefused(_("Créez d’abord une organisation."))
    count(LIMIT, str(actor.agent_id))
    try_gateway(phone=phone, organisation=organisation, now=now)
    record_change(
        action="sms_gateway_tried",
        object_kind="territoire",
        object_uuid=territoire.uuid,
        organisation_id=None,
        territoire_id=territoire.pk,
        actor=actor,
        now=now,
    )
    return phone
