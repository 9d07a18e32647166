"""Close a lieu, and tell the agents who receive there (G13). Its RDVs and plages stay."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from motifs.services.lieu_edit import set_lieu_open
from planning.models import PlageOuverture
from planning.queries.closing import coming_rdvs, plages_at
from planning.services.motif_close import ClosingUnasked, unasked_message
from planning.services.planning_announce import Change, announce_plages
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor
    from motifs.models import Lieu


@transaction.atomic
def close_lieu(*, lieu_id: int, is_asked: bool, actor: Actor | None, now: datetime) -> Lieu:
    """Close it, and queue one mail to each agent who has plages there.

    `is_asked`: what becomes of its RDVs was said. Nothing is booked there any more: the search of
    créneaux leaves out closed lieux. Raises ClosingUnasked when it was not and there are some,
    LieuRefused.
    """
    # Before the lieu, as who edits a plage does.
    rows = PlageOuverture.objects.filter(lieu=lieu_id).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk"))
    lieu = set_lieu_open(lieu_id=lieu_id, is_open=False, actor=actor, now=now)
    # The lieu is held: bookings that were under way are over, and seen here.
    if not is_asked and coming_rdvs(now=now, lieu=lieu).exists():
        raise ClosingUnasked(unasked_message())
    today = local_day(now, lieu.organisation.territoire.zone)
    keys = [plage.pk for plage in plages_at(lieu, today=today)]
    # The calendars of the agents take a series again when its number has grown.
    PlageOuverture.objects.filter(pk__in=keys).update(ics_sequence=F("ics_sequence") + 1)
    for _agent, plages in groupby(plages_at(lieu, today=today), key=lambda row: row.agent_id):
        announce_plages(Change.CHANGED, list(plages), actor=actor, now=now)
    return lieu
