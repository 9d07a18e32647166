"""G16: a client in one form; the technical administration, for super-administrators only."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from agents.models import AuditEntry, Brand, Organisation, Territoire
from agents.queries.actor import agent_actor
from motifs.models import Motif
from notifications.models import OutboxMessage
from rdv.accounts.models import Account
from tests.factories import AgentFactory, BrandFactory, TerritoireFactory

pytestmark = pytest.mark.django_db
PASSWORD = "Correcth0rse!battery"
VALID = {
    "territoire_name": "Ville de Laon",
    "territoire_kind": "commune",
    "departement_number": "02",
    "timezone": "Europe/Paris",
    "holiday_zone": "metropole",
    "organisation_name": "Mairie de Laon",
    "organisation_kind": "mairie",
    "phone_number": "03 23 00 00 00",
    "lieu_address": "2 place de la Mairie, 02000 Laon",
    "services": ["ccas"],
    "takes_pack": "on",
    "first_name": "Jeanne",
    "last_name": "Martin",
    "email": "Jeanne@laon.fr",
}
URL = "/administration-technique/clients/nouveau/"


@pytest.fixture
def superadmin(client):
    account = Account.objects.create_superuser("root@rdv.fr", PASSWORD)
    client.force_login(account)
    return client


def test_G16_a_client_is_ready_to_work(superadmin):
    default = BrandFactory(is_default=True)
    assertContains(superadmin.get(URL), "Créer un client")
    assertContains(superadmin.post(URL, VALID), "jeanne@laon.fr")
    territoire = Territoire.objects.get()
    organisation = Organisation.objects.get()
    assert (territoire.slug, territoire.brand) == ("ville-de-laon", default)
    assert not territoire.searches_across_organisations  # decision 13
    assert (organisation.kind, organisation.slug) == ("mairie", "mairie-de-laon")
    agent = organisation.roles.get(level="admin").agent
    assert agent.is_invited
    invitation = OutboxMessage.objects.get(kind="invitation_agent")
    assert (invitation.recipient, invitation.subject.count("Laon")) == ("jeanne@laon.fr", 1)
    actor = agent_actor(agent)
    assert territoire.pk in actor.droits
    active = set(territoire.territoire_services.values_list("service__code", flat=True))
    assert active == {"ccas", "etat-civil", "urbanisme"}
    assert Motif.objects.filter(organisation=organisation, booking_level="agents").count() == 9
    assert organisation.lieux.get().address == VALID["lieu_address"]
    entry = AuditEntry.objects.get(action="client_created")
    assert (entry.superadmin.email, entry.agent) == ("root@rdv.fr", None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"territoire_name": ""}, "territoire_name"),
        ({"territoire_kind": "region"}, "territoire_kind"),
        ({"departement_number": "<b>"}, "departement_number"),
        ({"organisation_name": "x" * 121}, "organisation_name"),
        ({"email": "moi"}, "email"),
        ({"email": "connu@ville.fr"}, "email"),
        ({"services": [], "takes_pack": ""}, "services"),
        ({"services": ["astrologie"]}, "services"),
        ({"phone_number": "12"}, "phone_number"),
    ],
)
def test_G16_all_or_nothing(superadmin, changes, field):
    AgentFactory(email="connu@ville.fr")
    response = superadmin.post(URL, {**VALID, **changes})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["lieu_address"].value() == VALID["lieu_address"]
    assert not Territoire.objects.exists()


def test_G16_the_command_does_the_same(capsys):
    words = ["create_client", "--territoire-name", "Aisne", "--territoire-kind", "departement"]
    words += ["--organisation-name", "PMI", "--organisation-kind", "pmi", "--email", "a@aisne.fr"]
    call_command(*words)
    assert capsys.readouterr().out.split() == ["aisne", "pmi", "a@aisne.fr"]
    assert Territoire.objects.get().searches_across_organisations
    with pytest.raises(CommandError, match="déjà cette adresse"):
        call_command(*words)
    assert Territoire.objects.count() == 1


def test_G08_the_technical_administration_has_a_door_of_its_own(client, cast):
    Account.objects.create_superuser("root@rdv.fr", PASSWORD)
    login, home = reverse("superadmin_login"), reverse("technical_home")
    brands = reverse("admin:index")
    assert client.get(brands).status_code == 302
    typed = {"login": cast.territoire_admin.email, "password": PASSWORD}
    assert client.post(login, typed).status_code == 422
    assertRedirects(client.post(login, {**typed, "login": "root@rdv.fr"}), home)
    assertContains(client.get(brands), "Marques")
    cast.sign_in(client, "territoire_admin")
    for url in (home, URL):
        assert client.get(url).status_code == 404
    assert client.get(brands, follow=True).status_code == 404


def test_decision_36_a_brand_made_in_the_technical_administration(superadmin):
    territoire = TerritoireFactory()
    rows = {
        "hosts-TOTAL_FORMS": "1",
        "hosts-INITIAL_FORMS": "0",
        "hosts-0-host": "rdv.laon.fr",
        "legal_pages-TOTAL_FORMS": "1",
        "legal_pages-INITIAL_FORMS": "0",
        "legal_pages-0-kind": "cgu",
        "legal_pages-0-text": "Nos conditions.",
    }
    typed = {"name": "RDV Laon", "is_default": "on", "accessibility": "none", **rows}
    assert superadmin.post(reverse("admin:agents_brand_add"), typed).status_code == 302
    brand = Brand.objects.get()
    territoire.refresh_from_db()
    assert (territoire.brand, brand.hosts.get().host) == (brand, "rdv.laon.fr")
    page = brand.legal_pages.get()
    assert page.updated_by.email == "root@rdv.fr"
    assert AuditEntry.objects.get(action="brand_created").superadmin == page.updated_by
    Territoire.objects.update(brand=None)
    gone = reverse("admin:agents_brand_delete", args=[brand.pk])
    assert superadmin.post(gone, {"post": "yes"}).status_code == 302
    assert AuditEntry.objects.get(action="brand_deleted").detail == {"name": "RDV Laon"}
