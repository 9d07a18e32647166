"""What a line of a file of fiches says (G14)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from rdv.common.phones import parse_phone
from rdv.common.text_keys import fold
from usagers.rules.fiche_fields import columns_shown
from usagers.services.usager_fields import NewUsager, UsagerRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agents.models import Organisation

_ALWAYS = ("last_name", "first_name", "email", "phone_number")
# Symbols and pictures (So), modifiers of theirs (Sk), private, unassigned or unprintable signs.
_NO_TEXT = ("So", "Sk", "Co", "Cn", "Cf", "Cs", "Cc")


@dataclass(frozen=True)
class UsagerLine:
    """A line as it was typed."""

    number: int
    last_name: str = ""
    first_name: str = ""
    birth_name: str = ""
    birth_date: str = ""
    email: str = ""
    phone_number: str = ""
    address: str = ""
    post_code: str = ""
    city_name: str = ""
    affiliation_number: str = ""
    case_number: str = ""
    notes: str = ""


COLUMNS = tuple(field.name for field in fields(UsagerLine))[1:]


def columns_taken(organisation: Organisation) -> tuple[str, ...]:
    """Return the columns that the territoire shows: nothing else is read."""
    shown = (*_ALWAYS, *columns_shown(organisation.territoire.usager_fields))
    return tuple(name for name in COLUMNS if name in shown)


def fiche_of_line(line: UsagerLine, taken: Sequence[str]) -> NewUsager:
    """Return what to write. Raises UsagerRefused for what cannot be read."""
    typed = {name: getattr(line, name) for name in taken}
    if not typed["last_name"] or not typed["first_name"]:
        raise UsagerRefused(_("Le nom et le prénom sont obligatoires."))
    for name, text in typed.items():
        _check_text(text, is_phone=name == "phone_number")
    _zeros_back(typed)
    number = parse_phone(typed["phone_number"]) if typed["phone_number"] else ""
    if number is None:
        raise UsagerRefused(_("Ce numéro de téléphone n’est pas valide."))
    if typed["email"]:
        try:
            validate_email(typed["email"])
        except ValidationError as error:
            raise UsagerRefused(_("Cette adresse e-mail n’est pas valide.")) from error
    birth = _birth_date(typed.pop("birth_date", ""))
    return NewUsager(**{**typed, "phone_number": number}, birth_date=birth)


def _zeros_back(typed: dict[str, str]) -> None:
    """Give back the zero that a spreadsheet took from a number: 639981234, 1000."""
    for name, width in (("phone_number", 10), ("post_code", 5)):
        text = typed.get(name, "")
        if text.isascii() and text.isdigit() and len(text) == width - 1:
            typed[name] = f"0{text}"


def _check_text(text: str, *, is_phone: bool) -> None:
    if text.startswith(("=", "@", "+", "-")) and not (is_phone and text.startswith("+")):
        raise UsagerRefused(_("Une case commence par =, +, - ou @ : les formules sont refusées."))
    if any(unicodedata.category(sign) in _NO_TEXT for sign in text):
        raise UsagerRefused(_("Une case contient un signe qui n’est pas du texte."))


def _birth_date(text: str) -> date | None:
    """Read 24/08/1962, 1962-08-24, and what XLSX makes of it."""
    if not text:
        return None
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%d 00:00:00"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 (a civil day)
        except ValueError:
            continue
    raise UsagerRefused(_("La date de naissance s’écrit jj/mm/aaaa."))


def column_of(header: str) -> str | None:
    """Return the column that a folded header names, or None."""
    return next((name for name, words in _HEADERS.items() if header in words), None)


_HEADERS = {
    name: {fold(word) for word in words}
    for name, words in {
        "last_name": ("nom", "nom d’usage", "nom d'usage"),
        "first_name": ("prénom",),
        "birth_name": ("nom de naissance",),
        "birth_date": ("date de naissance", "né le", "née le"),
        "email": ("e-mail", "email", "mail", "adresse e-mail", "courriel"),
        "phone_number": ("téléphone", "tél", "mobile", "portable"),
        "address": ("adresse",),
        "post_code": ("code postal",),
        "city_name": ("commune", "ville"),
        "affiliation_number": ("numéro d’allocataire", "numéro d'allocataire", "allocataire"),
        "case_number": ("numéro de dossier", "dossier"),
        "notes": ("notes", "note", "remarques"),
    }.items()
}
