"""Close an organisation that nobody uses any more, or bring it back (G05, G13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.permissions import Permission
from agents.policies import organisations_of_territoires_for
from agents.queries.organisation_admin import coming_rdvs
from agents.services.audit_write import record_change
from agents.services.organisation_edit import OrganisationRefused

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor


@transaction.atomic
def archive_organisation(*, organisation_id: int, actor: Actor | None, now: datetime) -> None:
    """Put it away: its pages, motifs and lieux disappear, its past RDVs stay.

    Raises OrganisationRefused, also as long as RDVs are to come: somebody must say what becomes of
    them, and tell the people (G13).
    """
    organisation = _lock(organisation_id, actor)
    if organisation.archived_at is not None:
        return
    count = coming_rdvs(organisation, now).count()
    if count:
        raise OrganisationRefused(
            ngettext(
                "%(count)s RDV est à venir : annulez-le ou déplacez-le d’abord.",
                "%(count)s RDV sont à venir : annulez-les ou déplacez-les d’abord.",
                count,
            )
            % {"count": count}
        )
    _write(organisation, now, "organisation_archived", actor=actor, now=now)


@transaction.atomic
def restore_organisation(*, organisation_id: int, actor: Actor | None, now: datetime) -> None:
    """Bring it back as it was. Raises OrganisationRefused."""
    organisation = _lock(organisation_id, actor)
    if organisation.archived_at is not None:
        _write(organisation, None, "organisation_restored", actor=actor, now=now)


def _lock(organisation_id: int, actor: Actor | None) -> Organisation:
    # The strong lock (planning/services/opening_lock.py): a RDV under way is seen, or waits.
    rows = organisations_of_territoires_for(actor, Permission.ORGANISATION_EDIT)
    organisation = rows.select_for_update(of=("self",)).filter(pk=organisation_id).first()
    if organisation is None:
        raise OrganisationRefused(_("Vous ne pouvez plus modifier cette organisation."))
    return organisation


def _write(
    organisation: Organisation,
    archived_at: datetime | None,
    action: str,
    *,
    actor: Actor | None,
    now: datetime,
) -> None:
    organisation.archived_at = archived_at
    organisation.save(update_fields=["archived_at"])
    record_change(
        action=action,
        object_kind="organisation",
        object_uuid=organisation.uuid,
        organisation_id=organisation.pk,
        territoire_id=organisation.territoire_id,
        actor=actor,
        now=now,
    )
