"""The 200 RDVs of test_reminder_week.py, and what each participation should get, said naively."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from planning.models import AgentRdv, Participation, Rdv
from planning.services.reminder_plan import plan_reminders
from planning.slots.holidays import public_holidays
from tests.factories import (
    AgentFactory,
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    TerritoireFactory,
    UsagerFactory,
)

PARIS = ZoneInfo("Europe/Paris")
QUARTER = timedelta(minutes=15)
BOOKED = datetime(2027, 3, 18, 9, 0, tzinfo=PARIS)
CLOCK_STARTS = datetime(2027, 3, 19, 0, 0, tzinfo=PARIS)
CLOCK_ENDS = datetime(2027, 4, 1, 0, 0, tzinfo=PARIS)
# A night, and the Saturday evening on which what Easter closes is due, until Sunday noon.
OUTAGES = (
    (datetime(2027, 3, 25, 18, 0, tzinfo=PARIS), datetime(2027, 3, 26, 6, 0, tzinfo=PARIS)),
    (datetime(2027, 3, 27, 19, 30, tzinfo=PARIS), datetime(2027, 3, 28, 12, 0, tzinfo=PARIS)),
)
PLACES = (
    ("Europe/Paris", "metropole"),
    ("Europe/Paris", "metropole"),
    ("Europe/Paris", "alsace-moselle"),
    ("Indian/Reunion", "reunion"),
    ("America/Guadeloupe", "guadeloupe"),
)
NEVER = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass
class Life:
    """What happens to one RDV: its starts, each with when it was set and when it ended."""

    rdv: Rdv
    office: dict
    kind: str
    starts: list[list[datetime]] = field(default_factory=list)

    def set_start(self, start, at):
        self.end(at)
        self.starts.append([start, at, NEVER])

    def end(self, at):
        if self.starts and self.starts[-1][2] == NEVER:
            self.starts[-1][2] = at

    @property
    def zone(self):
        return self.office["zone"]

    @property
    def people(self):
        return self.office.get(self.kind, self.office["alone"])

    def expected(self):
        """Return (start, instant) of each reminder that leaves, in order."""
        found = {}
        for start, set_at, ended in self.starts:
            due = self.due(start)
            leaves = self.after_outage(due, start)
            if set_at <= due and leaves < min(ended, start):
                found.setdefault(start, leaves)
        return sorted(found.items())

    def due(self, start):
        return self.walk(start - timedelta(hours=48), -QUARTER)

    def after_outage(self, due, start):
        for stopped, back in OUTAGES:
            if stopped <= due < back:
                allowed = self.walk(back, QUARTER)
                return allowed if allowed < start else back
        return due

    def walk(self, instant, step):
        """From quarter to quarter until the clock of the place allows it."""
        while not self.is_allowed(instant):
            instant += step
        return instant

    def is_allowed(self, instant):
        local = instant.astimezone(self.zone)
        is_holiday = local.date() in public_holidays(self.office["holidays"], local.year)
        return (
            480 <= local.hour * 60 + local.minute <= 1200
            and local.isoweekday() != 7
            and not is_holiday
        )


def build(count=200):
    """Insert the RDVs of 22 to 31 March, booked on the 18th; the same each time."""
    chance = random.Random(20270328)
    offices = [_office(*place) for place in PLACES]
    lives = [_life(offices[n % len(offices)], n, chance) for n in range(count)]
    Rdv.objects.bulk_create(life.rdv for life in lives)
    AgentRdv.objects.bulk_create(
        AgentRdv(rdv=life.rdv, agent=life.office["agent"], overlap_accepted=True) for life in lives
    )
    Participation.objects.bulk_create(
        Participation(
            rdv=life.rdv,
            usager=usager,
            created_by_agent=life.office["agent"],
            created_at=BOOKED,
        )
        for life in lives
        for usager in life.people
    )
    for life in lives:
        plan_reminders(life.rdv, now=BOOKED)
    return lives


def _office(timezone, holidays):
    territoire = TerritoireFactory(timezone=timezone, holiday_zone=holidays)
    organisation = OrganisationFactory(territoire=territoire)
    person = {"territoire": territoire, "organisations": [organisation], "notifies_by_sms": False}
    parent = UsagerFactory(**person)
    child = UsagerFactory(territoire=territoire, responsable=parent, email=None, phone_number="")
    return {
        "agent": AgentFactory(organisations=[organisation], organisations__level="admin"),
        "motif": MotifFactory(organisation=organisation),
        "workshop": MotifFactory(organisation=organisation, is_collective=True),
        "lieu": LieuFactory(organisation=organisation),
        "alone": [UsagerFactory(**person)],
        "family": [parent, child],
        "group": [UsagerFactory(**person) for _ in range(3)],
        "zone": territoire.zone,
        "holidays": holidays,
    }


KINDS = ("alone", "family", "group", "moved", "cancelled", "restored", "moved late", "alone")


def _life(office, number, chance):
    kind = KINDS[number // len(PLACES) % len(KINDS)]
    day = 22 + number * 10 // 200
    minutes = 15 * chance.randrange(4 * 7, 4 * 22)
    start = datetime(2027, 3, day, minutes // 60, minutes % 60, tzinfo=office["zone"])
    start = start.astimezone(UTC)
    rdv = Rdv(
        organisation=office["motif"].organisation,
        motif=office["workshop" if kind == "group" else "motif"],
        lieu=office["lieu"],
        starts_at=start,
        ends_at=start + timedelta(minutes=30),
        created_at=BOOKED,
    )
    life = Life(rdv, office, kind)
    life.set_start(start, BOOKED)
    return life
