"""I08, decision 36: brands and their legal pages."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import AuditEntry, BrandHost, LegalPage
from agents.queries.brand import Brands, all_brands
from agents.services.legal_page_edit import LegalPageRefused, write_legal_page
from rdv.context_processors import keep_brands
from tests.factories import BrandFactory
from tests.factories.planning import NOW

pytestmark = pytest.mark.django_db
PAGES = ("legal_mentions", "legal_cgu", "legal_privacy", "legal_accessibility")


@pytest.fixture
def brand(cast, settings):
    settings.ALLOWED_HOSTS = ["*"]
    row = BrandFactory(name="RDV Aisne", owner=cast.territoire, publisher="Département de l’Aisne")
    BrandHost.objects.create(brand=row, host="rdv.aisne.fr")
    return row


@pytest.mark.parametrize("name", PAGES)
def test_I08_everybody_reads_the_default_pages(client, name, settings):
    settings.SUPPORT_EMAIL = "aide@rdv.test"
    page = client.get(reverse(f"agents:{name}"))
    assertContains(page, settings.SITE_NAME)
    assertContains(page, "aide@rdv.test")
    for other in PAGES:
        assertContains(page, reverse(f"agents:{other}"))


def test_I08_the_pages_speak_english_around_a_french_text(client):
    client.post(reverse("language"), {"language": "en"})
    page = client.get(reverse("agents:legal_privacy"))
    assertContains(page, "Personal data")
    assertContains(page, '<div lang="fr">')


def test_decision_36_the_brand_is_that_of_the_host(
    client, brand, settings, django_assert_num_queries
):
    BrandFactory(name="RDV Partout", is_default=True, accessibility="partial")
    keep_brands(Brands(), seconds=0)
    home = reverse("home")
    assertContains(client.get(home, HTTP_HOST="rdv.aisne.fr"), "RDV Aisne")
    assertContains(client.get(home, HTTP_HOST="RDV.AISNE.FR:8443"), "RDV Aisne")
    page = client.get(home, HTTP_HOST="autre.fr")
    assertContains(page, "RDV Partout")
    assertContains(page, "Accessibilité : partiellement conforme")
    assertNotContains(page, settings.SITE_NAME)
    page = client.get(reverse("agents:legal_mentions"), HTTP_HOST="rdv.aisne.fr")
    assertContains(page, "Éditeur : Département de l’Aisne")
    with django_assert_num_queries(3):
        assert all_brands().of("x.fr").name == "RDV Partout"


def test_I08_an_admin_writes_the_pages_of_the_brand_that_their_territoire_owns(client, cast, brand):
    cast.sign_in(client, "territoire_admin")
    url = reverse("agents:legal_page_edit", args=[cast.territoire.uuid, brand.uuid, "cgu"])
    assertContains(client.get(url), "Ce que vous acceptez")
    typed = "## Chez nous\n\n<script>alert(1)</script> [site](https://aisne.fr) 🎉"
    preview = client.post(url, {"text": typed, "act": "preview"})
    assertContains(preview, '<h2 class="fr-h4">Chez nous</h2>')
    assert not LegalPage.objects.exists()
    list_url = reverse("agents:legal_page_list", args=[cast.territoire.uuid])
    assertRedirects(client.post(url, {"text": typed}), list_url)
    page = LegalPage.objects.get()
    assert (page.updated_by, page.kind) == (cast.territoire_admin.account, "cgu")
    shown = client.get(reverse("agents:legal_cgu"), HTTP_HOST="rdv.aisne.fr")
    assertContains(shown, "&lt;script&gt;alert(1)&lt;/script&gt;")
    assertContains(shown, '<a class="rdv-break" href="https://aisne.fr">site</a>')
    assertContains(client.get(reverse("agents:legal_cgu")), "Ce que vous acceptez")
    assert client.post(url, {"text": "x" * 50_001}).status_code == 422
    client.post(url, {"text": ""})
    assert not LegalPage.objects.exists()
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["legal_page_changed", "legal_page_reset"]


def test_I08_nobody_writes_the_pages_of_others(client, cast, brand):
    theirs = BrandFactory()
    cast.sign_in(client, "territoire_admin")
    for row, kind in ((theirs, "cgu"), (brand, "cookies")):
        url = reverse("agents:legal_page_edit", args=[cast.territoire.uuid, row.uuid, kind])
        assert client.post(url, {"text": "À moi"}).status_code == 404
    brand.owner = None
    brand.save()
    page = client.get(reverse("agents:legal_page_list", args=[cast.territoire.uuid]))
    assertContains(page, "tenues par l’exploitant")
    with pytest.raises(LegalPageRefused):
        write_legal_page(
            territoire_id=cast.territoire.pk,
            brand_id=brand.pk,
            kind="cgu",
            text="À moi",
            actor=cast.actor("territoire_admin"),
            now=NOW,
        )
