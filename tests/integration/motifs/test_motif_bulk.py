"""G07, G12: settings of several motifs changed at once, after a preview; and undone."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import AuditEntry
from motifs.models import Motif, MotifBulkEdit
from motifs.policies import motifs_for
from motifs.queries.motif_bulk import in_order, plan_of
from motifs.services.motif_bulk import (
    MotifBulkRefused,
    PlanChanged,
    bulk_edit_motifs,
    undo_bulk_edit,
)
from tests.factories import AgentFactory, MotifCategoryFactory, MotifFactory, SectorFactory
from tests.factories.planning import NOW


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.admin.account)
    return cast.admin


@pytest.fixture
def second(cast):
    return MotifFactory(organisation=cast.organisation, name="Second", duration_minutes=60)


@pytest.fixture
def url(cast):
    return reverse("motifs:motif_bulk", args=[cast.organisation.uuid])


def asked(*motifs, change=("duration_minutes",), **values):
    return {
        "motif": [str(motif.uuid) for motif in motifs],
        "change": list(change),
        "duration_minutes": "45",
        **values,
    }


def edit(cast, motifs, values, *, who="admin", uuid=None, now=NOW):
    rows = list(in_order(Motif.objects.filter(pk__in=[motif.pk for motif in motifs])))
    return bulk_edit_motifs(
        uuid=uuid or uuid4(),
        motif_ids=[motif.pk for motif in motifs],
        values=values,
        digest=plan_of(rows, values, now=now).digest,
        actor=cast.actor(who),
        now=now,
    )


def undo(cast, bulk, *, who="admin", now=NOW):
    return undo_bulk_edit(bulk_id=bulk.pk, actor=cast.actor(who), now=now)


def durations(*motifs):
    return [Motif.objects.get(pk=motif.pk).duration_minutes for motif in motifs]


def test_G07_choose_read_confirm_undo(client, cast, admin, second, url):
    motif = cast.motif
    page = client.get(reverse("motifs:motif_list", args=[cast.organisation.uuid]))
    assertContains(page, f'value="{second.uuid}"')
    page = client.get(url, {"motif": [str(motif.uuid), str(second.uuid)]})
    assertContains(page, "Modifier 2 motifs")
    changes = asked(
        motif,
        second,
        change=["duration_minutes", "instructions", "is_movable_by_usager"],
        instructions="Apportez <b>deux</b> photos",
    )
    page = client.post(url, changes)
    assert durations(motif, second) == [30, 60]
    assertContains(page, "<del>60 min</del>")
    assertContains(page, "<ins>45 min</ins>", count=2)
    assertContains(page, "&lt;b&gt;deux&lt;/b&gt;")
    assertContains(page, "RDV à venir qui gardent leur durée : 1.")
    confirm = page.context["confirm"].initial
    back = client.post(url, {**changes, "back": "1"})
    assert back.context["form"]["instructions"].value() == "Apportez <b>deux</b> photos"
    answer = client.post(url, {**changes, **confirm, "confirm": "1"})
    bulk = MotifBulkEdit.objects.get()
    result = reverse("motifs:motif_bulk_result", args=[bulk.uuid])
    assertRedirects(answer, result)
    # A second click finds the edit of the first.
    assertRedirects(client.post(url, {**changes, **confirm, "confirm": "1"}), result)
    assert durations(motif, second) == [45, 45]
    assert not Motif.objects.get(pk=second.pk).is_movable_by_usager
    entries = AuditEntry.objects.filter(action="motif_edited", agent=admin)
    assert {entry.object_uuid for entry in entries} == {motif.uuid, second.uuid}
    assert "Apportez" not in str([entry.detail for entry in entries])
    assertContains(client.get(result), "Annuler cette modification")
    undo_url = reverse("motifs:motif_bulk_undo", args=[bulk.uuid])
    assertContains(client.post(undo_url, follow=True), "Modification annulée")
    assert durations(motif, second) == [30, 60]
    assert Motif.objects.get(pk=second.pk).is_movable_by_usager
    assert AuditEntry.objects.filter(action="motif_edit_undone").count() == 2
    assertContains(client.post(undo_url), "déjà annulée", status_code=409)


def test_G15_sectorisation_is_changed_where_there_are_sectors(client, cast, admin, second, url):
    chosen = {"motif": [str(cast.motif.uuid), str(second.uuid)]}
    level = {"change": ["sectorisation_level"], "sectorisation_level": "agent"}
    assertNotContains(client.get(url, chosen), "Sectorisation")
    assert client.post(url, {**chosen, **level}).status_code == 422, "no sector: nothing to ask"
    SectorFactory(territoire=cast.territoire, organisations=[cast.organisation])
    for bad in ("", "rue", "<b>", "\x00"):
        page = client.post(url, {**chosen, **level, "sectorisation_level": bad})
        assert "sectorisation_level" in page.context["form"].errors
    page = client.post(url, {**chosen, **level})
    assertContains(page, "<ins>Les agents du secteur</ins>", count=2)
    assertContains(page, "personne ne pourra prendre ce RDV en ligne")
    assertContains(page, "plus de liste d’attente", count=2)
    level["sectorisation_level"] = "organisation"
    page = client.post(url, {**chosen, **level})
    assertNotContains(page, "personne ne pourra prendre ce RDV en ligne")
    confirm = page.context["confirm"].initial
    client.post(url, {**chosen, **level, **confirm, "confirm": "1"})
    levels = Motif.objects.filter(organisation=cast.organisation).values_list(
        "sectorisation_level", flat=True
    )
    assert set(levels) == {"organisation"}
    undo(cast, MotifBulkEdit.objects.get())
    assert set(levels.all()) == {"departement"}


def test_G07_all_or_nothing_naming_what_refuses(client, cast, admin, second, url):
    """The type is locked by the RDV of the cast; the other motif could change."""
    changes = asked(cast.motif, second, change=["location_type"], location_type="visio")
    page = client.post(url, changes)
    assertContains(page, "des RDV ont déjà été pris")
    assertNotContains(page, 'name="confirm"')
    assertContains(page, f'name="motif" value="{second.uuid}"', count=1)
    with pytest.raises(MotifBulkRefused) as refused:
        edit(cast, [cast.motif, second], {"location_type": "visio"})
    assert [cast.motif.name in reason for reason in refused.value.reasons] == [True]
    assert set(Motif.objects.values_list("location_type", flat=True)) == {"sur_place"}
    # Two motifs of one name may not become of one type.
    twin = MotifFactory(organisation=cast.organisation, name="Second", location_type="telephone")
    for motifs in ([second], [second, twin]):
        with pytest.raises(MotifBulkRefused) as refused:
            edit(cast, motifs, {"location_type": "telephone"})
        assert "du même nom" in refused.value.reasons[0]


def test_G12_none_goes_online_without_a_contact(cast, second):
    Motif.objects.update(booking_level="agents")
    cast.organisation.phone_number = cast.organisation.email = ""
    cast.organisation.save()
    with pytest.raises(MotifBulkRefused) as refused:
        edit(cast, [cast.motif, second], {"booking_level": "usagers"})
    assert len(refused.value.reasons) == 2
    cast.organisation.email = "mairie@exemple.fr"
    cast.organisation.save()
    Motif.objects.filter(pk=second.pk).update(booking_level="usagers")
    bulk = edit(cast, [second], {"booking_level": "agents"})
    cast.organisation.email = ""
    cast.organisation.save()
    with pytest.raises(MotifBulkRefused) as refused:
        undo(cast, bulk)
    assert "téléphone" in refused.value.reasons[0]
    assert Motif.objects.get(pk=second.pk).booking_level == "agents"


def test_G07_a_motif_changed_since_the_preview_is_read_again(client, cast, admin, second, url):
    changes = asked(cast.motif, second)
    confirm = client.post(url, changes).context["confirm"].initial
    Motif.objects.filter(pk=second.pk).update(duration_minutes=50)
    page = client.post(url, {**changes, **confirm, "confirm": "1"})
    assertContains(page, "vient de changer", status_code=409)
    assertContains(page, "<del>50 min</del>", status_code=409)
    assert durations(cast.motif, second) == [30, 50]
    with pytest.raises(PlanChanged):
        bulk_edit_motifs(
            uuid=uuid4(),
            motif_ids=[second.pk],
            values={"duration_minutes": 45},
            digest="0" * 64,
            actor=cast.actor("admin"),
            now=NOW,
        )


def test_G07_undo_is_refused_with_reasons(client, cast, admin, second):
    bulk = edit(cast, [cast.motif, second], {"duration_minutes": 45})
    with pytest.raises(MotifBulkRefused, match="la vôtre"):
        undo(cast, bulk, who="territoire_admin")
    with pytest.raises(MotifBulkRefused, match="24 heures"):
        undo(cast, bulk, now=NOW + timedelta(hours=25))
    Motif.objects.filter(pk=second.pk).update(duration_minutes=20)
    page = client.post(reverse("motifs:motif_bulk_undo", args=[bulk.uuid]))
    assertContains(page, "Second", status_code=409)
    assertContains(page, "changé depuis (Durée)", status_code=409)
    assert durations(cast.motif, second) == [45, 20]
    # Another setting of it may have changed: undoing leaves it.
    Motif.objects.filter(pk=second.pk).update(duration_minutes=45, name="Renommé")
    undo(cast, bulk)
    assert durations(cast.motif, second) == [30, 60]
    archived = edit(cast, [second], {"duration_minutes": 45})
    Motif.objects.filter(pk=second.pk).update(archived_at=NOW)
    with pytest.raises(MotifBulkRefused, match="archivé"):
        undo(cast, archived)
    AgentFactory(organisations=[cast.organisation], organisations__level="admin")
    cast.admin.roles.update(level="basique")  # no longer the last admin
    with pytest.raises(MotifBulkRefused, match="la vôtre"):
        undo(cast, archived)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"change": []}, "__all__"),
        ({"change": ["organisation_id", "archived_at", "name"]}, "__all__"),
        ({"duration_minutes": "-5"}, "duration_minutes"),
        ({"duration_minutes": "9" * 400}, "duration_minutes"),
        ({"change": ["restriction"], "restriction": "x" * 10_000}, "restriction"),
        ({"change": ["restriction"], "restriction": "nul \x00"}, "restriction"),
        ({"change": ["booking_level"], "booking_level": "tous"}, "booking_level"),
        ({"change": ["color"], "color_choice": "other", "color_other": "#FFFFFF"}, "color_other"),
        ({"change": ["category_id"], "category": "999999"}, "category"),
    ],
)
def test_G07_bad_input_is_refused_and_comes_back(client, cast, admin, url, changes, field):
    MotifCategoryFactory(territoire=cast.territoire)
    page = client.post(url, {**asked(cast.motif), **changes})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    page = client.post(url, {**asked(cast.motif), "confirm": "1", "uuid": "x", "digest": "é" * 64})
    assertContains(page, "Différences avant d’enregistrer")
    assert durations(cast.motif) == [30]


def test_G01_motifs_of_others_are_left_aside(client, cast, admin, url):
    foreign = MotifFactory()
    elsewhere = MotifFactory(organisation=cast.elsewhere_organisation)
    page = client.post(url, {**asked(cast.motif, foreign, elsewhere), "motif": [
        str(cast.motif.uuid), str(foreign.uuid), str(elsewhere.uuid), "' OR 1=1", "é" * 300,
    ]})  # fmt: skip
    assert page.context["motifs"] == [cast.motif]
    assertContains(page, "laissés de côté")
    assertNotContains(page, foreign.name)
    for motifs in ([foreign], [elsewhere], [cast.motif, foreign]):
        with pytest.raises(MotifBulkRefused):
            edit(cast, motifs, {"duration_minutes": 45})
    category = MotifCategoryFactory()
    with pytest.raises(MotifBulkRefused) as refused:
        edit(cast, [cast.motif], {"category_id": category.pk})
    assert "catégorie" in refused.value.reasons[0]
    for who in ("owner", "secretary", "stranger", "usager", "nobody"):
        with pytest.raises(MotifBulkRefused):
            edit(cast, [cast.motif], {"duration_minutes": 45}, who=who)


def test_G07_across_the_organisations_of_a_territoire(client, cast, django_assert_max_num_queries):
    client.force_login(cast.territoire_admin.account)
    elsewhere = MotifFactory(organisation=cast.elsewhere_organisation, is_follow_up=True)
    MotifFactory.create_batch(20, organisation=cast.organisation)
    foreign = MotifFactory()
    listed = reverse("motifs:territoire_motifs", args=[cast.territoire.uuid])
    with django_assert_max_num_queries(16):
        page = client.get(listed)
    assertContains(page, elsewhere.name)
    assertNotContains(page, foreign.name)
    found = client.get(listed, {"organisation": str(cast.elsewhere_organisation.uuid)})
    assert list(found.context["page"].object_list) == [elsewhere]
    found = client.get(listed, {"mark": "suivi"})
    assert list(found.context["page"].object_list) == [elsewhere]
    url = reverse("motifs:motif_bulk_of_territoire", args=[cast.territoire.uuid])
    everything = list(motifs_for(cast.actor("territoire_admin"), "motif:edit"))
    changes = asked(*everything)
    with django_assert_max_num_queries(16):
        page = client.post(url, changes)
    confirm = page.context["confirm"].initial
    client.post(url, {**changes, **confirm, "confirm": "1"})
    assert durations(cast.motif, elsewhere, foreign) == [45, 45, 30]
    result = client.get(
        reverse("motifs:motif_bulk_result", args=[MotifBulkEdit.objects.get().uuid])
    )
    assertContains(result, cast.elsewhere_organisation.name)
    assertContains(client.get(url, follow=True), "Cochez d’abord les motifs")
