"""H01, E08, G09: from the list of RDVs to the file, in Chromium."""

from __future__ import annotations

from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone

from planning.models import Export, Rdv
from planning.services.export_build import _claim, build_next_export


def test_H01_an_agent_exports_sees_the_progress_and_downloads(open_page, cast, check_axe):
    noon = datetime.combine(timezone.localdate(), time(12), cast.territoire.zone)
    Rdv.objects.filter(pk=cast.rdv.pk).update(starts_at=noon, ends_at=noon.replace(hour=13))
    path = reverse("planning:rdv_list", args=[cast.organisation.uuid])
    page = open_page(f"{path}?debut={noon:%Y-%m-%d}", account=cast.admin.account)
    page.get_by_role("link", name="Exporter").click()
    check_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("label", has_text="Texte (.csv)").click()
    page.get_by_role("button", name="Préparer le fichier").click()
    page.get_by_text("1 ligne à écrire").wait_for()
    page.evaluate("window.stayed = true")
    # The worker: it takes the export, is half way, then ends.
    export = _claim(timezone.now())
    Export.objects.filter(pk=export.pk).update(rows_done=40, rows_total=80)
    page.get_by_text("50 % : 40 lignes sur 80").wait_for()
    bar = page.get_by_role("progressbar", name=cast.organisation.name)
    assert bar.get_attribute("value") == "40"
    check_axe(page)
    Export.objects.filter(pk=export.pk).update(lease_until=timezone.now(), rows_done=0)
    assert build_next_export(clock=timezone.now)
    link = page.get_by_role("link", name="Télécharger")
    link.wait_for()
    assert "Prêts à télécharger : 1" in page.locator("#exports-status").inner_text()
    assert page.evaluate("window.stayed")  # the page was never left
    page.set_viewport_size({"width": 375, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    check_axe(page)
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == Export.objects.get().file_name
    assert "usager(s)" in download.value.path().read_text(encoding="utf-8-sig")
