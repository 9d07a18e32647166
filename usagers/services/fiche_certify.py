"""Write on a fiche the identity that FranceConnect certified (A04)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.services.audit_write import record_change
from usagers.queries.certified_identity import FRANCECONNECT

if TYPE_CHECKING:
    from datetime import datetime

    from usagers.models import Usager
    from usagers.rules.certified_identity import CertifiedIdentity


def certify(usager: Usager, identity: CertifiedIdentity, *, now: datetime) -> None:
    """Overwrite the columns that were given, once: a certified fiche does not change any more.

    The caller holds the fiche. The audit trail names the columns, never what they held.
    """
    if usager.identity_certified_at is not None:
        return
    changed = [name for name, value in identity.columns.items() if getattr(usager, name) != value]
    for name in changed:
        setattr(usager, name, identity.columns[name])
    usager.identity_certified_at = now
    usager.save(update_fields=[*changed, "identity_certified_at", "updated_at"])
    record_change(
        action="usager_certified",
        object_kind="usager",
        object_uuid=usager.uuid,
        organisation_id=None,
        territoire_id=usager.territoire_id,
        actor=None,
        now=now,
        detail={"columns": changed, "provider": FRANCECONNECT},
    )
