"""Two fiches side by side, before they become one (F03)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from usagers.models import Usager
from usagers.queries.usager_detail import label_of, shown_value
from usagers.rules.fiche_merge import (
    FIELDS,
    Side,
    default_side,
    fields_shown,
    imposed_side,
)

if TYPE_CHECKING:
    from datetime import date

    from agents.models import Organisation


@dataclass(frozen=True)
class MergeRow:
    """One field on both sides. `imposed`: why nobody chooses, "" when somebody does."""

    field: str
    label: str
    kept: str
    absorbed: str
    is_same: bool
    side: str
    imposed: str


def side_of(usager: Usager) -> Side:
    """Return what the rules need; one statement."""
    values = {
        column: str(getattr(usager, column) or "")
        if column == "phone_number"
        else getattr(usager, column)
        for columns in FIELDS.values()
        for column in columns
    }
    return Side(
        key=usager.pk,
        values=values,
        has_account=usager.account_id is not None,
        is_certified=usager.identity_certified_at is not None,
        has_proches=Usager.objects.living().filter(responsable=usager).exists(),
    )


def merge_rows(
    kept: Usager, absorbed: Usager, *, organisation: Organisation, today: date
) -> list[MergeRow]:
    """Return the fields that the territoire shows and that one of the two holds, in order."""
    left, right = side_of(kept), side_of(absorbed)
    return [
        MergeRow(
            field=field,
            label=label_of(field),
            kept=_shown(kept, field, today),
            absorbed=_shown(absorbed, field, today),
            is_same=left.of(field) == right.of(field),
            side=imposed_side(field, left, right) or default_side(field, left, right),
            imposed=_why(field) if imposed_side(field, left, right) else "",
        )
        for field in fields_shown(organisation.territoire.usager_fields)
        if not (left.is_blank(field) and right.is_blank(field))
    ]


def _shown(usager: Usager, field: str, today: date) -> str:
    if field == "responsable":
        return usager.responsable.full_name if usager.responsable else _("aucun")
    return shown_value(usager, field, today=today) or _("non renseigné")


def _why(field: str) -> str:
    if field == "email":
        return _("C’est l’adresse du compte de la personne : elle reste.")
    return _("Certifié par FranceConnect : cette valeur reste.")
