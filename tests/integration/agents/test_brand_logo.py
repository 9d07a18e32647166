"""Decision 36: the logo of a brand, given by the territoire that owns it, shown to everybody."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import AuditEntry, BrandLogo
from agents.queries.brand import Brands, all_brands
from rdv.context_processors import keep_brands
from tests.factories import BrandFactory
from tests.unit.rules.test_picture import png

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


@pytest.fixture
def brand(cast):
    yield BrandFactory(name="RDV Aisne", owner=cast.territoire, is_default=True)
    keep_brands(Brands(), seconds=-1)


def addresses(cast, brand):
    args = [cast.territoire.uuid, brand.uuid]
    names = ("agents:brand_logo_edit", "agents:brand_logo_remove")
    return tuple(reverse(name, args=args) for name in names)


def upload(content, alt_text="Département de l’Aisne", name="logo.png"):
    file = SimpleUploadedFile(name, content, content_type="image/png")
    return {"file": file, "alt_text": alt_text}


def test_36_given_shown_replaced_and_taken_away(client, cast, brand, django_assert_max_num_queries):
    edit, remove = addresses(cast, brand)
    client.force_login(cast.territoire_admin.account)
    legal = reverse("agents:legal_page_list", args=[cast.territoire.uuid])
    assertContains(client.get(legal), edit)
    for content, alt in ((SVG, "Aisne"), (b"\xff\xd8\xff\xe0", "Aisne"), (png(), " "), (b"", "A")):
        assert client.post(edit, upload(content, alt)).status_code == 422
    assertContains(
        client.post(edit, upload(SVG)), "n’est pas une image PNG ou JPEG", status_code=422
    )
    assert not BrandLogo.objects.exists()
    assertRedirects(client.post(edit, upload(png())), edit)
    logo = BrandLogo.objects.get()
    shown = reverse("agents:brand_logo", args=[brand.uuid, logo.digest])
    assertContains(client.get(edit), shown)
    with django_assert_max_num_queries(3):
        keep_brands(all_brands())
    client.logout()
    page = client.get(reverse("account_login"))
    assertContains(page, f'src="{shown}" alt="Département de l’Aisne" width="20" height="16"')
    answer = client.get(shown)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"]
    assert answer.content == bytes(logo.content)
    client.force_login(cast.territoire_admin.account)
    client.post(edit, upload(png(width=40)))
    assert client.get(shown).status_code == 404  # its address went with it
    assertRedirects(client.post(remove), edit)
    client.post(remove)
    assert not BrandLogo.objects.exists()
    keep_brands(all_brands())
    assertNotContains(client.get(reverse("account_login"), follow=True), "rdv-logo")
    actions = AuditEntry.objects.filter(object_uuid=brand.uuid).order_by("pk")
    assert [entry.action for entry in actions] == [
        "brand_logo_changed",
        "brand_logo_changed",
        "brand_logo_removed",
    ]


def test_36_the_brand_of_somebody_else_is_not_found(client, cast, brand):
    brand.owner = None
    brand.save()
    client.force_login(cast.territoire_admin.account)
    edit, remove = addresses(cast, brand)
    assert client.get(edit).status_code == 404
    assert client.post(edit, upload(png())).status_code == 404
    assert client.post(remove).status_code == 404
