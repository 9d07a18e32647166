"""C08: a page to hand over to somebody whom nothing reaches."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from tests.factories import UsagerFactory
from tests.factories.planning import NOW, RdvFactory

pytestmark = pytest.mark.django_db


@time_machine.travel(NOW, tick=False)
def test_C08_one_sheet_a_person_and_nobody_reads_who_else_comes(cast, client):
    silent = UsagerFactory(
        territoire=cast.territoire, email=None, phone_number="", last_name="Discrète"
    )
    cast.motif.instructions = "Apportez une pièce d’identité."
    cast.motif.name = "Dossier secret"
    cast.motif.save()
    cast.organisation.phone_number = "+33321000000"
    cast.organisation.save()
    rdv = RdvFactory(
        motif=cast.motif,
        lieu=cast.lieu,
        agents=[cast.same_service],
        usagers=[silent, cast.usager],
    )
    cast.sign_in(client, "owner")
    page = client.get(reverse("planning:rdv_detail", args=[rdv.uuid])).text
    assert "Imprimer sa convocation" in page
    fiche = reverse("usagers:usager_detail", args=[cast.organisation.uuid, silent.uuid])
    assert fiche in page
    url = reverse("planning:convocation", args=[rdv.uuid])
    own = rdv.participations.get(usager=silent)
    sheet = client.get(url, {"pour": str(own.uuid)}).text
    for words in (
        "Lundi 11 janvier 2027 à",
        cast.lieu.address,
        "Apportez une pièce d’identité.",
        "03 21 00 00 00",
        silent.full_name,
    ):
        assert words in sheet
    assert cast.usager.last_name.upper() not in sheet
    assert "Dossier secret" not in sheet
    assert client.get(url).text.count("<article") == 2
    assert client.get(url, {"pour": "x"}).status_code == 404
    own.status, own.cancelled_at = "excused", NOW
    own.save()
    assert client.get(url).text.count("<article") == 1
