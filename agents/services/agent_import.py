"""Invite the agents of a file, line by line, for good or to see (G14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Level, Organisation, Service
from agents.queries.agent_choices import invitable_organisations
from agents.services.agent_invite import InvitationFields, Outcome, invite_agent
from rdv.common.errors import DomainError
from rdv.common.text_keys import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from agents.models import Territoire
    from agents.permissions import Actor

MOST_LINES = 500
_LEVELS = {
    "": Level.BASIQUE,
    "basique": Level.BASIQUE,
    "agent": Level.BASIQUE,
    "admin": Level.ADMIN,
    "administrateur": Level.ADMIN,
    "administratrice": Level.ADMIN,
}


@dataclass(frozen=True)
class ImportLine:
    """A line as it was typed. Empty `organisations`: those of the page."""

    number: int
    email: str
    level: str = ""
    services: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True)
class LineReport:
    """`refusal` in French, or "" and what happened (what would)."""

    number: int
    email: str
    outcome: Outcome | None = None
    refusal: str = ""


class _LineRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """A word of the line means nothing here."""


def import_agents(
    *,
    lines: Sequence[ImportLine],
    territoire: Territoire,
    here: Organisation | None,
    actor: Actor | None,
    now: datetime,
    is_trial: bool,
) -> list[LineReport]:
    """Return what became of each line; one that is refused stops none of the others.

    `here`: the organisation of the page, where a line names none. `is_trial`: everything is done as
    if for good, then undone.
    """
    if not is_trial:
        return _import(lines, territoire, here, actor, now)
    with transaction.atomic():
        reports = _import(lines, territoire, here, actor, now)
        transaction.set_rollback(True)
    return reports


def _import(
    lines: Sequence[ImportLine],
    territoire: Territoire,
    here: Organisation | None,
    actor: Actor | None,
    now: datetime,
) -> list[LineReport]:
    words = _Words(territoire, here, actor)
    seen: dict[str, int] = {}
    reports = []
    for line in lines[:MOST_LINES]:
        email = line.email.strip().lower()
        try:
            _check_address(email, seen.setdefault(email, line.number), line.number)
            invited = invite_agent(
                territoire=territoire, fields=words.fields_of(line, email), actor=actor, now=now
            )
            reports.append(LineReport(line.number, email, outcome=invited.outcome))
        except DomainError as refusal:
            reports.append(LineReport(line.number, email, refusal=refusal.message))
    return reports


def _check_address(email: str, first: int, number: int) -> None:
    if first != number:
        raise _LineRefused(
            _("Cette adresse est déjà à la ligne %(first)s du fichier.") % {"first": first}
        )
    try:
        validate_email(email)
    except ValidationError as error:
        raise _LineRefused(_("Cette adresse e-mail n’est pas valide.")) from error


class _Words:
    """What the words of a line mean in the territoire: read once for the whole file."""

    def __init__(
        self, territoire: Territoire, here: Organisation | None, actor: Actor | None
    ) -> None:
        self._here = here
        organisations = invitable_organisations(actor, territoire)
        if here is not None:
            organisations = organisations.filter(pk=here.pk)
        self._organisations = {fold(row.name): row for row in organisations}
        self._services: dict[str, str] = {}
        for row in Service.objects.filter(territoire_services__territoire=territoire):
            for name in (row.code, row.name, row.short_name):
                self._services[fold(name)] = row.code

    def fields_of(self, line: ImportLine, email: str) -> InvitationFields:
        level = _LEVELS.get(fold(line.level))
        if level is None:
            raise _LineRefused(
                _("Niveau inconnu : %(word)s. Écrivez basique ou admin.") % {"word": line.level}
            )
        return InvitationFields(
            email=email,
            organisations=tuple(row.uuid for row in self._places(line)),
            services=tuple(self._service(word) for word in line.services),
            level=level,
        )

    def _places(self, line: ImportLine) -> list[Organisation]:
        if not line.organisations:
            if self._here is None:
                raise _LineRefused(_("Nommez au moins une organisation."))
            return [self._here]
        found = []
        for word in line.organisations:
            if fold(word) not in self._organisations:
                raise _LineRefused(
                    _("Vous n’invitez pas dans l’organisation %(word)s.") % {"word": word}
                )
            found.append(self._organisations[fold(word)])
        return found

    def _service(self, word: str) -> str:
        if fold(word) not in self._services:
            raise _LineRefused(_("Service inconnu ou inactif : %(word)s.") % {"word": word})
        return self._services[fold(word)]
