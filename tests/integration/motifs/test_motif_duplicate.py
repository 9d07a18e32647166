"""G07: a motif copied, created in several organisations, previewed; archived and restored."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import AuditEntry, RoleOrganisation, Service, TerritoireService
from motifs.models import Motif
from motifs.services.motif_archive import archive_motif, restore_motif
from motifs.services.motif_edit import MotifRefused
from tests.factories import MotifCategoryFactory, MotifFactory, OrganisationFactory
from tests.factories.planning import NOW
from tests.integration.motifs.test_motif_edit import data


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.admin.account)
    return cast.admin


@pytest.fixture
def both(cast, admin):
    """The admin of the cast administers the other organisation too."""
    RoleOrganisation.objects.create(
        agent=cast.admin, organisation=cast.elsewhere_organisation, level="admin"
    )
    return [str(cast.organisation.uuid), str(cast.elsewhere_organisation.uuid)]


@pytest.fixture
def create_url(cast):
    return reverse("motifs:motif_create", args=[cast.organisation.uuid])


def test_G07_duplicate_prefills_every_setting(client, cast, admin):
    category = MotifCategoryFactory(territoire=cast.territoire, name="Papiers")
    Motif.objects.filter(pk=cast.motif.pk).update(category=category, instructions="Deux photos")
    url = reverse("motifs:motif_duplicate", args=[cast.motif.uuid])
    form = client.get(url).context["form"]
    assert form["name"].value() == f"{cast.motif.name} (copie)"
    assert (form["instructions"].value(), form["category"].value()) == ("Deux photos", category.pk)
    assert "organisations" not in form.fields
    client.post(url, data(cast, name="Copie", category=category.pk))
    copy = Motif.objects.get(name="Copie")
    assert (copy.organisation, copy.category) == (cast.organisation, category)
    assert AuditEntry.objects.filter(action="motif_created", object_uuid=copy.uuid).exists()
    foreign = MotifCategoryFactory()
    page = client.post(url, data(cast, name="Autre", category=foreign.pk))
    assert "category" in page.context["form"].errors


def test_G07_in_several_organisations_or_in_none(client, cast, both, create_url):
    assertContains(client.get(create_url), cast.elsewhere_organisation.name)
    page = client.post(create_url, data(cast, organisations=[]))
    assert "organisations" in page.context["form"].errors
    taken = MotifFactory(organisation=cast.elsewhere_organisation, name="Demande de passeport")
    page = client.post(create_url, data(cast, organisations=both))
    message = f"{cast.elsewhere_organisation.name} : Un motif du même nom"
    assertContains(page, message, status_code=422)
    assert list(Motif.objects.filter(name="Demande de passeport")) == [taken]
    taken.delete()
    page = client.post(create_url, data(cast, organisations=both), follow=True)
    assertContains(page, "créé dans 2 organisations")
    made = Motif.objects.filter(name="Demande de passeport")
    assert {motif.organisation for motif in made} == {
        cast.organisation,
        cast.elsewhere_organisation,
    }
    foreign = str(OrganisationFactory().uuid)
    page = client.post(create_url, data(cast, name="X", organisations=[foreign, "' OR 1=1"]))
    assert "organisations" in page.context["form"].errors


def test_G07_a_service_inactive_there_and_a_lack_of_contact_are_explained(
    client, cast, both, create_url
):
    abroad = OrganisationFactory()
    RoleOrganisation.objects.create(agent=cast.admin, organisation=abroad, level="admin")
    TerritoireService.objects.create(
        territoire=abroad.territoire, service=Service.objects.get(code="pmi")
    )
    page = client.post(create_url, data(cast, organisations=[both[0], str(abroad.uuid)]))
    assertContains(page, f"n’est pas actif dans le territoire « {abroad.territoire.name} »",
                   status_code=422)  # fmt: skip
    cast.elsewhere_organisation.phone_number = cast.elsewhere_organisation.email = ""
    cast.elsewhere_organisation.save()
    page = client.post(create_url, data(cast, organisations=both))
    message = f"{cast.elsewhere_organisation.name} : Avant d’ouvrir un motif en ligne"
    assertContains(page, message, status_code=422)
    assert not Motif.objects.filter(name="Demande de passeport").exists()


def test_G07_preview_is_what_the_usager_reads_and_stores_nothing(client, cast, admin, create_url):
    url = reverse("motifs:motif_preview", args=[cast.organisation.uuid])
    before = Motif.objects.count()
    page = client.post(url, data(cast, name="<script>alert(1)</script>", instructions="<b>x</b>"))
    assertContains(page, "&lt;script&gt;alert(1)&lt;/script&gt;")
    assertContains(page, "&lt;b&gt;x&lt;/b&gt;")
    assertContains(page, cast.lieu.address)
    assertContains(page, "Il ne peut pas déplacer le rendez-vous en ligne.")
    assertNotContains(page, "motif")
    # Whatever is being typed, wrong or unfinished, is answered.
    for typed in (
        {},
        data(cast, duration_minutes="-1", name="", location_type="lune"),
        data(cast, duration_minutes="9" * 500, name="é" * 9000),
        data(cast, visibility="invisible"),
    ):
        assert client.post(url, typed).status_code == 200
    # Without JavaScript the button of the form does the same.
    page = client.post(create_url, data(cast, apercu="1"))
    assertContains(page, "Apportez deux photos.", count=2)
    assert Motif.objects.count() == before


def test_G07_restore_says_what_stands_in_the_way(client, cast, admin):
    motif, actor = cast.motif, cast.actor("admin")
    archive_motif(motif_id=motif.pk, actor=actor, now=NOW)
    taken = MotifFactory(organisation=cast.organisation, service=cast.social, name=motif.name)
    url = reverse("motifs:motif_restore", args=[motif.uuid])
    archives = reverse("motifs:motif_list", args=[cast.organisation.uuid])
    assertContains(client.get(archives, {"archives": "1"}), url)
    assertContains(client.get(url), "réserver en ligne")
    assertContains(client.post(url), "porte déjà ce nom", status_code=422)
    taken.delete()
    cast.organisation.phone_number = cast.organisation.email = ""
    cast.organisation.save()
    with pytest.raises(MotifRefused, match="téléphone"):
        restore_motif(motif_id=motif.pk, actor=actor, now=NOW)
    cast.organisation.email = "mairie@exemple.fr"
    cast.organisation.save()
    for who in ("owner", "admin_elsewhere", "nobody"):
        with pytest.raises(MotifRefused):
            restore_motif(motif_id=motif.pk, actor=cast.actor(who), now=NOW)
    assertRedirects(client.post(url), archives)
    motif.refresh_from_db()
    assert motif.archived_at is None
    assert client.get(url).status_code == 404
