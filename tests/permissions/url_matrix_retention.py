"""The lines of the matrix for the audit trail, one person's data, imports and impersonation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.factories.planning import NOW
from tests.permissions.url_matrix import ADMINS, Row, of_organisation
from tests.permissions.url_matrix_territoire import TERRITOIRE_ADMIN, of_territoire
from usagers.models import UsagerImport

if TYPE_CHECKING:
    from tests.cast import Cast


def the_usager(cast: Cast) -> list[Any]:
    return [cast.territoire.uuid, cast.usager.uuid]


def the_import(cast: Cast) -> list[Any]:
    sent = UsagerImport.objects.create(
        agent=cast.admin, organisation=cast.organisation, total=0, created_at=NOW
    )
    return [cast.organisation.uuid, sent.uuid]


MATRIX: dict[str, Row] = {
    "planning:audit_list": Row(args=of_organisation, get={200: ADMINS}),
    "planning:territoire_audit": Row(args=of_territoire, get={200: TERRITOIRE_ADMIN}),
    # A RDV to come forbids erasing: 422.
    "planning:usager_data": Row(
        args=the_usager,
        get={200: TERRITOIRE_ADMIN},
        post={422: TERRITOIRE_ADMIN},
        data=lambda _: {"reason": "person", "accepts": "1", "confirms": "on"},
    ),
    # Without file: 422.
    "usagers:usager_import": Row(
        args=of_organisation,
        get={200: ADMINS, 403: "owner same_service other_service secretary"},
        post={422: ADMINS, 403: "owner same_service other_service secretary"},
    ),
    # A file that somebody else sent: nobody knows it.
    "usagers:usager_import_report": Row(
        args=the_import,
        get={200: "admin", 403: "owner same_service other_service secretary"},
        post={302: "admin", 403: "owner same_service other_service secretary"},
    ),
    # Super-administrators only: tests/integration/agents/test_impersonation.py.
    "agents:impersonation": Row(get={}, post={}),
    "agents:impersonation_end": Row(post={}),
    "planning:usager_data_download": Row(args=the_usager, post={200: TERRITOIRE_ADMIN}),
}
