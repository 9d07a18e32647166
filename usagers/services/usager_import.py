"""Import the fiches of a file, line by line, for good or to see (G14)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.policies import organisations_for
from rdv.common.errors import DomainError
from rdv.common.phones import parse_phone
from rdv.common.text_keys import fold
from usagers.models import Origin
from usagers.queries.usager_duplicates import Identity, likely_duplicates
from usagers.rules.fiche_fields import columns_shown
from usagers.services.usager_create import create_usager
from usagers.services.usager_fields import NewUsager, UsagerRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agents.models import Organisation
    from agents.permissions import Actor

MOST_LINES = 500
_ALWAYS = ("last_name", "first_name", "email", "phone_number")


class Outcome(StrEnum):
    """NEW: created (would be). DUPLICATE: probably known already, left out. WRONG: refused."""

    NEW = "new"
    DUPLICATE = "duplicate"
    WRONG = "wrong"


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


@dataclass(frozen=True)
class UsagerReport:
    """`why`: in French, of what was left out."""

    number: int
    name: str
    outcome: Outcome
    why: str = ""


class _Left(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """The line is left out: probably somebody who is known."""


def columns_taken(organisation: Organisation) -> tuple[str, ...]:
    """Return the columns that the territoire shows: nothing else is read."""
    shown = (*_ALWAYS, *columns_shown(organisation.territoire.usager_fields))
    return tuple(name for name in COLUMNS if name in shown)


def import_usagers(
    *,
    lines: Sequence[UsagerLine],
    organisation: Organisation,
    actor: Actor | None,
    now: datetime,
    is_trial: bool,
) -> list[UsagerReport]:
    """Return what became of each line; one that is left out stops none of the others.

    The right is read again, for good as for the trial, which does everything and undoes it. Nobody
    is told. Raises UsagerRefused.
    """
    mine = organisations_for(actor, Permission.USAGER_IMPORT).filter(pk=organisation.pk)
    if not mine.exists():
        raise UsagerRefused(_("Vous ne pouvez plus importer d’usagers dans cette organisation."))
    if not is_trial:
        return _import(lines, organisation, actor, now)
    with transaction.atomic():
        reports = _import(lines, organisation, actor, now)
        transaction.set_rollback(True)
    return reports


def _import(
    lines: Sequence[UsagerLine], organisation: Organisation, actor: Actor | None, now: datetime
) -> list[UsagerReport]:
    taken = columns_taken(organisation)
    reports = []
    for line in lines[:MOST_LINES]:
        name = f"{line.first_name} {line.last_name.upper()}".strip()[:160]
        outcome, why = Outcome.NEW, ""
        try:
            fiche = _fiche(line, taken)
            _leave_known(fiche, actor, organisation)
            create_usager(
                organisation=organisation, fields=fiche, actor=actor, now=now, origin=Origin.IMPORT
            )
        except _Left as left:
            outcome, why = Outcome.DUPLICATE, left.message
        except DomainError as refusal:
            outcome, why = Outcome.WRONG, _words(refusal)
        reports.append(UsagerReport(line.number, name, outcome, why))
    return reports


def _fiche(line: UsagerLine, taken: Sequence[str]) -> NewUsager:
    """Return what to write. Raises UsagerRefused for what cannot be read."""
    typed = {name: getattr(line, name) for name in taken}
    if not typed["last_name"] or not typed["first_name"]:
        raise UsagerRefused(_("Le nom et le prénom sont obligatoires."))
    for name, text in typed.items():
        _check_text(text, is_phone=name == "phone_number")
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


def _check_text(text: str, *, is_phone: bool) -> None:
    if text.startswith(("=", "@", "+", "-")) and not (is_phone and text.startswith("+")):
        raise UsagerRefused(_("Une case commence par =, +, - ou @ : les formules sont refusées."))
    # Symbols and pictures (So), modifiers of theirs (Sk), private or unassigned signs.
    if any(unicodedata.category(sign) in ("So", "Sk", "Co", "Cn", "Cf", "Cs") for sign in text):
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


def _leave_known(fiche: NewUsager, actor: Actor | None, organisation: Organisation) -> None:
    """Fiches of earlier lines are there already: a person who is twice in the file is left out."""
    identity = Identity(
        first_name=fiche.first_name,
        last_name=fiche.last_name,
        birth_date=fiche.birth_date,
        email=fiche.email.strip().lower(),
        phone_number=fiche.phone_number,
    )
    found = likely_duplicates(identity, actor=actor, organisation=organisation)
    if found:
        raise _Left(
            _("Ressemble à %(name)s (%(reasons)s). Créez la fiche à la main si ce n’est pas elle.")
            % {"name": found[0].person.name, "reasons": ", ".join(found[0].reasons)}
        )


def _words(refusal: DomainError) -> str:
    errors = getattr(refusal, "errors", None)
    if not errors:
        return refusal.message
    return " ".join(str(text) for texts in errors.values() for text in texts)


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
