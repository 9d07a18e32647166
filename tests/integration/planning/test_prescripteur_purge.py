"""Decision 5: who prescribed is erased two years after the RDV."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from planning.models import Participation
from planning.services import prescripteur_purge
from planning.services.prescripteur_purge import KEPT, purge_prescripteurs
from planning.tasks import purge_prescripteurs_task
from rdv.schedule import BEAT
from tests.factories import RdvFactory
from tests.factories.planning import NOW
from usagers.models import Prescripteur

pytestmark = pytest.mark.django_db


def prescribed(rdv, row):
    people = Participation.objects.filter(rdv=rdv)
    people.update(prescripteur=row, created_by_agent=None, created_by_usager=None)


def signed(number):
    with time_machine.travel(NOW - timedelta(days=3), tick=False):
        return Prescripteur.objects.create(
            first_name="Paul",
            last_name=f"Durand{number}",
            email=f"paul{number}@association.example",
            phone_number="+33639981234",
        )


def test_decision_5_erased_two_years_after_the_last_rdv(client, cast, monkeypatch):
    monkeypatch.setattr(prescripteur_purge, "BATCH", 2)
    later = RdvFactory(
        motif=cast.motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        usagers=[cast.usager],
        starts_at=cast.rdv.starts_at + timedelta(days=1),
    )
    orphans = [signed(number) for number in range(3)]
    past, still = signed(7), signed(8)
    prescribed(cast.rdv, past)
    prescribed(later, still)
    due = cast.rdv.ends_at + KEPT
    assert purge_prescripteurs(now=cast.rdv.ends_at) == 0
    assert purge_prescripteurs(now=due) == 3  # the orphans, in two batches
    assert purge_prescripteurs(now=due + timedelta(seconds=1)) == 1
    assert purge_prescripteurs(now=due + timedelta(seconds=1)) == 0
    for row in (*orphans, past):
        row.refresh_from_db()
        said = f"{row.first_name} {row.last_name} {row.email} {row.phone_number}"
        for text in ("Paul", "Durand", "association", "639981234"):
            assert text not in said
    still.refresh_from_db()
    assert still.last_name == "Durand8"
    client.force_login(cast.owner.account)
    page = client.get(reverse("planning:rdv_detail", args=[cast.rdv.uuid])).content.decode()
    assert "par le prescripteur (nom effacé)" in page
    assert ".invalid" not in page


def test_decision_5_the_task_is_planned(cast):
    prescribed(cast.rdv, signed(1))
    assert BEAT["purge_prescripteurs"]["task"] == "purge_prescripteurs"
    with time_machine.travel(cast.rdv.ends_at + KEPT + timedelta(days=1), tick=False):
        purge_prescripteurs_task()
    assert Prescripteur.objects.get().is_erased
