"""G07, G12: motifs through their pages."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from motifs.models import Motif
from motifs.services.motif_archive import archive_motif
from motifs.services.motif_edit import MotifFields, MotifRefused, create_motif, update_motif
from rdv.common.saving import InvalidRow
from tests.factories import MotifFactory, SectorFactory, service
from tests.factories.planning import NOW

BASE = {
    "name": "Demande de passeport",
    "location_type": "sur_place",
    "duration_minutes": "30",
    "color_choice": "#18753C",
    "max_persons": "4",
    "pause_minutes": "10",
    "booking_level": "usagers",
    "min_delay_minutes": "120",
    "max_delay_minutes": "129600",
    "is_cancellable_by_usager": "on",
    "visibility": "visible_and_notified",
    "restriction": "Habitants de la commune seulement.",
    "instructions": "Apportez deux photos.",
    "cancel_warning": "Sûr ?",
}


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.admin.account)
    return cast.admin


@pytest.fixture
def list_url(cast):
    return reverse("motifs:motif_list", args=[cast.organisation.uuid])


@pytest.fixture
def create_url(cast):
    return reverse("motifs:motif_create", args=[cast.organisation.uuid])


def data(cast, **changes):
    return {**BASE, "service": cast.social.pk, **changes}


def fields_of(motif, **changes):
    names = MotifFields.__dataclass_fields__
    return MotifFields(**{**{name: getattr(motif, name) for name in names}, **changes})


def test_G07_every_setting_is_kept(client, cast, admin, create_url, list_url):
    assertRedirects(client.post(create_url, data(cast)), list_url)
    motif = Motif.objects.get(name="Demande de passeport")
    assert (motif.organisation, motif.service) == (cast.organisation, cast.social)
    assert (motif.color, motif.duration_minutes, motif.max_persons) == ("#18753C", 30, 4)
    assert motif.pause_minutes == 10
    assert (motif.min_delay_minutes, motif.max_delay_minutes) == (120, 129600)
    assert motif.is_cancellable_by_usager
    assert not motif.is_movable_by_usager
    assert motif.is_open_online
    assert motif.instructions == "Apportez deux photos."
    assertContains(client.get(list_url), "Demande de passeport")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"service": "999999"}, "service"),
        ({"duration_minutes": "0"}, "duration_minutes"),
        ({"duration_minutes": "1441"}, "duration_minutes"),
        ({"location_type": "lune"}, "location_type"),
        ({"color_choice": "red"}, "color_choice"),
        ({"color_choice": "other", "color_other": "rouge"}, "color_other"),
        ({"color_choice": "other", "color_other": "#FFFF00"}, "color_other"),
        ({"booking_level": "tous"}, "booking_level"),
        ({"min_delay_minutes": "31"}, "min_delay_minutes"),
        ({"min_delay_minutes": "129600", "max_delay_minutes": "60"}, "max_delay_minutes"),
        ({"max_persons": "21"}, "max_persons"),
        ({"pause_minutes": "241"}, "pause_minutes"),
        ({"pause_minutes": "-1"}, "pause_minutes"),
        ({"is_follow_up": "on", "for_secretariat": "on"}, "is_follow_up"),
        ({"visibility": ""}, "visibility"),
        ({"restriction": "x" * 10_000}, "restriction"),
    ],
)
def test_G07_bad_input_is_refused_beside_its_field(client, cast, admin, create_url, changes, field):
    before = Motif.objects.count()
    response = client.post(create_url, data(cast, **changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Motif.objects.count() == before


def test_G07_service_must_be_active_and_never_the_secretariat(client, cast, admin, create_url):
    for code in ("secretariat", "urbanisme"):
        response = client.post(create_url, data(cast, service=service(code).pk))
        assert "service" in response.context["form"].errors
    with pytest.raises(InvalidRow) as refused:
        create_motif(
            organisation=cast.organisation,
            fields=fields_of(cast.motif, name="Autre", service_id=service("urbanisme").pk),
            actor=cast.actor("admin"),
            now=NOW,
        )
    assert list(refused.value.errors) == ["service"]


def test_G07_one_name_per_service_and_type(client, cast, admin, create_url):
    response = client.post(create_url, data(cast, name=cast.motif.name))
    assertContains(response, "Un motif du même nom", status_code=422)
    assert (
        client.post(create_url, data(cast, name=cast.motif.name, location_type="visio")).status_code
        == 302
    )


def test_G07_another_colour_that_can_be_read(client, cast, admin, create_url):
    client.post(create_url, data(cast, color_choice="other", color_other="#123456"))
    motif = Motif.objects.get(name="Demande de passeport")
    assert motif.color == "#123456"
    page = client.get(reverse("motifs:motif_edit", args=[motif.uuid]))
    assert page.context["form"]["color_choice"].value() == "other"


def test_G07_names_are_text_whatever_they_hold(client, cast, admin, create_url, list_url):
    client.post(create_url, data(cast, name="<i>Naissance</i> 👶"))
    assertContains(client.get(list_url), "&lt;i&gt;Naissance&lt;/i&gt; 👶")


def test_G07_type_is_frozen_once_a_rdv_exists(client, cast, admin):
    url = reverse("motifs:motif_edit", args=[cast.motif.uuid])
    assertContains(client.get(url), "son type ne peut plus changer")
    response = client.post(url, data(cast, location_type="visio"))
    assert "location_type" in response.context["form"].errors
    unused = MotifFactory(organisation=cast.organisation)
    url = reverse("motifs:motif_edit", args=[unused.uuid])
    assert client.post(url, data(cast, location_type="visio")).status_code == 302
    unused.refresh_from_db()
    assert unused.location_type == "visio"


def test_G07_editing_keeps_a_delay_that_is_not_in_the_list(client, cast, admin):
    cast.motif.min_delay_minutes = 45
    cast.motif.save()
    url = reverse("motifs:motif_edit", args=[cast.motif.uuid])
    assertContains(client.get(url), "45 minutes")
    assert client.post(url, data(cast, min_delay_minutes="45")).status_code == 302


def test_G12_no_motif_goes_online_without_phone_or_email(client, cast, admin, create_url):
    organisation = cast.organisation
    organisation.phone_number = organisation.email = ""
    organisation.save()
    edit = reverse("agents:organisation_edit", args=[organisation.uuid])
    assertContains(client.get(create_url), edit)
    response = client.post(create_url, data(cast))
    assert "booking_level" in response.context["form"].errors
    assert client.post(create_url, data(cast, booking_level="agents")).status_code == 302
    organisation.email = "mairie@exemple.fr"
    organisation.save()
    assert client.post(create_url, data(cast, name="Autre")).status_code == 302


def test_G01_the_services_decide_again(cast):
    motif = cast.motif
    for who in ("same_service", "secretary", "admin_elsewhere", "nobody"):
        actor = cast.actor(who)
        with pytest.raises(MotifRefused):
            create_motif(
                organisation=cast.organisation, fields=fields_of(motif), actor=actor, now=NOW
            )
        with pytest.raises(MotifRefused):
            update_motif(motif_id=motif.pk, fields=fields_of(motif), actor=actor, now=NOW)
        with pytest.raises(MotifRefused):
            archive_motif(motif_id=motif.pk, actor=actor, now=NOW)


def test_G07_filters(client, cast, admin, list_url):
    visio = MotifFactory(
        organisation=cast.organisation,
        service=service("pmi"),
        name="Pesée du bébé",
        location_type="visio",
        booking_level="agents",
    )

    def shown(**query):
        return set(client.get(list_url, query).context["page"].object_list)

    assert shown() == {cast.motif, visio}
    assert shown(text="bebe") == {visio}
    assert shown(service="social") == {cast.motif}
    assert shown(location_type="visio") == {visio}
    assert shown(online="1") == {cast.motif}
    assert shown(online="0") == {visio}
    # What the filter cannot read filters nothing.
    assert shown(service="x", location_type="y", online="z") == {cast.motif, visio}
    assertContains(client.get(list_url, {"text": "zzz"}), "Aucun motif ne répond")


def test_G01_other_agents_read_their_services_only(client, cast, list_url):
    client.force_login(cast.other_service.account)
    page = client.get(list_url)
    assertNotContains(page, cast.motif.name)
    assertNotContains(page, "Créer un motif")


def test_G07_the_list_reads_a_constant_number_of_rows(
    client, cast, admin, list_url, django_assert_max_num_queries
):
    MotifFactory.create_batch(30, organisation=cast.organisation)
    with django_assert_max_num_queries(18):
        client.get(list_url)


def test_E07_a_collective_motif_is_on_site_and_in_no_plage(admin, client, cast, create_url):
    typed = data(cast, is_collective="on", location_type="telephone")
    assertContains(client.post(create_url, typed), "a lieu sur place", status_code=422)
    client.post(create_url, data(cast, is_collective="on"))
    assert Motif.objects.get(name=BASE["name"]).is_collective
    cast.rdv.delete()
    url = reverse("motifs:motif_edit", args=[cast.motif.uuid])
    answer = client.post(url, data(cast, name="Autre", is_collective="on"))
    assertContains(answer, "dans des plages d’ouverture", status_code=422)
    cast.plage.delete()
    client.post(url, data(cast, name="Autre", is_collective="on"))
    assert Motif.objects.get(pk=cast.motif.pk).is_collective


def test_G15_sectorisation_is_asked_where_there_are_sectors(client, cast, admin, create_url):
    assertNotContains(client.get(create_url), "sectorisation_level")
    motif = MotifFactory(organisation=cast.organisation, sectorisation_level="agent")
    edit = reverse("motifs:motif_edit", args=[motif.uuid])
    client.post(edit, data(cast, name="Sans secteur"))
    motif.refresh_from_db()
    assert (motif.name, motif.sectorisation_level) == ("Sans secteur", "agent")
    SectorFactory(territoire=cast.territoire)
    assertContains(client.get(edit), 'name="sectorisation_level"')
    client.post(edit, data(cast, sectorisation_level="organisation"))
    motif.refresh_from_db()
    assert motif.sectorisation_level == "organisation"
    page = client.post(edit, data(cast, sectorisation_level="rue"))
    assert page.status_code == 422
