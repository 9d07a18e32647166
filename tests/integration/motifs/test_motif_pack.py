"""G16: packs of motifs ready to use."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from agents.models import AuditEntry, OrganisationKind, Service
from motifs.models import LocationType, Motif
from motifs.rules.colors import PALETTE
from motifs.rules.packs import PACKS
from motifs.services.motif_edit import MotifRefused
from motifs.services.motif_pack import take_pack
from rdv.common.saving import InvalidRow
from tests.factories import MotifFactory, OrganisationFactory, service
from tests.factories.planning import NOW


def test_G16_each_pack_is_made_of_motifs_that_can_be():
    assert set(PACKS) == set(OrganisationKind.values)
    ready = [motif for pack in PACKS.values() for motif in pack]
    assert len({motif.key for motif in ready}) == len(ready)
    assert {motif.color for motif in ready} <= {color for color, _ in PALETTE}
    assert {motif.location for motif in ready} <= set(LocationType.values)
    for pack in PACKS.values():
        identities = [(motif.service, motif.location, motif.name) for motif in pack]
        assert len(set(identities)) == len(identities)
        assert "secretariat" not in {motif.service for motif in pack}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [kind for kind, pack in PACKS.items() if pack])
def test_G16_the_whole_pack_is_accepted_for_agents_only(cast, kind):
    for row in Service.objects.exclude(code__in=("social", "pmi", "secretariat")):
        cast.territoire.territoire_services.create(service=row)
    organisation = OrganisationFactory(territoire=cast.territoire, kind=kind)
    made = take_pack(
        organisation_id=organisation.pk,
        kind=kind,
        keys=[motif.key for motif in PACKS[kind]],
        actor=cast.actor("territoire_admin"),
        now=NOW,
    )
    assert len(made) == len(PACKS[kind])
    assert {motif.booking_level for motif in made} == {"agents"}


def test_G16_one_by_one_and_nothing_is_overwritten(client, cast, django_assert_max_num_queries):
    cast.organisation.kind = "pmi"
    cast.organisation.save()
    own = MotifFactory(
        organisation=cast.organisation,
        service=service("pmi"),
        name="Pesée et conseils",
        duration_minutes=7,
    )
    cast.sign_in(client, "admin")
    url = reverse("motifs:motif_pack", args=[cast.organisation.uuid])
    client.get(url)  # the first request of a session writes it
    with django_assert_max_num_queries(12):
        page = client.get(url)
    assertContains(page, "déjà dans vos motifs")
    assertContains(client.get(f"{url}?genre=mairie"), "service non activé dans le territoire")
    assertContains(client.get(f"{url}?genre=x"), "Consultation d’enfant")
    response = client.post(url, {"keys": ["nourrisson", "prenatal"]})
    assertRedirects(response, reverse("motifs:motif_list", args=[cast.organisation.uuid]))
    assert set(
        cast.organisation.motifs.filter(service__code="pmi").values_list("name", flat=True)
    ) == {
        "Pesée et conseils",
        "Consultation d’enfant (0 à 6 ans)",
        "Entretien prénatal",
    }
    own.refresh_from_db()
    assert own.duration_minutes == 7
    entry = AuditEntry.objects.get(action="motif_pack_taken")
    assert entry.detail["motifs"] == ["nourrisson", "prenatal"]


@pytest.mark.parametrize("keys", [[], ["pesee", "<script>"], ["passeport"], ["x" * 10_000]])
def test_G16_what_the_pack_does_not_offer_is_refused(client, cast, keys):
    cast.organisation.kind = "pmi"
    cast.organisation.save()
    cast.sign_in(client, "admin")
    url = reverse("motifs:motif_pack", args=[cast.organisation.uuid])
    count = Motif.objects.count()
    assert client.post(url, {"keys": keys}).status_code == 422
    assert Motif.objects.count() == count


def test_G16_the_service_checks_by_itself(cast):
    def take(who, keys=("pesee",), kind="pmi"):
        take_pack(
            organisation_id=cast.organisation.pk,
            kind=kind,
            keys=keys,
            actor=cast.actor(who),
            now=NOW,
        )

    for who in ("owner", "stranger", "usager", "nobody"):
        with pytest.raises(MotifRefused):
            take(who)
    with pytest.raises(InvalidRow):
        take("admin", keys=["passeport"], kind="mairie")  # its service is not active
    take("admin")
    take("admin")  # a second click
    assert Motif.objects.filter(name="Pesée et conseils").count() == 1
