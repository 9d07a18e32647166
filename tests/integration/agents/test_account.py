"""G06, G09, D01: account pages and organisation settings."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import Level, RoleOrganisation
from agents.services.profile import ProfileFields, ProfileRefused, update_own_agent
from tests.factories import OrganisationFactory
from tests.factories.planning import NOW

EDIT = {
    "kind": "mairie",
    "name": "Maison des solidarités",
    "phone_number": "03 21 00 00 09",
    "email": "accueil@exemple.fr",
    "website": "www.exemple.fr",
    "opening_hours": "Du lundi au vendredi, de 9 h à 12 h",
}


def test_G09_account_menu_leads_everywhere(client, cast):
    client.force_login(cast.owner.account)
    page = client.get(reverse("agents:profile"))
    for name in (
        "agents:organisation_list",
        "agents:profile",
        "agents:preferences",
        "account_change_password",
    ):
        assertContains(page, f'href="{reverse(name)}"')
        assert client.get(reverse(name)).status_code == 200


def test_G09_organisations_are_grouped_by_territoire(client, cast):
    RoleOrganisation.objects.create(
        agent=cast.owner, organisation=cast.elsewhere_organisation, level=Level.ADMIN
    )
    archived = OrganisationFactory(territoire=cast.territoire, archived_at=NOW)
    RoleOrganisation.objects.create(agent=cast.owner, organisation=archived)
    client.force_login(cast.owner.account)
    page = client.get(reverse("agents:organisation_list"))
    assertContains(page, cast.territoire.name, count=1)
    for organisation in (cast.organisation, cast.elsewhere_organisation):
        assertContains(page, reverse("planning:agenda", args=[organisation.uuid]))
    assertContains(
        page, reverse("agents:organisation_edit", args=[cast.elsewhere_organisation.uuid])
    )
    assertNotContains(page, reverse("agents:organisation_edit", args=[cast.organisation.uuid]))
    assertNotContains(page, archived.name)


def test_G09_territoire_admin_sees_all_its_organisations(client, cast):
    client.force_login(cast.territoire_admin.account)
    page = client.get(reverse("agents:organisation_list"))
    groups = page.context["groups"]
    assert [len(group.lines) for group in groups] == [2]
    assertContains(page, "Admin de territoire")


def test_G09_an_agent_without_role_is_told(client, cast):
    cast.owner.roles.all().delete()
    client.force_login(cast.owner.account)
    page = client.get(reverse("agents:organisation_list"))
    assertContains(page, "Vous n’avez de rôle dans aucune organisation.")


def test_G09_profile(client, cast):
    client.force_login(cast.owner.account)
    url = reverse("agents:profile")
    data = {"first_name": "Zoé", "last_name": "<b>Petit</b>", "phone_number": "06 12 34 56 78"}
    assertRedirects(client.post(url, {**data, "email": "autre@exemple.fr"}), url)
    cast.owner.refresh_from_db()
    assert (cast.owner.first_name, str(cast.owner.phone_number)) == ("Zoé", "+33612345678")
    assert cast.owner.email != "autre@exemple.fr"
    page = client.get(url)
    assertContains(page, "06 12 34 56 78")
    assertNotContains(page, "<b>Petit</b>")


@pytest.mark.parametrize(
    "changes", [{"last_name": ""}, {"first_name": "x" * 10_000}, {"phone_number": "12"}]
)
def test_G09_profile_refuses_bad_input(client, cast, changes):
    client.force_login(cast.owner.account)
    data = {"first_name": "Zoé", "last_name": "Petit", **changes}
    response = client.post(reverse("agents:profile"), data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == list(changes)


def test_D01_preferences(client, cast):
    client.force_login(cast.owner.account)
    url = reverse("agents:preferences")
    data = {
        "rdv_notifications": "soon",
        "plage_notifications": "none",
        "indisponibilite_notifications": "all",
        "agenda_view": "mois",
        "shows_saturdays": "on",
    }
    assertRedirects(client.post(url, data), url)
    cast.owner.refresh_from_db()
    assert cast.owner.rdv_notifications == "soon"
    assert cast.owner.plage_notifications == "none"
    assert client.post(url, {**data, "rdv_notifications": "never"}).status_code == 422


def test_G09_nobody_but_an_agent_has_a_profile(cast):
    with pytest.raises(ProfileRefused):
        update_own_agent(fields=ProfileFields("A", "B"), actor=cast.actor("usager"), now=NOW)


def test_G06_organisation_settings(client, cast):
    client.force_login(cast.admin.account)
    url = reverse("agents:organisation_edit", args=[cast.organisation.uuid])
    assertRedirects(client.post(url, EDIT), url)
    cast.organisation.refresh_from_db()
    assert str(cast.organisation.phone_number) == "+33321000009"
    assert cast.organisation.website == "https://www.exemple.fr"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"phone_number": "0"}, "phone_number"),
        ({"email": "pas une adresse"}, "email"),
        ({"website": "javascript:alert(1)"}, "website"),
        # G12: a motif of the cast is open online.
        ({"phone_number": "", "email": ""}, "phone_number"),
    ],
)
def test_G06_G12_bad_input_is_refused_beside_its_field(client, cast, changes, field):
    client.force_login(cast.admin.account)
    url = reverse("agents:organisation_edit", args=[cast.organisation.uuid])
    response = client.post(url, {**EDIT, **changes})
    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_G06_name_is_unique_in_the_territoire(client, cast):
    client.force_login(cast.admin.account)
    url = reverse("agents:organisation_edit", args=[cast.organisation.uuid])
    response = client.post(url, {**EDIT, "name": cast.elsewhere_organisation.name})
    assertContains(response, "porte déjà ce nom", status_code=422)


def test_G12_contact_may_go_when_nothing_is_online(client, cast):
    cast.motif.booking_level = "agents"
    cast.motif.save()
    client.force_login(cast.admin.account)
    url = reverse("agents:organisation_edit", args=[cast.organisation.uuid])
    assert client.post(url, {"name": cast.organisation.name, "kind": "other"}).status_code == 302
