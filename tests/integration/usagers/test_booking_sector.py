"""G15: who receives depends on the address, whatever the URL says (docs/adr/0020)."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from agents.models import Sector
from agents.permissions import PrescripteurActor
from planning.models import Rdv
from planning.queries.public_slots import first_time
from planning.queries.rdv_move_by_usager import search_of
from planning.services.booking_confirm import NoLongerOffered, confirm_choice
from planning.services.rdv_book import SlotTaken, book_rdv
from tests.address_service import ARRAS, LENS, LILLE, feature, running
from tests.factories import (
    AgentFactory,
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    RdvFactory,
    SectorFactory,
    SectorZoneFactory,
    UsagerFactory,
)
from tests.integration.usagers.journey import IDENTITY, NINE, NOW, World, build_world, link_of
from tests.integration.usagers.test_booking_workshop import TUESDAY, Workshops
from tests.integration.usagers.test_prescription import NADIA, PARTNER, digits
from usagers.models import BookingDraft
from usagers.services.booking_draft_save import Choice, Identity

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)


@pytest.fixture
def service(settings):
    with running(settings) as played:
        cache.clear()
        yield played


@pytest.fixture
def arras():
    """The organisation of Arras; another one receives Lens; Lille is nobody's."""
    world = build_world(sectorisation_level="organisation")
    territoire = world.organisation.territoire
    elsewhere = OrganisationFactory(territoire=territoire)
    motif = MotifFactory(
        organisation=elsewhere, name="Premier accueil", sectorisation_level="organisation"
    )
    PlageOuvertureFactory(lieu=LieuFactory(organisation=elsewhere, name="Lens"), motifs=[motif])
    SectorFactory(
        territoire=territoire,
        human_id="arras",
        cities={"62041": "Arras"},
        organisations=[world.organisation],
    )
    SectorFactory(
        territoire=territoire, human_id="lens", cities={"62498": "Lens"}, organisations=[elsewhere]
    )
    return world


def sector(human_id: str) -> Sector:
    return Sector.objects.get(human_id=human_id)


def step(world: World, name: str, **params: str) -> str:
    """Return a step of the journey of the territoire."""
    known = {"service": "social", "motif": "premier-accueil-sur_place", **params}
    query = "&".join(f"{key}={value}" for key, value in known.items())
    kwargs = {"territoire_slug": world.organisation.territoire.slug}
    return f"{reverse(f'usagers:booking_{name}', kwargs=kwargs)}?{query}"


def type_address(client, world, typed="12 rue de la Paix"):
    return client.post(step(world, "sector"), {"address": typed})


def test_G15_an_address_leads_to_its_organisation_and_books(client, arras, service):
    page = client.get(step(arras, "lieu"))
    assert page.status_code == 302
    assert urlsplit(page.url).path.endswith("/adresse/")
    page = client.get(page.url)
    assert "dépend de l’endroit où vous habitez" in page.text
    service.finds(ARRAS)
    page = type_address(client, arras)
    assert parse_qs(urlsplit(page.url).query)["secteur"] == [str(sector("arras").uuid)]
    assert "Paix" not in page.url
    assert "62041" not in page.url
    page = client.get(page.url, follow=True)
    assert "Lundi 11 janvier 2027" in page.text
    assert page.context["place"].lieu == arras.lieu
    secteur = str(sector("arras").uuid)
    identity = arras.identity_url(secteur=secteur)
    assert client.get(identity).status_code == 200
    assert client.post(identity, IDENTITY).status_code == 302
    assert BookingDraft.objects.get().sector_ids == [sector("arras").pk]
    page = Client().post(link_of(), follow=True)
    assert "Votre rendez-vous est confirmé" in page.text
    assert Rdv.objects.get().organisation == arras.organisation


def test_G15_several_addresses_are_told_apart_only_when_it_matters(client, arras, service):
    service.finds(ARRAS, LENS)
    page = type_address(client, arras)
    assert "Laquelle est la vôtre" in page.text
    form = page.context["candidates"]
    values = [value for value, label in form.fields["candidate"].choices if "Lens" in label]
    typed = {"typed": page.context["candidates"]["typed"].value()}
    page = client.post(step(arras, "sector"), {**typed, "candidate": values[0]})
    assert str(sector("lens").uuid) in page.url
    for candidate in ({}, {"candidate": "62041:forged"}, {"candidate": "\x00<b>"}):
        page = client.post(step(arras, "sector"), {**typed, **candidate})
        assert page.status_code == 422
        assert "Choisissez votre adresse." in page.text, "the addresses come back, to be chosen"
        assert page.text.count('name="candidate"') == 2
    SectorZoneFactory(sector=sector("lens"), city_code="62041", city_name="Arras")
    SectorZoneFactory(sector=sector("arras"), city_code="62498", city_name="Lens")
    page = type_address(client, arras)
    assert page.status_code == 302


