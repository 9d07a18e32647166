"""A01: the page « Réservation en ligne »."""

from __future__ import annotations

from datetime import date, time
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from motifs.models import Availability, Motif
from motifs.queries.booking_link import online_rows
from tests.factories import (
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    RdvFactory,
)
from tests.factories.planning import MONDAY, NOW


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def url(client, cast):
    client.force_login(cast.owner.account)
    return reverse("motifs:booking_link", args=[cast.organisation.uuid])


def reasons(organisation, motif):
    rows = {row.motif: row for row in online_rows(organisation, now=NOW)}
    return [reason.message for reason in rows[motif].reasons]


def test_A01_public_link_and_snippets(client, cast, url):
    cast.organisation.name = 'Mairie "d’Arras" <centre> & environs'
    cast.organisation.save()
    public = "http://testserver" + reverse(
        "usagers:booking_organisation", args=[cast.organisation.slug]
    )
    page = client.get(url)
    assertContains(page, f'<code class="rdv-code" id="public-url">{public}</code>')
    # Decision 22: a link of their own for those who send somebody.
    assertContains(page, f'id="prescripteur-url">{public}?prescripteur=1</code>')
    # The snippet is shown as text: what is pasted holds the name escaped once.
    assertContains(page, f"&lt;a href=&quot;{public}&quot;&gt;Prendre rendez-vous")
    assertContains(page, "&amp;lt;centre&amp;gt; &amp;amp; environs")
    assertNotContains(page, "<centre>")


def test_A10_the_snippet_of_the_frame_and_the_state_of_the_list(client, cast, url):
    cast.organisation.name = 'Mairie "d’Arras" <centre>'
    cast.organisation.save()
    page = client.get(url)
    frame = f"http://testserver/integration/{cast.organisation.slug}/"
    assertContains(page, f"&lt;iframe src=&quot;{frame}&quot; title=&quot;Prendre rendez-vous")
    assertContains(page, "&amp;quot;d’Arras&amp;quot; &amp;lt;centre&amp;gt;&quot; style=")
    script = "http://testserver/static/js/integration-v1.js"
    assertContains(page, f"&lt;script src=&quot;{script}&quot; async&gt;&lt;/script&gt;")
    # An agent learns whom to ask; the admin of the territoire goes there.
    assertContains(page, "Demandez à un administrateur du territoire")
    cast.territoire.embedding_domains = ["www.ville.fr"]
    cast.territoire.save()
    assertContains(client.get(url), "<li>www.ville.fr</li>")
    sites = reverse("agents:embedding_sites", args=[cast.territoire.uuid])
    assertNotContains(client.get(url), sites)
    client.force_login(cast.territoire_admin.account)
    assertContains(client.get(url), sites)


def test_A10_link_qr_code_and_snippet_of_the_whole_territoire(client, cast):
    client.force_login(cast.territoire_admin.account)
    page = client.get(reverse("motifs:territoire_booking_link", args=[cast.territoire.uuid]))
    slug = cast.territoire.slug
    link = f"http://testserver/rendez-vous/territoire/{slug}/"
    assertContains(page, f'<code class="rdv-code" id="public-url">{link}</code>')
    assertContains(page, f"http://testserver/integration/territoire/{slug}/&quot; title=")
    assertContains(page, "Aucun site n’est autorisé")
    for kind, content_type in (("svg", "image/svg+xml"), ("png", "image/png")):
        url = reverse(f"motifs:territoire_booking_qr_{kind}", args=[cast.territoire.uuid])
        assertContains(page, f'"{url}"')
        assert client.get(url)["Content-Type"] == content_type


def test_A01_qr_code_is_an_svg_image(client, cast, url):
    response = client.get(reverse("motifs:booking_qr", args=[cast.organisation.uuid]))
    assert response["Content-Type"] == "image/svg+xml"
    assert ET.fromstring(response.content).tag.endswith("svg")


def test_A01_direct_links_open_the_journey(client, cast, url):
    page = client.get(url).content.decode()
    public = reverse("usagers:booking_organisation", args=[cast.organisation.slug])
    links = {
        f"http://testserver{public}?prescripteur=1",
        f"http://testserver{public}?site={cast.lieu.uuid}",
        online_rows(cast.organisation, now=NOW)[0].url,
    }
    client.logout()
    for link in links:
        assert link in page
        answer = client.get(link.removeprefix("http://testserver"), follow=True)
        assertContains(answer, cast.motif.name)


def test_A01_qr_code_is_a_png_for_printers(client, cast, url):
    response = client.get(reverse("motifs:booking_qr_png", args=[cast.organisation.uuid]))
    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")


