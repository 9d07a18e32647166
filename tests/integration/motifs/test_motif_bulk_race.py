"""G07: two clicks at once on « Annuler cette modification », and two agents who confirm."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import connection

from agents.models import AuditEntry
from motifs.models import Motif, MotifBulkEdit
from motifs.queries.motif_bulk import in_order, plan_of
from motifs.services.motif_bulk import MotifBulkRefused, bulk_edit_motifs, undo_bulk_edit
from tests.factories.planning import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts):
    """Run the acts at once; return what each raised, None when it went through."""
    ready = threading.Barrier(len(acts))
    found = [None] * len(acts)

    def work(place, act):
        try:
            ready.wait()
            act()
        except MotifBulkRefused as refusal:
            found[place] = refusal.message
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_G07_one_of_two_wins(cast):
    rows = list(in_order(Motif.objects.filter(pk=cast.motif.pk)))
    actors = [cast.actor("admin"), cast.actor("territoire_admin")]

    def confirming(actor, minutes):
        values = {"duration_minutes": minutes}
        digest = plan_of(rows, values, now=NOW).digest
        keys = [cast.motif.pk]
        return lambda: bulk_edit_motifs(
            uuid=uuid4(), motif_ids=keys, values=values, digest=digest, actor=actor, now=NOW
        )

    found = together(confirming(actors[0], 45), confirming(actors[1], 50))
    assert sorted(message is None for message in found) == [False, True]
    assert "vient de changer" in next(message for message in found if message)
    bulk = MotifBulkEdit.objects.select_related("agent").get()
    author = actors[0] if bulk.agent == cast.admin else actors[1]
    undoing = [lambda: undo_bulk_edit(bulk_id=bulk.pk, actor=author, now=NOW)] * 2
    found = together(*undoing)
    assert sorted(message or "" for message in found) == [
        "",
        "Cette modification est déjà annulée.",
    ]
    assert Motif.objects.get(pk=cast.motif.pk).duration_minutes == 30
    assert AuditEntry.objects.filter(action="motif_edit_undone").count() == 1