def test_G15_an_address_of_no_sector_says_whom_to_call(client, arras, service):
    service.finds(LILLE)
    page = client.get(type_address(client, arras, "Lille").url)
    assert "Ce rendez-vous n’est pas proposé en ligne à votre adresse" in page.text
    assert "Contacter le service" in page.text
    service.finds()
    page = type_address(client, arras, "zzzz")
    assert page.status_code == 422
    assert "Nous ne trouvons pas cette adresse." in page.text
    assert "Arras" in page.text


def test_G15_without_the_service_the_commune_is_enough(client, arras, service):
    service.says(500, {})
    SectorZoneFactory(
        sector=sector("lens"),
        level="street",
        city_code="62041",
        city_name="Arras",
        street_code="62041_0270",
        street_name="Rue de la Paix",
    )
    page = type_address(client, arras)
    assert "La recherche d’adresse ne répond pas." in page.text
    page = client.post(step(arras, "sector"), {"commune": "62498"})
    assert f"secteur={sector('lens').uuid}" in page.url
    page = client.post(step(arras, "sector"), {"commune": "62041"})
    asked = parse_qs(urlsplit(page.url).query)["secteur"][0]
    assert set(asked.split(".")) == {str(sector("lens").uuid), str(sector("arras").uuid)}
    page = client.post(step(arras, "sector"), {"commune": "autre"})
    assert "secteur=aucun" in page.url
    page = client.post(step(arras, "sector"), {"commune": "59350"})
    assert page.status_code == 422


def test_G15_who_is_signed_in_has_their_address_to_confirm(client, arras):
    usager = UsagerFactory(
        territoire=arras.organisation.territoire,
        with_account=True,
        address="7 quai des Bateliers, Arras",
    )
    client.force_login(usager.account)
    page = client.get(step(arras, "sector"))
    assert page.context["form"]["address"].value() == usager.address
    page = client.get(step(arras, "sector", prescripteur="1"))
    assert "Bateliers" not in page.text


def test_G15_a_street_comes_before_its_commune(client, arras, service):
    SectorZoneFactory(
        sector=sector("lens"),
        level="street",
        city_code="62041",
        city_name="Arras",
        street_code="62041_0270",
        street_name="Rue de la Paix",
    )
    service.finds(ARRAS)
    assert secteur_of(type_address(client, arras)) == {"lens"}
    commune = feature("Arras", "Arras", "62041", "62041", type="municipality")
    service.finds(commune)
    assert secteur_of(type_address(client, arras, "Arras")) == {"arras", "lens"}, "no street known"
    service.finds(feature("3 Rue d’Amiens", "Arras", "62041", "62041_0100_00003"))
    assert secteur_of(type_address(client, arras, "3 rue d’Amiens")) == {"arras"}


def secteur_of(page):
    words = parse_qs(urlsplit(page.url).query)["secteur"][0].split(".")
    return set(Sector.objects.filter(uuid__in=words).values_list("human_id", flat=True))


@pytest.mark.parametrize("typed", ["\x00", "1 \x00 rue", "x" * 201, "😀" * 300, "=1+1", " "])
def test_G15_hostile_addresses_go_nowhere(client, arras, service, typed):
    for posted in ({"address": typed}, {"typed": typed}, {"commune": typed}):
        page = client.post(step(arras, "sector"), posted)
        assert page.status_code == 422
    assert service.asked == []
    for word in (typed, f"{sector('arras').uuid}.{typed}", "." * 999):
        page = client.get(step(arras, "lieu", secteur=quote(word)))
        if "\x00" in word:
            assert page.status_code == 400, "no URL of ours holds a NUL"
        else:
            assert urlsplit(page.url).path.endswith("/adresse/")


