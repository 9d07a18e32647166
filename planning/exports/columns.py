"""The columns of an export, in their order (admin-integrations §7.2, §7.3).

Systems of départements read them by position: a new one is only ever added at the end, and none of
these words is translated. Dates and hours are texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planning.queries import export_rows as facts
from planning.queries.rdv_status import display_in
from planning.rules import export as rule
from rdv.common.cells import safe_text
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from agents.models import Territoire
    from planning.queries.export_rows import PersonFacts, RdvFacts

Cell = str | int

RDV_HEADER = (
    "année",
    "date prise rdv",
    "heure prise rdv",
    "origine",
    "date rdv",
    "heure rdv",
    "service",
    "motif",
    "contexte",
    "statut",
    "lieu",
    "professionnel.le(s)",
    "usager(s)",
    "commune du premier responsable",
    "au moins un usager mineur ?",
    "résultat des notifications",
    "Organisation",
    "date naissance",
    "code postal du premier responsable",
    "créé par",
    "email(s) professionnel.le(s)",
)
PARTICIPATION_HEADER = (
    "usager",
    "rdv_id",
    *RDV_HEADER[:12],
    "commune du responsable",
    "usager mineur ?",
    "résultat des notifications",
    "Organisation",
    "date naissance",
    "code postal du responsable",
    "créé par",
    "email(s) professionnel.le(s)",
)
_ORIGINS = {
    facts.AGENT: "Créé par un agent",
    facts.USAGER: "RDV pris sur internet",
    facts.PRESCRIPTEUR: "Prescripteur",
    facts.WAITING_LIST: "File d’attente",
}
_TOLD = {True: "Traité", False: "Échec", None: ""}


@dataclass(frozen=True)
class Reading:
    """How rows are written. `now`: of the request, as its filters.

    `hidden`: "context", "birth_date", "address", when the territoire does not show them: their
    cells are empty, their columns stay.
    """

    zone: ZoneInfo
    now: datetime
    hidden: frozenset[str] = frozenset()

    def row_of_rdv(self, rdv: RdvFacts) -> list[Cell]:
        """Return the 21 cells of a RDV."""
        people = rdv.people
        return [
            *self._common(rdv, rdv.status),
            safe_text(", ".join(person.name for person in people)),
            self._home(people, lambda person: person.city),
            self._minor(people),
            _TOLD[rdv.told],
            safe_text(rdv.organisation),
            self._births(people),
            self._home(people, lambda person: person.post_code),
            *self._end(rdv),
        ]

    def row_of_participation(self, rdv: RdvFacts, person: PersonFacts) -> list[Cell]:
        """Return the 22 cells of one usager in one RDV."""
        people = (person,)
        return [
            safe_text(person.name),
            str(rdv.uuid),
            *self._common(rdv, person.status),
            self._home(people, lambda one: one.city),
            self._minor(people),
            _TOLD[person.told],
            safe_text(rdv.organisation),
            self._births(people),
            self._home(people, lambda one: one.post_code),
            *self._end(rdv),
        ]

    def _common(self, rdv: RdvFacts, status: str) -> list[Cell]:
        created, starts = self._local(rdv.created_at), self._local(rdv.starts_at)
        display = display_in(self.zone, status, rdv.starts_at, now=self.now)
        return [
            created.year,
            _day(created),
            _hour(created),
            _ORIGINS.get(rdv.origin, ""),
            _day(starts),
            _hour(starts),
            safe_text(rdv.service),
            safe_text(rdv.motif),
            "" if "context" in self.hidden else safe_text(rdv.context),
            str(display.label),
            safe_text(rdv.place),
            safe_text(", ".join(rdv.agents)),
        ]

    def _end(self, rdv: RdvFacts) -> list[Cell]:
        author = rule.AUTHOR_ERASED if rdv.author is None else rdv.author
        return [safe_text(author), safe_text(", ".join(rdv.emails))]

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone)

    def _home(self, people: Collection[PersonFacts], part: Callable[[PersonFacts], str]) -> str:
        """Return that of the first who has one."""
        if "address" in self.hidden:
            return ""
        return safe_text(next((part(person) for person in people if part(person)), ""))

    def _minor(self, people: Collection[PersonFacts]) -> str:
        if "birth_date" in self.hidden:
            return ""
        today = local_day(self.now, self.zone)
        minors = (rule.is_minor(person.birth_date, today=today) for person in people)
        return "oui" if any(minors) else "non"

    def _births(self, people: Collection[PersonFacts]) -> str:
        if "birth_date" in self.hidden:
            return ""
        return ", ".join(_day(person.birth_date) for person in people if person.birth_date)


def reading_of(territoire: Territoire, *, now: datetime) -> Reading:
    """Return how the rows of this territoire are written."""
    hidden = {"birth_date", "address"} - set(territoire.usager_fields)
    if not territoire.shows_rdv_context:
        hidden.add("context")
    return Reading(territoire.zone, now, frozenset(hidden))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _hour(instant: datetime) -> str:
    return f"{instant:%Hh%M}"
