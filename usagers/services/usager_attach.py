"""An organisation comes to know a person of its territoire (decision 13): asked for, audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.policies import organisations_for
from agents.services.audit_write import record_change
from usagers.models import Rattachement
from usagers.policies import usagers_bookable
from usagers.services.usager_fields import UsagerRefused

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor
    from usagers.models import Usager


@transaction.atomic
def attach_usager(
    *, usager_id: int, organisation: Organisation, actor: Actor | None, now: datetime
) -> Usager:
    """Make the person, and the responsable who is told for them, known by `organisation`.

    Where the switch of the territoire is off, nobody of another organisation can be attached.
    Raises UsagerRefused.
    """
    allowed = organisations_for(actor, Permission.USAGER_EDIT).filter(pk=organisation.pk).exists()
    rows = usagers_bookable(actor, organisation).select_related("responsable")
    locked = rows.filter(pk=usager_id).select_for_update(of=("self",), no_key=True)
    usager: Usager | None = locked.first() if allowed else None
    if usager is None:
        raise UsagerRefused(_("Cette personne ne peut pas être rattachée à l’organisation."))
    family = {row.pk: row for row in (usager, usager.to_notify)}
    known = Rattachement.objects.filter(organisation=organisation, usager__in=family)
    new = sorted(set(family) - set(known.values_list("usager", flat=True)))
    Rattachement.objects.bulk_create(
        [Rattachement(usager_id=pk, organisation=organisation) for pk in new],
        ignore_conflicts=True,
    )
    for pk in new:
        record_change(
            action="usager_attached",
            object_kind="usager",
            object_uuid=family[pk].uuid,
            organisation_id=organisation.pk,
            actor=actor,
            now=now,
        )
    return usager
