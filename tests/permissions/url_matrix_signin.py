"""The lines of the matrix for ProConnect, the second factor, devices and the territoire's rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.permissions.url_matrix import AGENTS, EVERYBODY, USAGERS, Row
from tests.permissions.url_matrix_territoire import TERRITOIRE_ADMIN, of_territoire

if TYPE_CHECKING:
    from tests.cast import Cast

# An agent who has not just proven who they are goes through « Confirmez que c’est vous ».
PROOF_FIRST = Row(get={302: AGENTS, 403: USAGERS}, post={302: AGENTS, 403: USAGERS})


def somebody_elses_key(_: Cast) -> list[Any]:
    return [0]


def somebody_elses_session(_: Cast) -> list[Any]:
    return [uuid4()]


MATRIX: dict[str, Row] = {
    # Switched off here, as on a site that has no keys.
    "proconnect_login": Row(post={404: EVERYBODY}),
    "proconnect_callback": Row(get={404: EVERYBODY}),
    "proconnect_signed_out": Row(get={302: EVERYBODY}),
    "proconnect_unlink": Row(post={302: AGENTS}),
    # Nobody is half-way through a sign-in.
    "mfa_authenticate": Row(get={302: EVERYBODY}, post={302: EVERYBODY}),
    "mfa_login_webauthn": Row(get={302: EVERYBODY}, post={302: EVERYBODY}),
    "mfa_index": Row(get={200: AGENTS, 403: USAGERS}),
    "mfa_activate_totp": PROOF_FIRST,
    "mfa_deactivate_totp": Row(get={404: AGENTS, 403: USAGERS}, post={404: AGENTS, 403: USAGERS}),
    "mfa_view_recovery_codes": Row(get={404: AGENTS, 403: USAGERS}),
    "mfa_download_recovery_codes": Row(get={404: AGENTS, 403: USAGERS}),
    "mfa_generate_recovery_codes": PROOF_FIRST,
    "mfa_add_webauthn": PROOF_FIRST,
    "mfa_edit_webauthn": Row(
        args=somebody_elses_key, get={302: AGENTS, 403: USAGERS}, post={302: AGENTS, 403: USAGERS}
    ),
    "mfa_remove_webauthn": Row(
        args=somebody_elses_key, get={302: AGENTS, 403: USAGERS}, post={302: AGENTS, 403: USAGERS}
    ),
    "account_reauthenticate": Row(
        get={200: AGENTS, 403: USAGERS}, post={422: AGENTS, 403: USAGERS}
    ),
    # Without a second factor, the password is asked instead.
    "mfa_reauthenticate": PROOF_FIRST,
    "mfa_reauthenticate_webauthn": PROOF_FIRST,
    "account_devices": Row(get={200: AGENTS, 403: USAGERS}),
    "account_devices_end_others": Row(post={302: AGENTS, 403: USAGERS}),
    "account_device_end": Row(args=somebody_elses_session, post={404: AGENTS, 403: USAGERS}),
    "agents:territoire_security": Row(
        args=of_territoire, get={200: TERRITOIRE_ADMIN}, post={302: TERRITOIRE_ADMIN}
    ),
}
