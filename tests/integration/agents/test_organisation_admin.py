"""G05, G13: the organisations of a territoire."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import AuditEntry, Organisation, RoleOrganisation
from agents.queries.actor import agent_actor
from agents.services.organisation_archive import archive_organisation
from agents.services.organisation_create import create_organisation
from agents.services.organisation_edit import OrganisationRefused
from agents.services.territoire_lock import TerritoireRefused
from tests.factories import LieuFactory, OrganisationFactory
from tests.factories.planning import NOW


@pytest.fixture
def admin(client, cast):
    cast.sign_in(client, "territoire_admin")
    return client


@pytest.fixture
def list_url(cast):
    return reverse("agents:organisation_admin_list", args=[cast.territoire.uuid])


@pytest.fixture
def create_url(cast):
    return reverse("agents:organisation_create", args=[cast.territoire.uuid])


def test_G05_who_creates_it_is_its_first_admin(admin, cast, create_url):
    response = admin.post(create_url, {"name": "Mairie de Saint-Août", "kind": "mairie"})
    made = Organisation.objects.get(name="Mairie de Saint-Août")
    assertRedirects(response, reverse("motifs:motif_pack", args=[made.uuid]))
    assert (made.territoire, made.kind, made.slug) == (
        cast.territoire,
        "mairie",
        "mairie-de-saint-aout",
    )
    role = RoleOrganisation.objects.get(organisation=made)
    assert (role.agent, role.level) == (cast.territoire_admin, "admin")
    assert agent_actor(cast.territoire_admin).roles[made.pk] == "admin"
    entry = AuditEntry.objects.get(action="organisation_created")
    assert (entry.organisation, entry.territoire) == (made, cast.territoire)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"kind": ""}, "kind"),
        ({"kind": "phare"}, "kind"),
    ],
)
def test_G05_bad_input_keeps_what_was_typed(admin, create_url, changes, field):
    data = {"name": "CCAS", "kind": "ccas", **changes}
    response = admin.post(create_url, data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["name"].value() == data["name"]


def test_G05_names_and_addresses_are_each_one_s_own(admin, cast, create_url):
    OrganisationFactory(slug="ccas")
    for name in ("CCAS", "Territoire", "🎉 <b>"):
        assert admin.post(create_url, {"name": name, "kind": "ccas"}).status_code == 302
    slugs = Organisation.objects.filter(kind="ccas").order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["ccas-2", "territoire-2", "b"]
    again = admin.post(create_url, {"name": "CCAS", "kind": "ccas"})
    assertContains(again, "porte déjà ce nom", status_code=422)


def test_G05_the_list_counts_and_keeps_the_archived_ones(
    admin, cast, list_url, django_assert_max_num_queries
):
    for _ in range(3):
        OrganisationFactory(territoire=cast.territoire)
    LieuFactory(organisation=cast.organisation, availability="closed")
    old = OrganisationFactory(territoire=cast.territoire, name="Ancien CCAS", archived_at=NOW)
    theirs = OrganisationFactory()
    admin.get(list_url)  # the first request of a session writes it
    with django_assert_max_num_queries(9):
        page = admin.get(list_url)
    rows = {row.pk: row for row in page.context["organisations"]}
    own = rows[cast.organisation.pk]
    assert (own.agent_count, own.motif_count, own.lieu_count) == (5, 1, 1)
    assert list(page.context["archived"]) == [old]
    assertNotContains(page, theirs.name)


def test_G13_an_organisation_with_rdvs_to_come_is_not_archived(admin, cast, list_url):
    args = [cast.territoire.uuid, cast.organisation.uuid]
    url = reverse("agents:organisation_archive", args=args)
    cast.rdv.starts_at = timezone.now() + timedelta(days=2)
    cast.rdv.ends_at = cast.rdv.starts_at + timedelta(minutes=30)
    cast.rdv.save()
    page = admin.get(url)
    assertContains(page, "1 RDV est à venir")
    assertContains(page, reverse("planning:rdv_bulk", args=[cast.organisation.uuid]))
    assertNotContains(page, cast.usager.last_name)
    assertContains(admin.post(url), "déplacez-le d’abord", status_code=422)
    cast.rdv.status, cast.rdv.cancelled_at = "revoked", timezone.now()
    cast.rdv.save()
    assertRedirects(admin.post(url), list_url)
    cast.organisation.refresh_from_db()
    assert cast.organisation.archived_at
    agenda = reverse("planning:agenda", args=[cast.organisation.uuid])
    assert admin.get(agenda).status_code == 404
    restore = reverse("agents:organisation_restore", args=args)
    assertRedirects(admin.post(restore), list_url)
    assert admin.get(agenda).status_code == 200
    actions = AuditEntry.objects.filter(object_kind="organisation").order_by("pk")
    assert [entry.action for entry in actions] == [
        "organisation_archived",
        "organisation_restored",
    ]


def test_decision_12_an_organisation_of_another_territoire_is_not_there(admin, cast):
    theirs = cast.stranger.roles.get().organisation
    for name in ("organisation_archive", "organisation_restore"):
        url = reverse(f"agents:{name}", args=[cast.territoire.uuid, theirs.uuid])
        assert admin.post(url).status_code == 404


def test_decision_12_the_services_check_by_themselves(cast):
    for who in ("admin", "stranger", "usager", "nobody"):
        with pytest.raises(TerritoireRefused):
            create_organisation(
                territoire_id=cast.territoire.pk,
                name="Annexe",
                kind="mairie",
                actor=cast.actor(who),
                now=NOW,
            )
        with pytest.raises(OrganisationRefused):
            archive_organisation(
                organisation_id=cast.organisation.pk, actor=cast.actor(who), now=NOW
            )


def test_G05_the_kind_is_chosen_with_the_other_details(client, cast):
    cast.sign_in(client, "admin")
    url = reverse("agents:organisation_edit", args=[cast.organisation.uuid])
    data = {"name": cast.organisation.name, "kind": "pmi", "email": "pmi@exemple.fr"}
    assertRedirects(client.post(url, data), url)
    cast.organisation.refresh_from_db()
    assert cast.organisation.kind == "pmi"
    entry = AuditEntry.objects.get(action="organisation_changed")
    assert entry.detail["fields"] == ["email", "kind", "phone_number"]
    assert client.post(url, {**data, "kind": "phare"}).status_code == 422
