"""G07 in a browser: several motifs changed after a preview, then undone; the live preview."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import expect

from motifs.models import Motif
from tests.factories import MotifFactory


def test_G07_bulk_edit_with_preview_and_undo(open_page, cast, check_axe):
    second = MotifFactory(organisation=cast.organisation, name="Second accueil")
    page = open_page(None, account=cast.admin.account)
    page.goto(reverse("motifs:motif_list", args=[cast.organisation.uuid]))
    check_axe(page)
    page.get_by_label("Tout cocher").check(force=True)
    page.get_by_role("button", name="Modifier les motifs cochés").click()
    expect(page.get_by_role("heading", name="Modifier 2 motifs")).to_be_visible()
    expect(page.locator("#id_duration_minutes")).to_be_hidden()
    page.get_by_label("Changer « Durée »").check(force=True)
    page.locator("#id_duration_minutes").fill("45")
    check_axe(page)
    page.get_by_role("button", name="Voir les différences").click()
    expect(page.locator("ins", has_text="45 min")).to_have_count(2)
    check_axe(page)
    page.get_by_role("button", name="Enregistrer ces 2 motifs").click()
    expect(page.get_by_role("heading", name="2 motifs modifiés")).to_be_visible()
    check_axe(page)
    assert Motif.objects.get(pk=second.pk).duration_minutes == 45
    page.get_by_role("button", name="Annuler cette modification").click()
    expect(page.get_by_role("heading", name="Modification annulée")).to_be_visible()
    assert Motif.objects.get(pk=second.pk).duration_minutes == 30
    page.goto(reverse("motifs:motif_duplicate", args=[second.uuid]))
    preview = page.locator("#apercu")
    expect(preview).to_contain_text("Second accueil")
    page.locator("#id_name").fill("Troisième accueil")
    expect(preview).to_contain_text("Troisième accueil")
    page.locator("#id_restriction").fill("Réservé aux <b>habitants</b>")
    expect(preview).to_contain_text("Réservé aux <b>habitants</b>")
    check_axe(page)
    assert not Motif.objects.filter(name="Troisième accueil").exists()
