"""The lines of the matrix for the audit trail, one person's data, imports and impersonation."""

from __future__ import annotations

from tests.permissions.url_matrix import ADMINS, Row, of_organisation
from tests.permissions.url_matrix_territoire import TERRITOIRE_ADMIN, of_territoire

MATRIX: dict[str, Row] = {
    "planning:audit_list": Row(args=of_organisation, get={200: ADMINS}),
    "planning:territoire_audit": Row(args=of_territoire, get={200: TERRITOIRE_ADMIN}),
}
