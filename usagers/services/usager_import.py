"""Import the fiches of a file, a batch of lines at a time, for good or to see (G14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.permissions import Permission
from agents.policies import organisations_for
from agents.services.audit_write import record_changes
from rdv.common.errors import DomainError
from rdv.common.saving import invalid_row
from rdv.common.text_keys import words
from usagers.models import Origin, Rattachement, Usager
from usagers.queries.usager_duplicates import Identity, first_duplicates
from usagers.rules.usager_import import Facts, FilePeople, Outcome, UsagerReport
from usagers.services.search_trace import record_search
from usagers.services.usager_create import create_usager
from usagers.services.usager_fields import UsagerRefused, fill, refuse_hidden, refuse_impossible
from usagers.services.usager_import_lines import columns_taken, fiche_of_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor
    from usagers.queries.usager_duplicates import Duplicate
    from usagers.services.usager_fields import NewUsager
    from usagers.services.usager_import_lines import UsagerLine

# Fields that the model would ask the database about; the caller and the constraints know them.
_NOT_ASKED = {"phone_number", "territoire", "responsable", "account", "merged_into"}


_REASONS = {
    "name": gettext_lazy("même nom"),
    "email": gettext_lazy("même adresse e-mail"),
    "phone": gettext_lazy("même téléphone"),
}


class _Left(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """The line is left out: probably somebody who is known."""


@dataclass(frozen=True)
class _Known:
    """What the database knows of the people of a batch: by line, and the addresses in use."""

    duplicates: dict[int, Duplicate]
    addresses: set[str]


def import_lines(
    lines: Sequence[UsagerLine],
    *,
    people: FilePeople,
    organisation: Organisation,
    actor: Actor | None,
    now: datetime,
    is_trial: bool,
) -> list[UsagerReport]:
    """Return what became of each line; one that is left out stops none of the others.

    In a transaction. As many statements for one line as for a thousand. The right is read again;
    a trial writes everything and undoes it. `people`: those of the earlier lines, and then of
    these. Nobody is told. Raises UsagerRefused.
    """
    mine = organisations_for(actor, Permission.USAGER_IMPORT).filter(pk=organisation.pk)
    if not mine.exists():
        raise UsagerRefused(_("Vous ne pouvez plus importer d’usagers dans cette organisation."))
    reports, fiches = _read(lines, organisation)
    known = _known(fiches, organisation, actor, now)
    rows: dict[int, Usager] = {}
    for number, fiche in fiches.items():
        try:
            _leave_known(number, fiche, known, people)
            rows[number] = _row(fiche, organisation, now)
        except DomainError as refusal:
            reports[number] = _refused(number, fiche, refusal)
        else:
            people.add(number, facts_of(fiche, fiche.birth_name))
    refusals = _write(rows, fiches, organisation, actor, now, is_trial=is_trial)
    for number in rows:
        reports[number] = (
            _refused(number, fiches[number], refusals[number])
            if number in refusals
            else UsagerReport(number, _name(fiches[number]), Outcome.NEW)
        )
    return [reports[line.number] for line in lines]


def _read(
    lines: Sequence[UsagerLine], organisation: Organisation
) -> tuple[dict[int, UsagerReport], dict[int, NewUsager]]:
    """Return the reports of the lines that cannot be read, and the fiches of the others."""
    taken = columns_taken(organisation)
    reports: dict[int, UsagerReport] = {}
    fiches: dict[int, NewUsager] = {}
    for line in lines:
        try:
            fiche = fiche_of_line(line, taken)
            refuse_hidden(fiche, organisation)
        except DomainError as refusal:
            reports[line.number] = _refused(line.number, line, refusal)
        else:
            fiches[line.number] = fiche
    return reports, fiches


def _known(
    fiches: dict[int, NewUsager], organisation: Organisation, actor: Actor | None, now: datetime
) -> _Known:
    """Ask once for the whole batch. What it shows of masked people leaves its trace (I03)."""
    identities = {number: identity_of(fiche) for number, fiche in fiches.items()}
    found = first_duplicates(identities, actor=actor, organisation=organisation)
    shown = [one.person for one in found.values()]
    record_search(shown, organisation=organisation, actor=actor, now=now)
    # Addresses are unique in the territoire, which may be wider than what the actor may see.
    others = Usager.objects.filter(territoire=organisation.territoire_id)
    typed = {identity.email for identity in identities.values() if identity.email}
    taken = others.filter(email__in=typed).values_list("email", flat=True)
    return _Known(found, {str(email) for email in taken})


def _leave_known(number: int, fiche: NewUsager, known: _Known, people: FilePeople) -> None:
    """Raise _Left for somebody who is known, or twice in the file; UsagerRefused for an address."""
    found = known.duplicates.get(number)
    if found:
        raise _Left(_likeness(found.person.name, found.reasons))
    identity = identity_of(fiche)
    twice = people.find(facts_of(fiche))
    if twice:
        name = _("la ligne %(number)s du fichier") % {"number": twice.number}
        raise _Left(_likeness(name, [str(_REASONS[reason]) for reason in twice.reasons]))
    if identity.email in known.addresses:
        raise UsagerRefused(_("Une autre fiche porte déjà cette adresse e-mail."))


def _likeness(name: str, reasons: Sequence[str]) -> str:
    return _(
        "Ressemble à %(name)s (%(reasons)s). Créez la fiche à la main si ce n’est pas elle."
    ) % {"name": name, "reasons": ", ".join(reasons)}


def _row(fiche: NewUsager, organisation: Organisation, now: datetime) -> Usager:
    """Return the row, unsaved, of somebody who may be. Raises InvalidRow."""
    row = Usager(territoire_id=organisation.territoire_id, origin=Origin.IMPORT)
    fill(row, fiche)
    refuse_impossible(row, organisation=organisation, now=now)
    try:
        row.clean_fields(exclude=_NOT_ASKED)
    except ValidationError as error:
        raise invalid_row(error) from error
    return row


def _write(
    rows: dict[int, Usager],
    fiches: dict[int, NewUsager],
    organisation: Organisation,
    actor: Actor | None,
    now: datetime,
    *,
    is_trial: bool,
) -> dict[int, DomainError]:
    """Insert the rows at once; when the database refuses, line by line. Return the refusals."""
    refusals: dict[int, DomainError] = {}
    with transaction.atomic():
        try:
            with transaction.atomic():
                _insert(rows, fiches, organisation, actor, now)
        except IntegrityError:
            for number in rows:
                try:
                    create_usager(
                        organisation=organisation,
                        fields=fiches[number],
                        actor=actor,
                        now=now,
                        origin=Origin.IMPORT,
                    )
                except DomainError as refusal:
                    refusals[number] = refusal
        if is_trial:
            transaction.set_rollback(True)
    return refusals


def _insert(
    rows: dict[int, Usager],
    fiches: dict[int, NewUsager],
    organisation: Organisation,
    actor: Actor | None,
    now: datetime,
) -> None:
    Usager.objects.bulk_create(rows.values())
    Rattachement.objects.bulk_create(
        Rattachement(usager=row, organisation=organisation, notes=fiches[number].notes.strip())
        for number, row in rows.items()
    )
    record_changes(
        action="usager_imported",
        object_kind="usager",
        object_uuids=[row.uuid for row in rows.values()],
        organisation_id=organisation.pk,
        actor=actor,
        now=now,
    )


def identity_of(fiche: NewUsager) -> Identity:
    return Identity(
        first_name=fiche.first_name,
        last_name=fiche.last_name,
        birth_date=fiche.birth_date,
        email=fiche.email.strip().lower(),
        phone_number=fiche.phone_number,
    )


def facts_of(fiche: NewUsager, birth_name: str = "") -> Facts:
    """Return what tells the person; the birth name is looked in, not looked for."""
    identity = identity_of(fiche)
    names = f"{fiche.last_name} {fiche.first_name} {birth_name}"
    return Facts(
        words=words(names) if words(fiche.last_name) and words(fiche.first_name) else (),
        birth_date=identity.birth_date,
        email=identity.email,
        phone_number=identity.phone_number,
    )


def _name(typed: UsagerLine | NewUsager) -> str:
    return f"{typed.first_name} {typed.last_name.upper()}".strip()[:160]


def _refused(number: int, typed: UsagerLine | NewUsager, refusal: DomainError) -> UsagerReport:
    outcome = Outcome.DUPLICATE if isinstance(refusal, _Left) else Outcome.WRONG
    errors = getattr(refusal, "errors", None)
    words = [str(text) for texts in errors.values() for text in texts] if errors else []
    return UsagerReport(number, _name(typed), outcome, " ".join(words) or refusal.message)
