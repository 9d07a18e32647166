"""Where a visitor stands in the journey: what the URL says, checked against what is offered.

The URL holds service, motif, lieu and date only, never a person (A02).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, TypedDict
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from agents.queries.address_sectors import sectors_named
from agents.queries.public_directory import public_organisation, public_territoire
from motifs.queries.motif_for_public import (
    ONLINE,
    PRESCRIBED,
    lieux_of_motifs,
    motifs_at_lieu,
    motifs_of_organisation,
    motifs_of_territoire,
)
from motifs.queries.sectors import any_sectorised, motifs_in
from motifs.rules.contact import whom_to_call
from planning.queries.public_slots import Who
from planning.queries.public_workshops import public_workshop, public_workshops
from rdv.common.numbers import number_of
from rdv.common.timezones import local_day
from usagers.views.booking.follow_up import read_follow_up
from usagers.views.booking.journey_links import INSTANT, PARAMS, JourneyLinks
from usagers.views.booking.journey_steps import steps_of
from usagers.views.booking.offer import (
    Choice,
    Place,
    choice_key,
    place_key,
    suspended_choices,
    suspension_at,
)
from usagers.views.booking.visitor import visitor_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from agents.models import Service
    from motifs.models import Motif
    from motifs.queries.motif_for_public import Levels
    from motifs.rules.contact import Contact
    from motifs.rules.suspension import Suspension
    from planning.queries.public_workshops import PublicWorkshop
    from usagers.queries.follow_up import FollowUp

# Nobody books beyond a year: a créneau of year 9999 is a slip or a probe.
THINKABLE = timedelta(days=2 * 366)


class _Whose(TypedDict):
    today: date
    levels: Levels
    referents: frozenset[int] | None


@dataclass
class Journey(JourneyLinks):
    now: datetime
    visitor: str = ""
    follow_up: FollowUp | None = None
    # A town's page may show the journey in a frame: usagers/views/booking/frame.py.
    is_framed: ClassVar[bool] = False
    layout: ClassVar[str] = "layouts/usager.html"

    @cached_property
    def today(self) -> date:
        return local_day(self.now, self.territoire.zone)

    @property
    def usager_ids(self) -> frozenset[int]:
        """The fiche whose référents receive; nobody's in the ordinary journey."""
        return self.follow_up.usager_ids if self.follow_up else frozenset()

    @property
    def receiver(self) -> str:
        """Return who receives a RDV de suivi, "" when several agents follow the person."""
        names = [agent.short_name for agent in self.follow_up.working] if self.follow_up else []
        return names[0] if len(names) == 1 else ""

    @property
    def _referents(self) -> frozenset[int] | None:
        return self.follow_up.agent_ids if self.follow_up else None

    @cached_property
    def motifs(self) -> list[Motif]:
        """Return what may be booked now."""
        return [motif for motif in self._offered if suspension_at(motif, self.today) is None]

    @cached_property
    def suspended(self) -> list[tuple[Motif, Suspension]]:
        """Return what is offered, but for a suspension (G11): of one choice, the soonest."""
        return suspended_choices(self._offered, self.today)

    @property
    def suspension(self) -> Suspension | None:
        """Return what closes the rendez-vous of the URL; without one, everything."""
        asked = self.params.get("motif")
        named = [each for motif, each in self.suspended if asked in (None, choice_key(motif))]
        if not named or (self.motifs and not asked):
            return None
        return min(named, key=lambda each: each.until)

    @cached_property
    def _offered(self) -> list[Motif]:
        levels = PRESCRIBED if self.is_prescribed else ONLINE
        whose: _Whose = {"today": self.today, "levels": levels, "referents": self._referents}
        if self.organisation:
            found = motifs_of_organisation(self.organisation, **whose)
        else:
            found = motifs_of_territoire(self.territoire, **whose)
        site = self.params.get("site")
        return motifs_at_lieu(found, site, today=self.today) if site else found

    @cached_property
    def services(self) -> list[Service]:
        found = {motif.service.pk: motif.service for motif in self.motifs}
        return sorted(found.values(), key=lambda service: service.name)

    @cached_property
    def service(self) -> Service | None:
        asked = self.params.get("service")
        if not asked:
            # A direct link to a rendez-vous need not name its service.
            named = {m.service for m in self.motifs if choice_key(m) == self.params.get("motif")}
            known = list(named) or self.services
            return known[0] if len(known) == 1 else None
        return next((service for service in self.services if service.code == asked), None)

    @cached_property
    def choices(self) -> list[Choice]:
        """Return what the service offers, each name once (usagers-notifications §2.2)."""
        grouped: dict[str, list[Motif]] = {}
        for motif in self.motifs:
            if self.service and motif.service_id == self.service.pk:
                grouped.setdefault(choice_key(motif), []).append(motif)
        return [
            Choice(key, rows[0].name, rows[0].service, rows[0].location_type, tuple(rows))
            for key, rows in grouped.items()
        ]

    @cached_property
    def asked(self) -> Choice | None:
        """Return what the URL names, wherever the visitor lives."""
        key = self.params.get("motif")
        return next((choice for choice in self.choices if choice.key == key), None)

    @cached_property
    def is_sectorised(self) -> bool:
        """Whether who receives depends on the address; no statement for most motifs."""
        return self.asked is not None and any_sectorised(self.asked.motifs)

    @cached_property
    def sectors(self) -> frozenset[int] | None:
        """Return the sectors of the URL; None: the address was not given yet."""
        return sectors_named(self.territoire, self.params.get("secteur", ""))

    @property
    def sector_ids(self) -> frozenset[int]:
        """Return the sectors as searches and bookings ask for them."""
        return (self.sectors or frozenset()) if self.is_sectorised else frozenset()

    @property
    def who(self) -> Who:
        """Return who asks, as searches of créneaux take it."""
        return Who(
            visitor=self.visitor,
            persons=self.persons or 1,
            usager_ids=self.usager_ids,
            sector_ids=self.sector_ids,
        )

    @cached_property
    def choice(self) -> Choice | None:
        """Return what was chosen, with who receives the visitor; None: nobody, or not known yet."""
        if self.asked is None or not self.is_sectorised:
            return self.asked
        if self.sectors is None:
            return None
        kept = motifs_in((motif.pk for motif in self.asked.motifs), self.sectors)
        motifs = tuple(motif for motif in self.asked.motifs if motif.pk in kept)
        return replace(self.asked, motifs=motifs) if motifs else None

    @property
    def _only_in(self) -> frozenset[int] | None:
        return self.sector_ids if self.is_sectorised else None

    @cached_property
    def persons(self) -> int | None:
        """Return how many come together, None while the question was not answered.

        A prescripteur books for one.
        """
        most = self.choice.most_persons if self.choice else 1
        if most == 1 or self.is_prescribed:
            return 1
        count = number_of(self.params.get("personnes", ""))
        return count if 1 <= count <= most else None

    @cached_property
    def places(self) -> list[Place]:
        """Return the lieux of what was chosen, or the organisations when nobody comes."""
        if self.choice is None:
            return []
        motifs = [motif for motif in self.choice.motifs if motif.max_persons >= (self.persons or 1)]
        if not self.choice.needs_lieu:
            by_organisation = {motif.organisation_id: motif for motif in motifs[::-1]}
            return [Place(motif) for motif in by_organisation.values()]
        pairs = lieux_of_motifs(
            motifs, today=self.today, agents=self._referents, sectors=self._only_in
        )
        site = self.params.get("site")
        kept = [pair for pair in pairs if not site or str(pair[1].uuid) == site]
        by_lieu = {lieu.pk: Place(motif, lieu) for motif, lieu in kept[::-1]}
        return list(by_lieu.values())

    @cached_property
    def workshops(self) -> list[PublicWorkshop]:
        """Return the sessions to choose among; none for what is not collective."""
        motifs = self.choice.motifs if self.choice else ()
        return public_workshops(
            motifs, now=self.now, lieu_uuid=self.params.get("site", ""), sectors=self._only_in
        )

    @cached_property
    def workshop(self) -> PublicWorkshop | None:
        """Return the session of the URL, or None when it cannot be joined any more."""
        try:
            asked = UUID(self.params.get("atelier", ""))
        except ValueError:
            return None
        motifs = self.choice.motifs if self.choice else ()
        return public_workshop(asked, motifs, now=self.now, sectors=self._only_in)

    @cached_property
    def place(self) -> Place | None:
        if self.choice and self.choice.is_collective:
            found = self.workshop
            return Place(found.rdv.motif, found.rdv.lieu) if found else None
        asked = self.params.get("lieu") or self.params.get("structure")
        if not asked and len(self.places) == 1:
            return self.places[0]
        return next((place for place in self.places if place_key(place) == asked), None)

    @cached_property
    def starts_at(self) -> datetime | None:
        """Return the créneau of the URL, or None when it cannot be read."""
        try:
            read = datetime.strptime(self.params.get("creneau", ""), INSTANT).replace(tzinfo=UTC)
        except ValueError:
            return None
        return read if abs(read - self.now) < THINKABLE else None

    @property
    def has_accepted(self) -> bool:
        """Tell whether what must be read before was accepted, or says nothing."""
        place = self.place
        if place is None or not place.motif.restriction:
            return True
        return self.params.get("accepte") in {"1", "on"}

    @property
    def contact(self) -> Contact:
        if self.place:
            return self.place.contact
        return whom_to_call(self.organisation, self.territoire)

    @property
    def title(self) -> str:
        return str(self.organisation or self.territoire)

    @property
    def duration_minutes(self) -> int:
        """Return how long the chosen rendez-vous takes, for everybody who comes."""
        if self.workshop:
            return self.workshop.rdv.duration_minutes
        return self.place.motif.duration_minutes * (self.persons or 1) if self.place else 0

    def steps(self, current: str) -> dict[str, object]:
        """Return what the stepper shows."""
        return steps_of(self, current)


def load_journey(
    request: HttpRequest, organisation_slug: str = "", territoire_slug: str = ""
) -> Journey:
    """Read the URL and speak the time of the territoire. Raises Http404 for an unknown entry."""
    organisation = public_organisation(organisation_slug) if organisation_slug else None
    territoire = organisation.territoire if organisation else public_territoire(territoire_slug)
    if territoire is None:
        raise Http404
    timezone.activate(territoire.zone)
    names = {name for params in PARAMS.values() for name in params}
    params = {name: request.GET[name] for name in names if request.GET.get(name)}
    follow_up = read_follow_up(request, params, territoire)
    kind: type[Journey] = getattr(request, "journey_class", Journey)
    return kind(territoire, organisation, params, timezone.now(), visitor_of(request), follow_up)
