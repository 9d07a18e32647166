"""H02 in a browser: the statistics of an organisation and of the public, with axe."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from planning.services.stats_refresh import refresh_stats
from tests.factories import RdvFactory


def test_H02_statistics_read_by_keyboard_on_a_phone(open_page, cast, check_axe):
    now = timezone.now()
    for number in range(12):
        RdvFactory(
            motif=cast.motif,
            lieu=cast.lieu,
            agents=[cast.owner],
            starts_at=now - timedelta(days=1 + number),
            status="seen" if number % 4 else "noshow",
        )
    refresh_stats(now=now)
    page = open_page(
        reverse("planning:stats_organisation", args=[cast.organisation.uuid]),
        account=cast.owner.account,
        width=375,
    )
    expect(page.get_by_role("img", name="par date et par statut")).to_be_visible()
    details = page.get_by_text("Voir les chiffres de l’évolution dans un tableau")
    details.focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("table", name="par date et par statut")
    expect(table.get_by_role("columnheader", name="Honorés")).to_be_visible()
    check_axe(page)
    page.locator("#id_pas").select_option("semaine")
    page.get_by_role("button", name="Afficher").click()
    page.wait_for_url("**pas=semaine*")
    cache.clear()
    page.goto(reverse("planning:stats_public"))
    expect(page.get_by_role("heading", name="Statistiques publiques")).to_be_visible()
    check_axe(page)
