"""The lines of the matrix for what is done to several motifs, and for what closes or reopens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from motifs.models import Motif, MotifBulkEdit, MotifBulkLine
from tests.factories import MotifFactory
from tests.factories.planning import NOW
from tests.permissions.url_matrix import (
    ADMINS,
    READS_LIEU,
    READS_MOTIF,
    Row,
    motif_data,
    of_organisation,
)
from tests.permissions.url_matrix_territoire import TERRITOIRE_ADMIN, of_territoire

if TYPE_CHECKING:
    from tests.cast import Cast


def the_motif(cast: Cast) -> list[Any]:
    return [cast.motif.uuid]


def archived_motif(cast: Cast) -> list[Any]:
    Motif.objects.filter(pk=cast.motif.pk).update(archived_at=NOW)
    return [cast.motif.uuid]


def bulk_data(cast: Cast) -> dict[str, Any]:
    return {
        "motif": [str(cast.motif.uuid)],
        "change": ["duration_minutes"],
        "duration_minutes": "50",
    }


def suspend_data(_cast: Cast) -> dict[str, Any]:
    return {"until": "2027-02-01", "message": "Travaux"}


def own_bulk(cast: Cast) -> list[Any]:
    """An edit that `admin` has just made."""
    motif = MotifFactory(organisation=cast.organisation, service=cast.social)
    bulk = MotifBulkEdit.objects.create(
        territoire=cast.territoire, agent=cast.admin, created_at=NOW
    )
    MotifBulkLine.objects.create(
        bulk=bulk, motif=motif, before={"duration_minutes": 20}, after={"duration_minutes": 30}
    )
    return [bulk.uuid]


MATRIX: dict[str, Row] = {
    "motifs:motif_preview": Row(
        args=of_organisation, post={200: ADMINS, 403: READS_LIEU}, data=motif_data
    ),
    "motifs:motif_duplicate": Row(
        args=the_motif,
        get={200: ADMINS, 403: READS_MOTIF},
        post={302: ADMINS, 403: READS_MOTIF},
        data=motif_data,
    ),
    "motifs:motif_restore": Row(
        args=archived_motif,
        get={200: ADMINS, 403: READS_MOTIF},
        post={302: ADMINS, 403: READS_MOTIF},
    ),
    "motifs:motif_suspend": Row(
        args=the_motif,
        get={200: ADMINS, 403: READS_MOTIF},
        post={302: ADMINS, 403: READS_MOTIF},
        data=suspend_data,
    ),
    "motifs:booking_suspend": Row(
        args=of_organisation,
        get={200: ADMINS, 403: READS_LIEU},
        post={302: ADMINS, 403: READS_LIEU},
        data=suspend_data,
    ),
    # A GET without motifs goes back to the list.
    "motifs:motif_bulk": Row(
        args=of_organisation,
        get={302: ADMINS, 403: READS_LIEU},
        post={200: ADMINS, 403: READS_LIEU},
        data=bulk_data,
    ),
    "motifs:territoire_motifs": Row(args=of_territoire, get={200: TERRITOIRE_ADMIN}),
    "motifs:motif_bulk_of_territoire": Row(
        args=of_territoire,
        get={302: TERRITOIRE_ADMIN},
        post={200: TERRITOIRE_ADMIN},
        data=bulk_data,
    ),
    # Its author alone.
    "motifs:motif_bulk_result": Row(args=own_bulk, get={200: "admin"}),
    "motifs:motif_bulk_undo": Row(args=own_bulk, post={302: "admin"}),
}
