"""Choose who carries the SMS of a territoire, and with which key (C05)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Territoire
from agents.permissions import AgentActor, Permission
from agents.policies import territoires_for
from agents.services.audit_write import record_change
from rdv.common.encryption import Secret, UnreadableSecretError
from rdv.common.errors import DomainError
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor


class SmsGatewayRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """The agent may not change the territoire."""


@transaction.atomic
def edit_sms_gateway(
    *,
    territoire_id: int,
    gateway: str,
    sender: str,
    key: str,
    actor: Actor | None,
    now: datetime,
) -> Territoire:
    """Change the gateway, its sender, its key. An empty `key` keeps the one of the same gateway.

    An empty `gateway` goes back to the instance's, and forgets the key. Written into the audit
    trail, without the key. Raises SmsGatewayRefused, InvalidRow.
    """
    rows = territoires_for(actor, Permission.TERRITOIRE_EDIT)
    locked = rows.select_for_update(of=("self",), no_key=True)
    territoire = locked.filter(pk=territoire_id).first()
    if territoire is None or not isinstance(actor, AgentActor):
        raise SmsGatewayRefused(_("Vous ne pouvez pas modifier ce territoire."))
    is_same = gateway == territoire.sms_gateway
    territoire.sms_gateway, territoire.sms_sender = gateway, sender.strip()
    if not gateway or (key or not is_same):
        territoire.sms_credentials = Secret.seal(key.strip()) if gateway and key.strip() else ""
    if gateway and not territoire.sms_credentials:
        raise InvalidRow({"key": [_("Donnez la clé de cette passerelle.")]})
    save_checked(territoire)
    record_change(
        action="sms_gateway_changed",
        object_kind="territoire",
        object_uuid=territoire.uuid,
        organisation_id=None,
        territoire_id=territoire.pk,
        actor=actor,
        now=now,
        detail={"gateway": gateway, "sender": territoire.sms_sender, "key_changed": bool(key)},
    )
    return territoire


@transaction.atomic
def reseal_credentials(*, now: datetime) -> tuple[int, int]:  # noqa: ARG001 (every service has it)
    """Seal every key again with the newest encryption key; return how many did, and did not.

    Those that no key opens are left as they are: their territoire types its key again.
    """
    done = unreadable = 0
    for territoire in Territoire.objects.exclude(sms_credentials="").select_for_update():
        try:
            territoire.sms_credentials = territoire.sms_credentials.resealed()
        except UnreadableSecretError:
            unreadable += 1
            continue
        territoire.save(update_fields=["sms_credentials"])
        done += 1
    return done, unreadable
