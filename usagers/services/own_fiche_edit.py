"""A person corrects what is known of them, and says how they want to be told (A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.services.audit_write import record_change
from rdv.common.phones import parse_phone
from rdv.common.saving import InvalidRow, save_checked
from rdv.common.timezones import local_day
from usagers.models import Language, Usager
from usagers.policies import usagers_for
from usagers.rules.fiche_fields import CERTIFIED, columns_hidden, refusal_of_birth_date
from usagers.services.usager_fields import NewUsager, UsagerRefused, fill

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import UsagerActor

# The address has its own page, with a code; the rest of these is the agents' or a preference.
NOT_HERE = ("email", "case_number", "notes", "notifies_by_email", "notifies_by_sms")


@transaction.atomic
def update_own_fiche(
    *, usager_id: int, fields: NewUsager, actor: UsagerActor, now: datetime
) -> Usager:
    """Write what the person typed of one of their fiches; hidden columns keep their value.

    A certified identity does not change. Raises UsagerRefused, InvalidRow.
    """
    rows = usagers_for(actor, Permission.USAGER_EDIT).filter(pk__in=actor.usager_ids)
    usager: Usager | None = (
        rows.select_related("territoire")
        .filter(pk=usager_id)
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if usager is None:
        raise UsagerRefused(_("Cette fiche n’existe plus."))
    hidden = columns_hidden(usager.territoire.usager_fields)
    changed = fill(usager, fields, without=(*hidden, *NOT_HERE))
    if usager.identity_certified_at is not None and set(changed) & set(CERTIFIED):
        raise UsagerRefused(_("L’identité certifiée par FranceConnect ne se modifie pas."))
    today = local_day(now, usager.territoire.zone)
    refusal = refusal_of_birth_date(usager.birth_date, today=today)
    if refusal:
        raise InvalidRow({"birth_date": [refusal]})
    number = str(usager.phone_number or "")
    if number and parse_phone(number) is None:
        raise InvalidRow({"phone_number": [_("Ce numéro n’est pas valide.")]})
    save_checked(usager, without=["phone_number"])  # numbers of demonstration are ours alone
    if changed:
        _record(usager, sorted(changed), actor=actor, now=now)
    return usager


def _record(usager: Usager, columns: list[str], *, actor: UsagerActor, now: datetime) -> None:
    record_change(
        action="usager_edited",
        object_kind="usager",
        object_uuid=usager.uuid,
        organisation_id=None,
        territoire_id=usager.territoire_id,
        actor=actor,
        now=now,
        detail={"columns": columns},
    )


@transaction.atomic
def update_preferences(*, by_email: bool, by_sms: bool, language: str, actor: UsagerActor) -> None:
    """Write how the account is told, in every territoire; the language is the family's too."""
    own = Usager.objects.living().filter(pk__in=actor.usager_ids)
    own.update(notifies_by_email=by_email, notifies_by_sms=by_sms)
    if language in Language.values:
        Usager.objects.living().filter(pk__in=actor.family_ids).update(language=language)