def test_A01_poster(client, cast, url):
    page = client.get(reverse("motifs:booking_poster", args=[cast.organisation.uuid]))
    assertContains(page, cast.organisation.name)
    assertContains(page, reverse("motifs:booking_qr", args=[cast.organisation.uuid]))
    assertContains(page, "03 21 00 00 00")


def test_A01_a_bookable_motif(cast):
    assert reasons(cast.organisation, cast.motif) == []


def test_A01_why_a_motif_is_not_bookable(cast):
    organisation, lieu = cast.organisation, cast.lieu
    closed = LieuFactory(organisation=organisation, availability=Availability.CLOSED)

    def motif(**values):
        return MotifFactory(organisation=organisation, **values)

    def plage(motif, lieu=lieu, **values):
        return PlageOuvertureFactory(lieu=lieu, agent=cast.owner, motifs=[motif], **values)

    offline, without, over, shut, short, ok = (
        motif(booking_level="prescripteurs"),
        motif(),
        motif(),
        motif(),
        motif(duration_minutes=181),
        motif(duration_minutes=180, location_type="telephone"),
    )
    plage(offline)
    plage(over, first_day=date(2026, 12, 1))
    plage(
        over,
        first_day=date(2026, 12, 1),
        frequency="weekly",
        weekdays=[1],
        recurrence_ends_on=date(2027, 1, 3),
    )
    plage(shut, closed)
    plage(short)
    plage(ok, closed)
    assert reasons(organisation, offline) == [
        "Ce motif n’est pas ouvert à la réservation en ligne."
    ]
    assert reasons(organisation, without) == ["Aucune plage d’ouverture ne propose ce motif."]
    assert reasons(organisation, over) == ["Toutes les plages de ce motif sont terminées."]
    assert reasons(organisation, shut) == ["Le lieu des plages de ce motif est fermé."]
    assert reasons(organisation, short) == ["Le motif est plus long que ses plages d’ouverture."]
    assert reasons(organisation, ok) == []
    plage(over, first_day=MONDAY, start_time=time(14), end_time=time(15))
    assert reasons(organisation, over) == []


def test_A01_too_far_and_workshops(cast):
    far, workshop = (
        MotifFactory(organisation=cast.organisation, max_delay_minutes=7 * 24 * 60),
        MotifFactory(organisation=cast.organisation, is_collective=True),
    )
    PlageOuvertureFactory(
        lieu=cast.lieu, agent=cast.owner, motifs=[far], first_day=date(2027, 1, 12)
    )
    assert reasons(cast.organisation, far) == [
        "Les plages de ce motif commencent après son délai maximum."
    ]
    assert reasons(cast.organisation, workshop) == ["Aucune séance à venir n’est prévue."]
    session = RdvFactory(
        motif=workshop,
        lieu=cast.lieu,
        agents=[cast.same_service],
        usagers=[cast.usager],
        seats_total=1,
    )
    assert reasons(cast.organisation, workshop) == ["Les séances à venir sont complètes."]
    session.participations.update(status="excused", cancelled_at=NOW)
    assert reasons(cast.organisation, workshop) == []
    for delay in ({"min_delay_minutes": 8 * 24 * 60}, {"max_delay_minutes": 60}):
        Motif.objects.filter(pk=workshop.pk).update(**{"min_delay_minutes": 30, **delay})
        assert reasons(cast.organisation, workshop) == [
            "Les séances à venir sont hors des délais de réservation du motif."
        ]
    Motif.objects.filter(pk=workshop.pk).update(archived_at=NOW)
    assert workshop not in [row.motif for row in online_rows(cast.organisation, now=NOW)]


def test_A01_without_contact_nor_lieu(cast):
    organisation = OrganisationFactory(
        territoire=cast.territoire, phone_number="", email="", slug="vide"
    )
    motif = MotifFactory(organisation=organisation)
    assert reasons(organisation, motif) == [
        "L’organisation n’a ni téléphone ni adresse e-mail.",
        "Aucun lieu n’est ouvert dans l’organisation.",
        "Aucune plage d’ouverture ne propose ce motif.",
    ]


def test_A01_links_to_put_it_right_follow_the_rights(client, cast, url):
    MotifFactory(organisation=cast.organisation, booking_level="agents", name="Hors ligne")
    assertNotContains(client.get(url), "Modifier le motif")
    client.force_login(cast.admin.account)
    assertContains(client.get(url), "Modifier le motif")


def test_A01_a_constant_number_of_statements(
    client, cast, url, django_assert_num_queries, django_assert_max_num_queries
):
    for motif in MotifFactory.create_batch(12, organisation=cast.organisation):
        PlageOuvertureFactory(lieu=cast.lieu, agent=cast.owner, motifs=[motif])
    with django_assert_num_queries(2):
        online_rows(cast.organisation, now=NOW)
    with django_assert_max_num_queries(16):
        client.get(url)
