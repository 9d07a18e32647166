"""F03: two merges, or a merge and a booking, at the same instant: nothing is lost."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from planning.models import Participation
from planning.services import agenda_lock
from planning.services.booking_confirm import confirm_choice
from planning.services.usager_merge import merge_usagers, versions_of
from rdv.common.errors import DomainError
from tests.cast import the_cast
from tests.integration.planning.test_rdv_book_race import Rush
from tests.integration.usagers.fiches import person
from tests.integration.usagers.journey import NINE, NOW
from usagers.models import Usager
from usagers.services.booking_draft_save import Choice, Identity

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr(agenda_lock, "PATIENCE", "60s")


@pytest.fixture
def cast(transactional_db):
    cast = the_cast()
    cast.rdv.agent_rdvs.all().delete()
    cast.rdv.participations.all().delete()
    cast.indisponibilite.delete()
    return cast


def merging(cast, kept, absorbed):
    actor, seen = cast.actor("owner"), versions_of(kept, absorbed)

    def act():
        merge_usagers(
            kept_id=kept.pk,
            absorbed_id=absorbed.pk,
            choices={},
            seen=seen,
            organisation=cast.organisation,
            actor=actor,
            now=NOW,
        )

    return act


def booking(cast, usager, starts_at):
    choice = Choice(cast.motif.pk, cast.lieu.pk, starts_at, NOW)
    identity = Identity(usager.first_name, usager.last_name, usager.email)
    return lambda: confirm_choice(choice=choice, identity=identity, now=NOW)


def outcomes(acts):
    found: Counter[str] = Counter()

    def told(act):
        def run():
            try:
                act()
            except DomainError as refused:
                found[type(refused).__name__] += 1
            else:
                found["done"] += 1

        return run

    with Rush(len(acts)) as rush:
        rush.run([told(act) for act in acts])
    return found


def test_F03_each_into_the_other_leaves_one(cast):
    for _ in range(ROUNDS):
        left, right = person(cast), person(cast)
        ends = outcomes([merging(cast, left, right), merging(cast, right, left)])
        assert ends["done"] == 1, ends
        living = Usager.objects.living().filter(pk__in=(left.pk, right.pk))
        assert living.count() == 1
        gone = Usager.objects.exclude(anonymised_at=None).get(pk__in=(left.pk, right.pk))
        assert gone.merged_into == living.get()


def test_F03_a_booking_meets_a_merge_and_its_rdv_is_on_the_fiche_that_remains(cast):
    for number in range(ROUNDS):
        kept, absorbed = person(cast), person(cast, email=f"lea{number}@exemple.net")
        starts_at = NINE + timedelta(minutes=30 * number)
        ends = outcomes([merging(cast, kept, absorbed), booking(cast, absorbed, starts_at)])
        # The fiche changed since the page was read, when the booking came first: the merge says so.
        assert ends in ({"done": 2}, {"done": 1, "FicheChanged": 1}), ends
        row = Participation.objects.get(rdv__starts_at=starts_at)
        assert row.usager.anonymised_at is None
        assert row.usager.email == absorbed.email
        assert row.usager.account is not None
        assert Usager.objects.filter(email=absorbed.email).count() == 1
    assert not Participation.objects.exclude(usager__anonymised_at=None).exists()
