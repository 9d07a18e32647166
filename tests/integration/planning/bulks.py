"""Actions on many RDVs, started and done as the pages and the workers do (E10)."""

from __future__ import annotations

from uuid import uuid4

from planning.models import RdvBulkLine
from planning.rules.rdv_bulk import NewLine
from planning.services.rdv_bulk_run import run_rdv_bulk
from planning.services.rdv_bulk_start import start_rdv_bulk
from tests.factories.planning import NOW


def line_of(rdv, act="cancel", **values):
    return NewLine(rdv.pk, act, rdv.version, rdv.status, **values)


def start(cast, *lines, who="owner", note="", notifies=True):
    return start_rdv_bulk(
        uuid=uuid4(),
        organisation_id=cast.organisation.pk,
        lines=lines,
        note=note,
        notifies=notifies,
        actor=cast.actor(who),
        now=NOW,
    )


def run(bulk):
    run_rdv_bulk(bulk_id=bulk.pk, now=NOW)
    return list(RdvBulkLine.objects.filter(bulk=bulk).values_list("state", "reason"))
