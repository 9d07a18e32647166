"""B04, G15: an agent sends somebody to who receives at their address (docs/adr/0020)."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from planning.models import Rdv
from planning.services.prescription_by_agent import (
    NotOfTheirSector,
    Sending,
    prescribe_elsewhere,
)
from tests.address_service import ARRAS, LENS, LILLE, running
from tests.factories import (
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    RdvFactory,
    SectorFactory,
    UsagerFactory,
)
from tests.factories.planning import NOW
from tests.integration.usagers.journey import NINE

pytestmark = pytest.mark.django_db
OFFER, ADDRESS = "social-logement-sur_place", "planning:prescription_address"


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def service(settings):
    with running(settings) as played:
        cache.clear()
        yield played


@pytest.fixture
def towns(cast, client):
    """« Logement », by organisation: one receives Arras, another one Lens."""
    known = {"service": cast.social, "name": "Logement", "booking_level": "prescripteurs"}
    found = SimpleNamespace()
    for name, code in (("arras", "62041"), ("lens", "62498")):
        organisation = OrganisationFactory(territoire=cast.territoire, name=f"Maison de {name}")
        motif = MotifFactory(organisation=organisation, sectorisation_level="organisation", **known)
        lieu = LieuFactory(organisation=organisation, name=f"Accueil de {name}")
        plage = PlageOuvertureFactory(lieu=lieu, motifs=[motif])
        sector = SectorFactory(
            territoire=cast.territoire,
            name=f"Pays de {name}",
            cities={code: name},
            organisations=[organisation],
        )
        place = SimpleNamespace(motif=motif, lieu=lieu, agent=plage.agent, sector=sector)
        setattr(found, name, place)
    client.force_login(cast.owner.account)
    return found


def url(cast, step, **params):
    query = "&".join(f"{name}={value}" for name, value in params.items())
    return reverse(f"planning:prescription_{step}", args=[cast.organisation.uuid]) + f"?{query}"


def chosen(place, **more):
    return {
        "motif": OFFER,
        "chez": place.motif.uuid,
        "lieu": place.lieu.uuid,
        "creneau": "2027-01-11T08:00Z",
        **more,
    }


def living_at(cast, address):
    return UsagerFactory(
        territoire=cast.territoire, organisations=[cast.organisation], address=address
    )


def test_B04_G15_the_address_of_the_fiche_leads_to_its_organisation(client, cast, towns, service):
    service.finds(ARRAS)
    usager = living_at(cast, "12 rue de la Paix, Arras")
    page = client.get(url(cast, "search", motif=OFFER, usager=usager.uuid), follow=True)
    assert [site.motif for site, _url in page.context["sites"]] == [towns.arras.motif]
    assert not any("Paix" in step for step, _status in page.redirect_chain)
    assert "Changer d’adresse" in page.text
    page = client.get(page.context["sites"][0][1])
    assert "Pays de arras" in page.text
    recap = client.get(page.context["days"][0][1][0][1])
    assert "Pays de arras" in recap.text
    page = client.post(recap.wsgi_request.get_full_path(), follow=True)
    assert Rdv.objects.get(motif=towns.arras.motif).participations.get().usager == usager
    # Who comes back from « Changer » is asked, whatever the fiche says.
    address = url(cast, "address", motif=OFFER, usager=usager.uuid, secteur=towns.arras.sector.uuid)
    page = client.get(address)
    assert page.context["form"]["address"].value() == "12 rue de la Paix, Arras"


def test_B04_G15_without_an_address_it_is_asked(client, cast, towns, service):
    page = client.get(url(cast, "search", motif=OFFER))
    assert urlsplit(page.url).path.endswith("/elargir/adresse/")
    address = page.url
    asked = client.get(address)
    assert asked.resolver_match.view_name == ADDRESS
    assert "Où habite la personne" in asked.text
    assert client.post(address, {"address": ""}).status_code == 422
    service.finds(ARRAS, LENS)
    page = client.post(address, {"address": "12 rue de la Paix"})
    assert "Laquelle est la bonne" in page.text
    typed = {"typed": "12 rue de la Paix"}
    assert client.post(address, typed).status_code == 422
    values = [
        value
        for value, label in page.context["candidates"].fields["candidate"].choices
        if "Lens" in label
    ]
    page = client.post(address, {**typed, "candidate": values[0]})
    assert parse_qs(urlsplit(page.url).query)["secteur"] == [str(towns.lens.sector.uuid)]
    page = client.get(page.url)
    assert [site.motif for site, _url in page.context["sites"]] == [towns.lens.motif]
    service.finds(LILLE)
    page = client.post(address, {"address": "Lille"}, follow=True)
    assert "Cette adresse n’est dans aucun secteur." in page.text
    service.says(500, {})
    page = client.post(address, {"address": "1 <script>alert(1)</script>"})
    assert "La recherche d’adresse ne répond pas." in page.text
    assert "<script>alert" not in page.text
    page = client.post(address, {"commune": "62041"})
    assert f"secteur={towns.arras.sector.uuid}" in page.url


def test_B04_G15_a_masked_fiche_does_not_tell_where_somebody_lives(client, cast, towns, service):
    service.finds(ARRAS)
    hidden = UsagerFactory(territoire=cast.territoire, address="7 quai des Bateliers")
    page = client.get(url(cast, "search", motif=OFFER, usager=hidden.uuid), follow=True)
    assert "Où habite la personne" in page.text
    assert "Bateliers" not in page.text
    assert service.asked == []


@pytest.mark.parametrize("word", ["", "aucun", "lens", "x.y"])
def test_B04_G15_a_crafted_url_books_nothing_elsewhere(client, cast, towns, word):
    secteur = str(towns.lens.sector.uuid) if word == "lens" else word
    where = chosen(towns.arras, usager=cast.usager.uuid, secteur=secteur)
    before = Rdv.objects.count()
    for page in (
        client.get(url(cast, "search", **where)),
        client.get(url(cast, "confirm", **where)),
        client.post(url(cast, "confirm", **where)),
    ):
        assert "rdv-week__slots" not in page.text
        assert page.status_code in {200, 302}
    assert Rdv.objects.count() == before


def test_B04_G15_the_service_has_the_last_word(cast, towns):
    def send(place, sectors, **more):
        sending = Sending(
            origin=cast.organisation,
            motif_id=place.motif.pk,
            lieu_id=None if more else place.lieu.pk,
            starts_at=NINE,
            usager_id=cast.usager.pk,
            sector_ids=frozenset(sectors),
            **more,
        )
        return prescribe_elsewhere(sending=sending, actor=cast.actor("owner"), now=NOW)

    for sectors in ((), (towns.lens.sector.pk,)):
        with pytest.raises(NotOfTheirSector):
            send(towns.arras, sectors)
    type(towns.arras.motif).objects.filter(pk=towns.arras.motif.pk).update(
        sectorisation_level="agent"
    )
    with pytest.raises(NotOfTheirSector):
        send(towns.arras, [towns.arras.sector.pk])
    towns.arras.sector.attributions.create(
        organisation=towns.arras.motif.organisation, agent=towns.arras.agent
    )
    rdv = send(towns.arras, [towns.arras.sector.pk])
    assert [agent.pk for agent in rdv.agents.all()] == [towns.arras.agent.pk]
    motif = MotifFactory(
        organisation=towns.lens.motif.organisation,
        service=cast.social,
        booking_level="prescripteurs",
        is_collective=True,
        sectorisation_level="agent",
    )
    workshop = RdvFactory(motif=motif, lieu=towns.lens.lieu, agents=[towns.lens.agent])
    with pytest.raises(NotOfTheirSector):
        send(SimpleNamespace(motif=motif), [towns.lens.sector.pk], workshop_id=workshop.pk)
