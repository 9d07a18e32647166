"""Change a lieu, and tell the people of its RDVs to come that its address is another (G13).

Those who are told may be hundreds: the workers do it, as an action on many RDVs that its author
follows (RdvBulk).
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import AgentActor
from motifs.services.lieu_edit import LieuRefused, update_lieu
from notifications.messages.facts import Before
from planning.models import Action, BulkAct, RdvBulk, RdvBulkLine, Status
from planning.queries.closing import coming_rdvs
from planning.services.rdv_announce import announce_new_address
from planning.services.rdv_history import record
from planning.services.rdv_lock import RdvRefused
from rdv.common.aftercommit import Task, start_after_commit

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor
    from motifs.models import Lieu
    from motifs.services.lieu_edit import LieuFields
    from notifications.messages.rdv import Gathering
    from planning.models import Rdv


@transaction.atomic
def change_lieu(
    *, lieu: Lieu, fields: LieuFields, tells: bool, actor: Actor | None, now: datetime
) -> RdvBulk | None:
    """Write the lieu; with `tells`, start telling the people of its RDVs to come.

    `lieu` is the row as it was read. Returns what is under way, None when nobody is to be told.
    Raises LieuRefused, InvalidRow.
    """
    former = copy(lieu)
    changed = update_lieu(lieu_id=lieu.pk, fields=fields, actor=actor, now=now)
    if not tells or former.address == changed.address:
        return None
    if not isinstance(actor, AgentActor):
        raise LieuRefused(_("Vous ne pouvez pas modifier ce lieu."))
    return _start_telling(former, changed, actor, now)


def _start_telling(former: Lieu, changed: Lieu, actor: AgentActor, now: datetime) -> RdvBulk | None:
    rdvs = list(coming_rdvs(lieu=changed, now=now).values_list("pk", "version", "status"))
    if not rdvs:
        return None
    bulk = RdvBulk.objects.create(
        agent_id=actor.agent_id,
        superadmin_id=actor.superadmin_id,
        organisation_id=changed.organisation_id,
        notifies=True,
        former_lieu_name=former.name,
        former_lieu_address=former.address,
        created_at=now,
    )
    RdvBulkLine.objects.bulk_create(
        (
            RdvBulkLine(
                bulk=bulk,
                rdv_id=pk,
                act=BulkAct.ADDRESS,
                to_lieu=changed,
                seen_version=version,
                seen_status=status,
            )
            for pk, version, status in rdvs
        ),
        batch_size=500,
    )
    start_after_commit(Task.RUN_RDV_BULK, bulk_id=bulk.pk)
    return bulk


def tell_new_address(
    rdv: Rdv, line: RdvBulkLine, *, actor: Actor, now: datetime, gathering: Gathering
) -> None:
    """Write in the history of the RDV, which is held, and tell its people. Raises RdvRefused."""
    if rdv.lieu_id != line.to_lieu_id or rdv.status != Status.UNKNOWN:
        raise RdvRefused(_("Ce RDV n’a plus lieu ici : il est laissé tel quel."))
    assert rdv.lieu is not None
    former = copy(rdv.lieu)
    former.name, former.address = line.bulk.former_lieu_name, line.bulk.former_lieu_address
    before = Before(rdv.starts_at, rdv.ends_at, former)
    rdv.version += 1  # the row is locked
    rdv.save(update_fields=["version"])
    words = [f"{place.name}, {place.address}" for place in (former, rdv.lieu)]
    record(rdv, action=Action.EDITED, actor=actor, at=now, changes={"lieu": words})
    announce_new_address(rdv, before, actor=actor, now=now, gathering=gathering)
