"""What a fiche holds, and which of it a territoire shows (usagers-notifications §1.2, §1.3). Pure.

A territoire switches groups of columns; names, e-mail, phone and the two preferences are always
there. Forms, the fiche and the merge read this one table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

OLDEST = 130

# Switch of the territoire -> columns, in the order of the pages.
SWITCHED: dict[str, tuple[str, ...]] = {
    "birth_name": ("birth_name",),
    "birth_date": ("birth_date",),
    "address": ("address", "post_code", "city_name"),
    "address_details": ("address_details",),
    "caisse": ("caisse",),
    "affiliation_number": ("affiliation_number",),
    "family_situation": ("family_situation",),
    "number_of_children": ("number_of_children",),
    "logement": ("logement",),
    "case_number": ("case_number",),
    "notes": ("notes",),
}
# Given by FranceConnect: nobody edits them afterwards (A04).
CERTIFIED = ("first_name", "birth_name", "birth_date")


def columns_shown(switches: Collection[str]) -> tuple[str, ...]:
    """Return the columns that a territoire shows beyond name and contact, in order."""
    return tuple(
        column for switch, columns in SWITCHED.items() if switch in switches for column in columns
    )


def columns_hidden(switches: Collection[str]) -> tuple[str, ...]:
    shown = columns_shown(switches)
    return tuple(c for columns in SWITCHED.values() for c in columns if c not in shown)


def refusal_of_birth_date(day: date | None, *, today: date) -> str | None:
    """Return why nobody alive is born that day, in French, or None."""
    if day is None:
        return None
    if day > today:
        return "La date de naissance ne peut pas être dans le futur."
    if today.year - day.year > OLDEST:
        return "La date de naissance remonte à plus de 130 ans : vérifiez l’année."
    return None


def age_text(day: date | None, *, today: date) -> str:
    """Return "35 ans", "35 mois" under three years, "20 jours" under one month."""
    if day is None or day > today:
        return ""
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    if months >= 3 * 12:
        return f"{months // 12} ans"
    if months >= 1:
        return f"{months} mois"
    days = (today - day).days
    return f"{days} jour{'s' if days > 1 else ''}"
