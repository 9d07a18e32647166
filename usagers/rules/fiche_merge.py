"""Which side of two fiches remains, field by field, and when they may not be merged (F03). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from usagers.rules.fiche_fields import CERTIFIED, SWITCHED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

KEPT, ABSORBED = "kept", "absorbed"
SIDES = (KEPT, ABSORBED)

# Field of the page -> columns that go together.
FIELDS: dict[str, tuple[str, ...]] = {
    "last_name": ("last_name",),
    "first_name": ("first_name",),
    "birth_name": ("birth_name",),
    "birth_date": ("birth_date",),
    "phone_number": ("phone_number",),
    "email": ("email",),
    "responsable": ("responsable_id",),
    "address": ("address", "post_code", "city_name", "city_code"),
    "address_details": ("address_details",),
    "caisse": ("caisse",),
    "affiliation_number": ("affiliation_number",),
    "family_situation": ("family_situation",),
    "number_of_children": ("number_of_children",),
    "logement": ("logement",),
    "case_number": ("case_number",),
}


@dataclass(frozen=True)
class Side:
    """What the rules need of one fiche. `values`: those of every column of FIELDS, comparable."""

    key: int
    values: Mapping[str, Any]
    has_account: bool = False
    is_certified: bool = False
    has_proches: bool = False

    def of(self, field: str) -> tuple[Any, ...]:
        return tuple(self.values[column] for column in FIELDS[field])

    def is_blank(self, field: str) -> bool:
        return all(value in ("", None) for value in self.of(field))


def fields_shown(switches: Collection[str]) -> tuple[str, ...]:
    """Return the fields that the page compares: those that the territoire shows."""
    return tuple(name for name in FIELDS if name not in SWITCHED or name in switches)


def imposed_side(field: str, kept: Side, absorbed: Side) -> str | None:
    """Return the side that nobody chooses, or None.

    A certified identity wins; so does the address of the only account, which opens it.
    """
    if field in CERTIFIED and kept.is_certified != absorbed.is_certified:
        return KEPT if kept.is_certified else ABSORBED
    if field == "email" and kept.has_account != absorbed.has_account:
        return KEPT if kept.has_account else ABSORBED
    return None


def default_side(field: str, kept: Side, absorbed: Side) -> str:
    """Return what is proposed: nothing that is known gets lost."""
    return ABSORBED if kept.is_blank(field) and not absorbed.is_blank(field) else KEPT


def sides_of(
    chosen: Mapping[str, str], shown: Collection[str], kept: Side, absorbed: Side
) -> dict[str, str]:
    """Return the side of every field; a choice counts for a field that is shown and free."""
    return {
        field: imposed_side(field, kept, absorbed)
        or (chosen.get(field) if field in shown else None)
        or default_side(field, kept, absorbed)
        for field in FIELDS
    }


def refusal_to_merge(kept: Side, absorbed: Side) -> str | None:
    """Return why these two are never one person, in French, or None."""
    if kept.key == absorbed.key:
        return "Choisissez deux fiches différentes."
    if kept.key in absorbed.of("responsable") or absorbed.key in kept.of("responsable"):
        return "L’une de ces personnes est responsable de l’autre : ce sont deux personnes."
    both = kept.is_certified and absorbed.is_certified
    if both and any(kept.of(field) != absorbed.of(field) for field in CERTIFIED):
        return (
            "FranceConnect a certifié deux identités différentes : ces deux fiches ne se "
            "fusionnent pas."
        )
    return None


def refusal_of_choice(responsable: int | None, kept: Side, absorbed: Side) -> str | None:
    """Return why the fiche that remains cannot be a proche, in French, or None."""
    if responsable is None:
        return None
    if kept.has_account or absorbed.has_account:
        return "Une personne qui a un compte n’est le proche de personne : choisissez « aucun »."
    if kept.has_proches or absorbed.has_proches:
        return "Une personne qui a des proches n’en est pas un : choisissez « aucun »."
    return None
