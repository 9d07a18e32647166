"""G14, I03: a file of people, a person erased, and the trail of both, in Chromium."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from tests.factories import UsagerFactory
from usagers.models import Usager, UsagerImport
from usagers.services.usager_import_run import run_usager_import

FILE = (
    "Nom;Prénom;E-mail;Téléphone\n"
    "Dupré;Élise;elise@exemple.fr;06 39 98 12 34\n"
    "Partante;Anne;;\n"
    ";Sans nom;;\n"
    "Faux;Jean;pas-une-adresse;\n"
)


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def work():
    """What the worker does."""
    run_usager_import(import_id=UsagerImport.objects.get().pk, clock=timezone.now)


def import_a_file(page, check_axe):
    page.get_by_label("Fichier CSV ou XLSX").set_input_files(
        {"name": "usagers.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp1252")}
    )
    page.get_by_role("button", name="Vérifier le fichier").click()
    page.get_by_text("0 % : 0 sur 4 lignes").wait_for()
    check_axe(page)
    page.evaluate("window.stayed = true")
    work()
    page.get_by_text("3 lignes laissées de côté").wait_for()
    assert page.evaluate("window.stayed")  # the page was never left
    assert page.get_by_text("Ressemble à Anne PARTANTE (même nom)").is_visible()
    assert not Usager.objects.filter(last_name="Dupré").exists()
    page.set_viewport_size({"width": 375, "height": 800})
    assert fits(page)
    check_axe(page)
    page.get_by_role("button", name="Créer 1 fiche").click()
    work()
    page.get_by_text("1 fiche créée").wait_for()
    assert Usager.objects.filter(last_name="Dupré").exists()


def erase_a_person(page, check_axe):
    page.get_by_role("button", name="Effacer Anne PARTANTE").click()
    page.get_by_text("Cochez la case pour confirmer").first.wait_for()
    check_axe(page)
    page.locator("label", has_text="La personne le demande").click()
    page.locator("label", has_text="Je confirme").click()
    page.get_by_role("button", name="Effacer Anne PARTANTE").click()
    page.get_by_text("La personne a été effacée").wait_for()


def test_G14_I03_a_file_is_imported_a_person_erased_and_the_trail_shows_both(
    open_page, cast, check_axe
):
    gone = UsagerFactory(
        territoire=cast.territoire,
        organisations=[cast.organisation],
        first_name="Anne",
        last_name="Partante",
    )
    place = [cast.organisation.uuid]
    page = open_page(reverse("usagers:usager_import", args=place), account=cast.admin.account)
    check_axe(page)
    import_a_file(page, check_axe)
    whole = [cast.territoire.uuid]
    page = open_page(
        reverse("planning:usager_data", args=[*whole, gone.uuid]),
        account=cast.territoire_admin.account,
    )
    erase_a_person(page, check_axe)
    gone.refresh_from_db()
    assert gone.anonymised_at
    page.goto(reverse("planning:territoire_audit", args=whole))
    check_axe(page)
    for words in ("a importé une fiche", "a effacé un usager"):
        assert page.get_by_role("cell", name=words).count() == 1
    page.get_by_label("Action").select_option("usager_erased")
    page.get_by_role("button", name="Filtrer").click()
    assert page.get_by_role("cell", name="a importé une fiche").count() == 0
    assert page.get_by_text("à sa demande").is_visible()
    page.set_viewport_size({"width": 375, "height": 800})
    assert fits(page)