@pytest.mark.parametrize(
    "word", ["", "aucun", "lens", "x.y", "00000000-0000-4000-8000-000000000000"]
)
def test_G15_a_crafted_url_books_nothing_elsewhere(client, arras, word):
    """The page of the organisation itself is no way around."""
    secteur = str(sector("lens").uuid) if word == "lens" else word
    for name in ("slot", "lieu", "persons"):
        page = client.get(arras.url(name, secteur=secteur))
        assert "2027-01-11T08" not in page.text
        assert page.status_code in {200, 302}
    page = client.post(arras.identity_url(secteur=secteur), IDENTITY)
    assert not BookingDraft.objects.exists()
    assert page.status_code in {200, 302}


def test_G15_the_domain_refuses_what_no_page_leads_to(arras):
    motif, usager = arras.motif, UsagerFactory(territoire=arras.organisation.territoire)
    lens = frozenset({sector("lens").pk})
    here = frozenset({sector("arras").pk})
    assert first_time(motif, arras.lieu, now=NOW) is None
    assert first_time(motif, arras.lieu, now=NOW, sector_ids=lens) is None
    assert first_time(motif, arras.lieu, now=NOW, sector_ids=here) == NINE
    with pytest.raises(SlotTaken):
        book_rdv(
            motif_id=motif.pk,
            lieu_id=arras.lieu.pk,
            starts_at=NINE,
            usager_ids=[usager.pk],
            actor=PrescripteurActor(prescripteur_id=0, name=""),
            now=NOW,
            sector_ids=lens,
        )
    identity = Identity("Léa", "Martin", "lea@exemple.fr")
    choice = Choice(motif.pk, arras.lieu.pk, NINE, NOW, sector_ids=tuple(lens))
    with pytest.raises(NoLongerOffered):
        confirm_choice(choice=choice, identity=identity, now=NOW)
    assert not Rdv.objects.exists()


def test_G15_by_agent_only_those_attributed_answer(client, arras, service):
    motif, organisation = arras.motif, arras.organisation
    type(motif).objects.filter(pk=motif.pk).update(sectorisation_level="agent")
    assert _free(arras) is None, "the organisation as a whole is no agent: nobody, not everybody"
    other = AgentFactory(organisations=[organisation])
    sector("arras").attributions.create(organisation=organisation, agent=other)
    assert _free(arras) is None
    service.finds(ARRAS)
    page = client.get(type_address(client, arras).url)
    assert "pas proposé en ligne à votre adresse" in page.text
    sector("arras").attributions.create(organisation=organisation, agent=arras.plage.agent)
    assert _free(arras) == NINE
    page = client.get(type_address(client, arras).url, follow=True)
    assert page.context["place"].lieu == arras.lieu


def _free(world: World) -> datetime | None:
    here = frozenset({sector("arras").pk})
    return first_time(world.motif, world.lieu, now=NOW, sector_ids=here)


def test_G15_without_sectors_nothing_is_asked(client, arras):
    Sector.objects.all().delete()
    assert first_time(arras.motif, arras.lieu, now=NOW) == NINE
    page = client.get(step(arras, "lieu"))
    assert page.status_code == 200
    assert "Lens" in page.text
    page = client.get(step(arras, "sector"))
    assert urlsplit(page.url).path.endswith("/lieu/")


def test_G15_A10_in_a_frame_the_address_is_asked_in_a_tab(client, arras):
    """A form that is posted has no place in a frame without cookies."""
    framed = arras.url("lieu").replace("/rendez-vous/", "/integration/")
    page = client.get(framed)
    assert "Donner mon adresse" in page.text
    assert "<form" not in page.text
    tab = page.text.split('class="fr-btn" href="')[1].split('"')[0]
    assert tab.startswith("/reprendre/")
    assert client.get(tab).url.startswith(arras.url("sector").partition("?")[0])


