"""G05, G11, G13: somebody books at the instant when the lieu, the motif or the organisation closes.

Either the booking comes first and the closing has seen it, or it comes second and is refused.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import partial

import pytest

from agents.queries.actor import agent_actor
from agents.services.organisation_archive import archive_organisation
from agents.services.organisation_edit import OrganisationRefused
from motifs.models import Availability, Lieu, Motif
from motifs.services.booking_suspend import suspend_motif, suspend_organisation
from planning.models import Participation, PlageOuverture, Rdv
from planning.services import agenda_lock
from planning.services.agent_remove import AgentExpected, remove_agent
from planning.services.lieu_close import close_lieu
from planning.services.motif_close import ClosingUnasked, close_motif
from planning.services.participation_register import RegistrationRefused, register
from planning.services.plage_ouverture_edit import (
    PlageFields,
    PlageRefused,
    create_plage,
    split_plage,
)
from planning.services.rdv_book import RdvNotBookable, SlotTaken
from planning.services.rdv_create import NewRdv, RdvNotAllowed, create_rdv
from planning.services.rdv_edit import RdvFields, edit_rdv
from planning.services.rdv_lock import RdvRefused
from planning.services.rdv_status import StatusRefused, set_rdv_status
from rdv.common.errors import DomainError
from tests.factories import AgentFactory, LieuFactory, MotifFactory, RdvFactory
from tests.factories.planning import MONDAY
from tests.integration.planning.test_rdv_book import NINE, NOW, World, usager_actor
from tests.integration.two_workers import two_workers, writes

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
UNTIL = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr(agenda_lock, "PATIENCE", "60s")


class Place(World):
    """One agent open on Monday, and a chief who may close everything."""

    def __init__(self) -> None:
        super().__init__(agents=1)
        PlageOuverture.objects.update(frequency="weekly", weekdays=[0])
        self.chief = AgentFactory(
            organisations=[self.organisation],
            organisations__level="admin",
            territoire_admin=self.organisation.territoire,
            services=[self.motif.service],
        )
        self.lost = RdvFactory(
            motif=self.motif,
            lieu=self.lieu,
            agents=self.agents,
            usagers=[self.usager()],
            starts_at=NINE,
            status="revoked",
        )
        who = {"actor": agent_actor(self.chief), "now": NOW}
        motif, lieu, organisation = self.motif.pk, self.lieu.pk, self.organisation.pk
        late = {"until": UNTIL, "message": "", **who}
        self.closings = {
            "organisation": partial(archive_organisation, organisation_id=organisation, **who),
            "motif": partial(close_motif, motif_id=motif, is_asked=False, **who),
            "lieu": partial(close_lieu, lieu_id=lieu, is_asked=False, **who),
            "suspended motif": partial(suspend_motif, motif_id=motif, **late),
            "suspended site": partial(suspend_organisation, organisation_id=organisation, **late),
            "agent": partial(
                remove_agent, agent_id=self.agents[0].pk, organisation_id=organisation, **who
            ),
        }

    def close(self, what: str) -> str:
        return said(self.closings[what])

    def books(self) -> str:
        usager = self.usager()
        return said(lambda: self.book(usager))

    def places(self) -> str:
        """An agent writes the RDV by hand."""
        fields = NewRdv(
            organisation_id=self.organisation.pk,
            motif_id=self.motif.pk,
            lieu_id=self.lieu.pk,
            starts_at=NINE,
            ends_at=NINE + timedelta(minutes=30),
            agent_ids=(self.agents[0].pk,),
            usager_ids=(self.usager(organisations=[self.organisation]).pk,),
        )
        return said(lambda: create_rdv(fields=fields, actor=agent_actor(self.chief), now=NOW))

    def restores(self) -> str:
        """A RDV that was cancelled comes back."""
        who = agent_actor(self.chief)
        lost = self.lost.pk
        return said(lambda: set_rdv_status(rdv_id=lost, status="unknown", actor=who, now=NOW))

    def opens(self) -> str:
        fields = self._plage(MONDAY + 7 * DAY)
        who = {"organisation": self.organisation, "agent": self.agents[0]}
        actor = agent_actor(self.chief)
        return said(lambda: create_plage(fields=fields, actor=actor, now=NOW, **who))

    def cuts(self) -> str:
        """Another plage from the second Monday on."""
        plage, actor = self.plages[0], agent_actor(self.chief)
        fields, day = self._plage(MONDAY + 7 * DAY), MONDAY + 7 * DAY
        who = {"plage_id": plage.pk, "day": day, "actor": actor, "now": NOW}
        return said(lambda: split_plage(fields=fields, **who))

    def _plage(self, day: date) -> PlageFields:
        return PlageFields(
            motif_ids=(self.motif.pk,),
            lieu_id=self.lieu.pk,
            first_day=day,
            start_time=time(14),
            end_time=time(17),
            frequency="weekly",
            weekdays=(0,),
        )

    def reopen(self) -> None:
        Rdv.objects.filter(motif=self.motif).update(status="revoked", cancelled_at=NOW)
        type(self.organisation).objects.update(archived_at=None, booking_suspended_until=None)
        Motif.objects.update(archived_at=None, booking_suspended_until=None)
        Lieu.objects.update(availability=Availability.OPEN)


def said(act) -> str:
    """Return what became of the act, in a word."""
    try:
        act()
    except DomainError as refusal:
        return type(refusal).__name__
    return "done"


def writes_rdv(sql: str) -> bool:
    return sql.startswith(('INSERT INTO "planning_rdv"', 'UPDATE "planning_rdv"'))


def is_lock_of_agendas(sql: str) -> bool:
    return 'FROM "agents_agent"' in sql and "FOR NO KEY UPDATE" in sql


def is_commit_of_opening(sql: str) -> bool:
    """Once the agendas are held: the mail to the agent."""
    return sql.startswith('INSERT INTO "notifications_outboxmessage"')


def locks_lieu(sql: str) -> bool:
    return 'FROM "motifs_lieu"' in sql and "FOR NO KEY UPDATE" in sql


ASKED = {
    "organisation": OrganisationRefused.__name__,
    "motif": ClosingUnasked.__name__,
    "lieu": ClosingUnasked.__name__,
    "agent": AgentExpected.__name__,
}


def test_G13_who_closes_waits_for_the_bookings_under_way_and_sees_them():
    place = Place()
    cases = [(place.books, what) for what in place.closings]
    cases += [(act, "organisation") for act in (place.places, place.restores)]
    for act, what in cases:
        ends = two_workers(act, other=partial(place.close, what), at=writes_rdv)
        assert ends == ["done", ASKED.get(what, "done")], (act.__name__, what)
        place.reopen()


def test_G13_who_books_while_it_closes_is_refused():
    place = Place()
    gone, taken, by_hand = RdvNotBookable.__name__, SlotTaken.__name__, RdvNotAllowed.__name__
    for what, act, expected in (
        ("organisation", place.books, gone),
        ("motif", place.books, gone),
        ("lieu", place.books, gone),
        ("suspended motif", place.books, taken),
        ("suspended site", place.books, taken),
        ("suspended site", place.places, "done"),  # only the public is kept out
        ("organisation", place.places, by_hand),
        ("organisation", place.restores, StatusRefused.__name__),
        ("motif", place.places, by_hand),
        ("lieu", place.places, by_hand),
        ("agent", place.books, taken),  # last: nobody brings them back
    ):
        ends = two_workers(partial(place.close, what), other=act, at=writes)
        assert ends == ["done", expected], (act.__name__, what)
        place.reopen()


def test_G04_no_plage_is_left_to_an_agent_who_leaves():
    """Opened, or cut in two, at the same instant: it goes with them, or is refused."""
    for act, at, ends in (
        ("opens", is_lock_of_agendas, [PlageRefused.__name__, "done"]),
        ("opens", is_commit_of_opening, ["done", "done"]),
        ("cuts", writes, ["done", "done"]),
    ):
        place = Place()
        found = two_workers(getattr(place, act), other=partial(place.close, "agent"), at=at)
        assert found == ends, act
        assert not PlageOuverture.objects.filter(agent=place.agents[0]).exists(), act


def test_G13_a_lieu_closes_while_a_plage_there_is_edited():
    place = Place()
    ends = two_workers(place.cuts, other=partial(place.close, "lieu"), at=locks_lieu)
    assert ends == ["done", "done"]
    assert Lieu.objects.get(pk=place.lieu.pk).availability == Availability.CLOSED


def test_G13_nobody_joins_a_workshop_nor_is_sent_to_a_lieu_that_closes():
    place = Place()
    motif = MotifFactory(organisation=place.organisation, is_collective=True)
    workshop = RdvFactory(motif=motif, lieu=place.lieu, agents=place.agents, seats_total=3)
    usager = place.usager(with_account=True)

    def joins() -> str:
        who = usager_actor(usager)
        people = [usager.pk]
        return said(lambda: register(rdv_id=workshop.pk, usager_ids=people, actor=who, now=NOW))

    chief = agent_actor(place.chief)
    for closing in (
        partial(suspend_motif, motif_id=motif.pk, until=UNTIL, message="", actor=chief, now=NOW),
        partial(close_motif, motif_id=motif.pk, is_asked=True, actor=chief, now=NOW),
    ):
        ends = two_workers(partial(said, closing), other=joins)
        assert ends == ["done", RegistrationRefused.__name__]
        place.reopen()
    assert not Participation.objects.filter(rdv=workshop).exists()

    there = LieuFactory(organisation=place.organisation)
    fields = RdvFields(lieu_id=there.pk)
    moves = partial(edit_rdv, rdv_id=workshop.pk, fields=fields, actor=chief, now=NOW)
    closes = partial(close_lieu, lieu_id=there.pk, is_asked=False, actor=chief, now=NOW)
    ends = two_workers(partial(said, closes), other=partial(said, moves))
    assert ends == ["done", RdvRefused.__name__]
