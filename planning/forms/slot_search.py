"""What « Trouver un RDV » looks for: its URL, which holds nothing that names an usager (E04)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from planning.forms.agenda_state import LAST_DAY, parse_day

if TYPE_CHECKING:
    from datetime import date

    from django.http import QueryDict

WEEK_DAYS = 7
MOST_CHOICES = 500
KEY_LENGTH = 40


@dataclass(frozen=True)
class Criteria:
    """`agents`, `equipes`, `lieux` and `motif` are uuids as they were given, even unknown ones.

    An unknown one must not be forgotten: a filter that means nobody would become no filter.
    `moment` is the ISO start whose free agents are listed, `draft` the uuid of a RdvDraft.
    """

    day: date
    service: str = ""
    motif: str = ""
    agents: tuple[str, ...] = ()
    equipes: tuple[str, ...] = ()
    lieux: tuple[str, ...] = ()
    moment: str = ""
    draft: str = ""
    was_past: bool = False

    @property
    def filters_agents(self) -> bool:
        return bool(self.agents or self.equipes)

    def at(self, day: date) -> Criteria:
        return replace(self, day=min(day, LAST_DAY), moment="")

    def moved(self, weeks: int) -> Criteria:
        return self.at(self.day + timedelta(days=WEEK_DAYS * weeks))

    def at_lieu(self, lieu: str, day: date) -> Criteria:
        return replace(self.at(day), lieux=(lieu,))

    def at_moment(self, moment: str) -> Criteria:
        return replace(self, moment=moment)

    def of_service(self, code: str) -> Criteria:
        return replace(self, service=code)

    def for_motif(self, motif: str) -> Criteria:
        return replace(self, motif=motif)

    def without_agents(self) -> Criteria:
        return replace(self, agents=(), equipes=(), moment="")

    def without_lieux(self) -> Criteria:
        return replace(self, lieux=(), moment="")

    @property
    def remembered(self) -> str:
        """Return the query string to come back to: neither the draft nor the list of one start."""
        return replace(self, moment="", draft="").query

    @property
    def query(self) -> str:
        """Return the query string that `parse_criteria` reads back."""
        pairs = [
            ("service", self.service),
            ("motif", self.motif),
            ("date", self.day.isoformat()),
            *(("agent", key) for key in self.agents),
            *(("equipe", key) for key in self.equipes),
            *(("lieu", key) for key in self.lieux),
            ("heure", self.moment),
            ("brouillon", self.draft),
        ]
        return urlencode([(name, value) for name, value in pairs if value])


def parse_criteria(given: QueryDict, *, today: date) -> Criteria:
    """Return what the query string asks for; a day that is past, or no day, is today."""
    day = parse_day(given.get("date", ""))
    return Criteria(
        day=max(day or today, today),
        service=given.get("service", "")[:KEY_LENGTH],
        motif=given.get("motif", "")[:KEY_LENGTH],
        agents=_several(given, "agent"),
        equipes=_several(given, "equipe"),
        lieux=_several(given, "lieu"),
        moment=given.get("heure", "")[:KEY_LENGTH],
        draft=given.get("brouillon", "")[:KEY_LENGTH],
        was_past=day is not None and day < today,
    )


def _several(given: QueryDict, name: str) -> tuple[str, ...]:
    keys = dict.fromkeys(key[:KEY_LENGTH].lower() for key in given.getlist(name) if key)
    return tuple(keys)[:MOST_CHOICES]
