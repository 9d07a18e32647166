"""The lines of the matrix for the exports: asked for by admins, read by their author alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from planning.models import Export
from tests.factories.planning import NOW
from tests.permissions.url_matrix import ADMINS, AGENTS, Row, of_organisation

if TYPE_CHECKING:
    from tests.cast import Cast


def the_export(cast: Cast, **columns: Any) -> list[Any]:
    """A request of `admin`; nobody else knows that it exists."""
    export = Export.objects.create(
        agent=cast.admin,
        organisation=cast.organisation,
        kind="rdv",
        file_format="csv",
        file_name="export.csv",
        rows_total=1,
        created_at=NOW,
        **columns,
    )
    return [export.uuid]


def request_data(cast: Cast) -> dict[str, Any]:
    return {"uuid": UUID(int=cast.organisation.pk), "kind": "rdv", "file_format": "csv"}


MATRIX: dict[str, Row] = {
    "planning:export_request": Row(
        args=of_organisation,
        get={200: ADMINS, 403: "owner same_service other_service secretary"},
        post={302: ADMINS, 403: "owner same_service other_service secretary"},
        data=request_data,
    ),
    "planning:export_list": Row(get={200: AGENTS}),
    # Not ready: back to the list, which says so.
    "planning:export_download": Row(args=the_export, get={302: "admin"}),
    "planning:export_cancel": Row(args=the_export, post={302: "admin"}),
    "planning:export_retry": Row(args=the_export, post={302: "admin"}),
}
