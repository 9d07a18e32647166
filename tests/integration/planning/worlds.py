"""Small random worlds in the tables, and the same as values of the pure engine.

The two roads share no code: the engine reads the objects that were inserted, one by one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from planning.models import (
    Frequency,
    Indisponibilite,
    IndisponibiliteException,
    PlageException,
    PlageOuverture,
)
from planning.rules.status import ACTIVE
from planning.slots import types
from planning.slots.holidays import holidays_between
from planning.slots.recurrence import days_between, expand
from tests.factories import (
    AgentFactory,
    IndisponibiliteFactory,
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    RdvFactory,
    TerritoireFactory,
)

DAY = timedelta(days=1)
PLACES = [
    ("Europe/Paris", "metropole", date(2027, 3, 25)),  # clock change on the 28th, Easter Monday
    ("Indian/Reunion", "reunion", date(2026, 12, 18)),  # 20 December is a holiday there only
    ("America/Miquelon", "saint-pierre-et-miquelon", date(2026, 10, 30)),
]


class RandomWorld:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        zone, holidays, self.day = PLACES[seed % len(PLACES)]
        self.zone = ZoneInfo(zone)
        self.territoire = TerritoireFactory(timezone=zone, holiday_zone=holidays)
        self.abroad = TerritoireFactory(timezone="America/Martinique", holiday_zone="martinique")
        self.now = datetime.combine(self.day, time(7, 3), UTC) + self._minutes(60 * 12)
        self.organisations = [OrganisationFactory(territoire=self.territoire) for _ in range(2)]
        self.lieux = [
            LieuFactory(organisation=o, availability=state)
            for o in self.organisations
            for state in ("open", "open", "closed")
        ]
        self.motifs = [m for o in self.organisations for m in self._motifs(o)]
        self.agents = [
            AgentFactory(
                organisations=self.organisations,
                organisations__level="intervenant",
                email=None,
                deactivated_at=self.now if number == 0 else None,
            )
            for number in range(4)
        ]
        self.plages = [self._plage() for _ in range(9)]
        self.absences = [self._absence() for _ in range(5)]
        self.rdvs = [self._rdv() for _ in range(25)]

    def _minutes(self, most: int) -> timedelta:
        return timedelta(minutes=self.random.randrange(0, most, 5))

    def _hours(self) -> tuple[time, time]:
        start, end = sorted(self.random.sample(range(24 * 12), 2))
        return time(start // 12, start % 12 * 5), time(end // 12, end % 12 * 5)

    def _near(self, before: int = 20, after: int = 20) -> date:
        return self.day + DAY * self.random.randint(-before, after)

    def _motifs(self, organisation):
        """On site with two sets of delays, by phone, archived."""
        for fields in (
            {},
            {"min_delay_minutes": 2880, "max_delay_minutes": 60 * 24 * 12},
            {"location_type": "telephone"},
            {"archived_at": self.now},
        ):
            yield MotifFactory(organisation=organisation, **fields)

    def _rule(self) -> dict:
        frequency = self.random.choice([*Frequency.values, "weekly", "weekly"])
        days = self.random.sample(range(7), self.random.randint(1, 5))
        return {
            "first_day": self._near(40, 10) if frequency != "none" else self._near(2, 15),
            "frequency": frequency,
            "interval": self.random.choice([1, 1, 1, 2]),
            "weekdays": days if frequency == "weekly" else [],
            "month_rank": self.random.choice([1, 2, 3, 4, 5, -1])
            if frequency == "monthly_weekday"
            else None,
        }

    def _with_end(self, fields: dict) -> dict:
        if fields["frequency"] != "none" and self.random.random() < 0.3:
            fields["recurrence_ends_on"] = fields["first_day"] + DAY * self.random.randint(0, 60)
        return fields

    def _plage(self) -> PlageOuverture:
        organisation = self.random.choice(self.organisations)
        start, end = self._hours()
        own = [lieu for lieu in self.lieux if lieu.organisation == organisation]
        motifs = [m for m in self.motifs if m.organisation == organisation]
        plage = PlageOuvertureFactory(
            organisation=organisation,
            agent=self.random.choice(self.agents),
            lieu=self.random.choice([*own, None]),
            motifs=self.random.sample(motifs, self.random.randint(1, 3)),
            opens_on_holidays=self.random.random() < 0.3,
            start_time=start,
            end_time=end,
            **self._with_end(self._rule()),
        )
        for day in self._some_days(plage):
            fields = {}
            if self.random.random() < 0.6:
                start, end = self._hours()
                fields = {"new_day": self._near(), "new_start_time": start, "new_end_time": end}
            PlageException.objects.create(plage=plage, day=day, **fields)
        return plage

    def _absence(self) -> Indisponibilite:
        start, end = self._hours()
        fields = self._with_end(self._rule())
        absence = IndisponibiliteFactory(
            agent=self.random.choice(self.agents),
            territoire=self.random.choice([self.territoire, self.abroad]),
            end_day=fields["first_day"] + DAY * self.random.choice([0, 0, 1, 3]),
            start_time=start,
            end_time=end,
            **fields,
        )
        for day in self._some_days(absence):
            fields = {}
            if self.random.random() < 0.6:
                new_day = self._near()
                start, end = self._hours()
                fields = {
                    "new_day": new_day,
                    "new_start_time": start,
                    "new_end_day": new_day + DAY * self.random.choice([0, 2]),
                    "new_end_time": end,
                }
            IndisponibiliteException.objects.create(indisponibilite=absence, day=day, **fields)
        return absence

    def _some_days(self, row) -> list[date]:
        if row.frequency == "none" or self.random.random() < 0.5:
            return []
        days = days_between(rule_of(row), self.day - DAY * 3, self.day + DAY * 20)
        return self.random.sample(days, min(2, len(days)))

    def _rdv(self):
        """Anywhere, any status, any overlap; some last two days, some are hidden."""
        foreign = self.random.random() < 0.3
        motif = self.random.choice(self.motifs[:3])
        start = datetime.combine(self._near(2, 15), time(), self.zone) + self._minutes(1440)
        lasts = self.random.choice([30, 45, 47, 60, 60, 2900])
        return RdvFactory(
            motif=MotifFactory(organisation__territoire=self.abroad) if foreign else motif,
            starts_at=start,
            ends_at=start + timedelta(minutes=lasts, seconds=self.random.choice([0, 0, 20])),
            status=self.random.choice(["unknown", "unknown", "seen", "noshow", "excused"]),
            hidden_at=self.now if self.random.random() < 0.1 else None,
            agents=self.random.sample(self.agents, self.random.choice([1, 1, 2])),
            agents__overlap_accepted=True,
        )

    def request(self, motifs, audience, first: date, last: date | None, **filters):
        """Return the pure question for `motifs`, which have the same delays."""
        keys = {motif.pk for motif in motifs if motif.archived_at is None}
        year = timedelta(days=366)
        return types.SlotRequest(
            zone=self.zone,
            now=self.now,
            first=first,
            last=last,
            audience=audience,
            motif=0,
            duration=timedelta(minutes=motifs[0].duration_minutes),
            min_delay=timedelta(minutes=motifs[0].min_delay_minutes),
            max_delay=timedelta(minutes=motifs[0].max_delay_minutes),
            openings=tuple(self._openings(motifs, keys)),
            absences=self._home_absences,
            busy=self._busy,
            holidays=holidays_between(
                self.territoire.holiday_zone, self.day - year, self.day + year
            ),
            **filters,
        )

    def _openings(self, motifs, keys):
        on_site = motifs[0].requires_lieu
        for order, plage in enumerate(self.plages):
            offers, schedule = self._offers[plage.pk]
            open_lieu = plage.lieu is not None and plage.lieu.availability == "open"
            if offers & keys and plage.agent.deactivated_at is None and (open_lieu or not on_site):
                yield types.Opening(
                    plage.pk,
                    plage.agent_id,
                    schedule,
                    lieu=plage.lieu_id if on_site else None,
                    order=order,
                    motifs=frozenset({0}),
                    open_on_holidays=plage.opens_on_holidays,
                )

    @cached_property
    def _home_absences(self) -> tuple[types.Absence, ...]:
        rows = [row for row in self.absences if row.territoire == self.territoire]
        return tuple(types.Absence(row.agent_id, schedule_of(row)) for row in rows)

    @cached_property
    def _busy(self) -> tuple[types.Busy, ...]:
        """RDVs, and the absences whose hours are those of another zone."""
        found = [
            types.Busy(agent.pk, types.Interval(rdv.starts_at, rdv.ends_at))
            for rdv in self.rdvs
            if rdv.status in ACTIVE and rdv.hidden_at is None
            for agent in rdv.agents.all()
        ]
        around = types.Interval(self.now - DAY * 60, self.now + DAY * 400)
        for row in self.absences:
            if row.territoire == self.abroad:
                periods = expand(schedule_of(row), around, ZoneInfo("America/Martinique"))
                found += [types.Busy(row.agent_id, period) for period in periods]
        return tuple(found)

    @cached_property
    def _offers(self) -> dict[int, tuple[set[int], types.Schedule]]:
        """Return the motifs and the hours of each plage."""
        return {
            plage.pk: ({motif.pk for motif in plage.motifs.all()}, schedule_of(plage))
            for plage in self.plages
        }


def rule_of(row) -> types.Recurrence:
    return types.Recurrence(
        row.first_day,
        types.Frequency(row.frequency),
        row.interval,
        frozenset(row.weekdays),
        row.month_rank,
        row.recurrence_ends_on,
    )


def schedule_of(row) -> types.Schedule:
    exceptions = list(row.exceptions.all())
    changes = tuple(
        types.Change(
            e.day,
            e.new_day,
            e.new_start_time,
            e.new_end_time,
            (getattr(e, "new_end_day", e.new_day) - e.new_day).days,
        )
        for e in exceptions
        if e.new_day
    )
    return types.Schedule(
        rule_of(row),
        row.start_time,
        row.end_time,
        (getattr(row, "end_day", row.first_day) - row.first_day).days,
        frozenset(e.day for e in exceptions if not e.new_day),
        changes,
    )
