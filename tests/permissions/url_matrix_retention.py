"""The lines of the matrix for the audit trail, one person's data, imports and impersonation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.permissions.url_matrix import ADMINS, Row, of_organisation
from tests.permissions.url_matrix_territoire import TERRITOIRE_ADMIN, of_territoire

if TYPE_CHECKING:
    from tests.cast import Cast


def the_usager(cast: Cast) -> list[Any]:
    return [cast.territoire.uuid, cast.usager.uuid]


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
    "planning:usager_data_download": Row(args=the_usager, post={200: TERRITOIRE_ADMIN}),
}
