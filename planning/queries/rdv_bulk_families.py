"""Which lines of an action on many RDVs must be done together (E10)."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import F
from django.db.models.functions import Coalesce

from planning.models import LineState, Participation, RdvBulkLine
from planning.rules import rdv_bulk as rule


def waiting_families(bulk_id: int) -> list[list[int]]:
    """Return the keys of the lines that wait, those that share somebody to tell together.

    Two statements. A line that tells no usager (a handover, a silent action) is alone.
    """
    waiting = RdvBulkLine.objects.filter(bulk=bulk_id, state=LineState.WAITING).order_by("pk")
    lines = list(waiting.values_list("pk", "rdv", "act", "bulk__notifies"))
    telling = [rdv for _pk, rdv, act, notifies in lines if notifies and act != rule.AGENT]
    people: dict[int, set[int]] = defaultdict(set)
    rows = Participation.objects.active().filter(rdv__in=telling)
    told = rows.annotate(told=Coalesce(F("usager__responsable"), F("usager")))
    for rdv, person in told.values_list("rdv", "told"):
        people[rdv].add(person)
    return rule.families([(pk, people[rdv]) for pk, rdv, _act, _notifies in lines])
