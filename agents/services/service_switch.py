"""Activate a service in a territoire, or stop using it (G05)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import ngettext

from agents.models import Organisation, Service, TerritoireService
from agents.permissions import Permission
from agents.queries.service_switch import use_of
from agents.services.audit_write import record_change
from agents.services.territoire_lock import lock_territoire
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Territoire
    from agents.permissions import Actor
    from agents.queries.service_switch import ServiceUse


class ServiceInUse(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """Agents or motifs need the service; `names` are the first of them."""

    def __init__(self, service: Service, use: ServiceUse) -> None:
        self.service, self.names = service, [*use.agents, *use.motifs]
        self.more = use.total - len(self.names)
        super().__init__(
            ngettext(
                "Le service « %(service)s » sert encore à %(count)s agent ou motif.",
                "Le service « %(service)s » sert encore à %(count)s agents ou motifs.",
                use.total,
            )
            % {"service": service.name, "count": use.total}
        )


@transaction.atomic
def switch_service(
    *, territoire_id: int, service: Service, is_active: bool, actor: Actor | None, now: datetime
) -> None:
    """Activate or deactivate; the same twice changes nothing.

    Raises TerritoireRefused, ServiceInUse.
    """
    territoire = lock_territoire(actor, Permission.TERRITOIRE_EDIT, territoire_id)
    if is_active == territoire.territoire_services.filter(service=service).exists():
        return
    if is_active:
        TerritoireService.objects.create(territoire=territoire, service=service)
    else:
        _deactivate(territoire, service)
    record_change(
        action="service_activated" if is_active else "service_deactivated",
        object_kind="territoire",
        object_uuid=territoire.uuid,
        organisation_id=None,
        territoire_id=territoire.pk,
        actor=actor,
        now=now,
        detail={"service": service.code},
    )


def _deactivate(territoire: Territoire, service: Service) -> None:
    # The lock that motif_edit takes first: nobody creates a motif of this service meanwhile.
    list(
        Organisation.objects.filter(territoire=territoire)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk")
    )
    use = use_of(territoire, service)
    if use.total:
        raise ServiceInUse(service, use)
    territoire.territoire_services.filter(service=service).delete()