def test_G15_E07_a_workshop_by_agent_is_for_the_sector_of_its_agents(client):
    workshops = Workshops(sectorisation_level="agent")
    organisation = workshops.organisation
    mine, other = AgentFactory.create_batch(2, organisations=[organisation])
    known = {"territoire": organisation.territoire}
    SectorFactory(human_id="arras", agents=[(mine, organisation)], **known)
    SectorFactory(human_id="lens", agents=[(other, organisation)], **known)
    here = workshops.add(agents=[mine], title="Ses comptes")
    there = workshops.add(agents=[other], title="Son logement", starts_at=TUESDAY + ONE_DAY)
    assert "/adresse/" in client.get(workshops.url("workshop")).url
    secteur = str(sector("arras").uuid)
    page = client.get(workshops.url("workshop", secteur=secteur))
    assert "Ses comptes" in page.text
    assert "Son logement" not in page.text
    client.post(workshops.url("identity", atelier=there.uuid, secteur=secteur), IDENTITY)
    assert not BookingDraft.objects.exists()
    choice = Choice(
        workshops.motif.pk, None, there.starts_at, NOW, 1, there.pk, (sector("arras").pk,)
    )
    with pytest.raises(NoLongerOffered):
        confirm_choice(choice=choice, identity=Identity("Léa", "Martin", "lea@e.fr"), now=NOW)
    client.post(workshops.url("identity", atelier=here.uuid, secteur=secteur), IDENTITY)
    Client().post(link_of())
    assert here.participations.get().usager.last_name == "Martin"
    assert not there.participations.exists()


def test_G15_B01_a_prescripteur_gives_the_address_of_the_beneficiary(client, arras, service):
    page = client.get(step(arras, "lieu", prescripteur="1"))
    assert urlsplit(page.url).path.endswith("/adresse/")
    address = page.url
    page = client.get(address)
    assert "dépend de l’endroit où il habite" in page.text
    assert "votre adresse" not in page.text.lower()
    service.finds(LILLE)
    page = client.post(address, {"address": "Lille"}, follow=True)
    assert "là où il habite" in page.text
    service.finds(ARRAS)
    page = client.post(address, {"address": "12 rue de la Paix"})
    asked = parse_qs(urlsplit(page.url).query)
    assert (asked["prescripteur"], "Paix" in page.url) == (["1"], False)
    chosen = {"creneau": "2027-01-11T08:00Z", "prescripteur": "1", "secteur": asked["secteur"][0]}
    page = client.post(arras.url("prescripteur", **chosen), PARTNER)
    assert page.status_code == 302
    client.post(arras.url("code", **chosen), {"code": digits()})
    elsewhere = {**chosen, "secteur": str(sector("lens").uuid)}
    client.post(arras.url("beneficiaire", **elsewhere), NADIA)
    assert not Rdv.objects.exists(), "another sector in the URL books nothing"
    page = client.post(arras.url("beneficiaire", **chosen), NADIA, follow=True)
    assert "Le rendez-vous est confirmé" in page.text
    assert Rdv.objects.get().organisation == arras.organisation


def test_G15_C01_a_rdv_that_moves_stays_with_the_agents_of_the_sector(arras):
    """Whatever became of the sector since: at worst, its own agent."""
    motif, organisation, receives = arras.motif, arras.organisation, arras.plage.agent
    type(motif).objects.filter(pk=motif.pk).update(sectorisation_level="agent")
    motif.refresh_from_db()
    peer, stranger = AgentFactory.create_batch(2, organisations=[organisation])
    for agent in (receives, peer):
        sector("arras").attributions.create(organisation=organisation, agent=agent)
    sector("lens").attributions.create(organisation=organisation, agent=stranger)
    rdv = RdvFactory(motif=motif, lieu=arras.lieu, agents=[receives], starts_at=NINE)

    def movers():
        return search_of(Rdv.objects.get(pk=rdv.pk), now=NOW).agent_ids

    assert movers() == {receives.pk, peer.pk}
    sector("arras").delete()
    assert movers() == {receives.pk}, "nobody else, though other sectors are there"
    assert Rdv.objects.filter(pk=rdv.pk).exists()
    sector("lens").delete()
    assert movers() is None, "the territoire is not sectorised any more"


def test_G15_a_sector_deleted_while_somebody_books_is_for_nobody(client, arras):
    secteur, key = str(sector("arras").uuid), sector("arras").pk
    client.post(arras.identity_url(secteur=secteur), IDENTITY)
    assert BookingDraft.objects.get().sector_ids == [key]
    sector("arras").delete()
    page = Client().post(link_of(), follow=True)
    assert "Votre rendez-vous est confirmé" not in page.text
    assert not Rdv.objects.exists()
    page = client.get(arras.url("slot", secteur=secteur), follow=True)
    assert urlsplit(page.redirect_chain[-1][0]).path.endswith("/adresse/"), "asked again"
