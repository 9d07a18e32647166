"""E02, E03, G07, G09, G10, A01 in a browser: keyboard, axe, without JavaScript."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from planning.models import PlageOuverture, RdvBulk
from planning.queries.schedules import rule_of
from planning.services.rdv_bulk_run import run_rdv_bulk
from planning.slots.recurrence import days_between
from tests.factories import BrandFactory, MotifCategoryFactory, PlageOuvertureFactory


def sign_in(open_page, agent, **options):
    return open_page(None, account=agent.account, **options)


def plage_list(cast, agent):
    return reverse("planning:plage_ouverture_list", args=[cast.organisation.uuid, agent.uuid])


def tab_to(page, selector):
    """Press Tab until the element has the focus: it can be reached, and never traps."""
    for _ in range(80):
        if page.evaluate("(wanted) => document.activeElement?.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by Tab")


def test_E02_recurring_plage_by_keyboard(open_page, cast, check_axe):
    PlageOuverture.objects.all().delete()
    page = sign_in(open_page, cast.owner)
    page.goto(plage_list(cast, cast.owner))
    check_axe(page)
    tab_to(page, "a[href$='/plages/nouvelle/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plages/nouvelle/")
    expect(page.locator("#id_lieu")).to_be_hidden()
    expect(page.locator("#id_interval")).to_be_hidden()
    tab_to(page, "#id_title")
    page.keyboard.type("Accueil du lundi et du jeudi")
    tab_to(page, "#id_motifs_0")
    page.keyboard.press("Space")
    tab_to(page, "#id_lieu")
    page.keyboard.type(cast.lieu.name)
    tab_to(page, "[name=frequency]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#id_interval")).to_be_visible()
    tab_to(page, "#id_interval")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2")
    for box in ("#id_weekdays_0", "#id_weekdays_3"):
        tab_to(page, box)
        page.keyboard.press("Space")
    check_axe(page)
    tab_to(page, "form.rdv-form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plages/")
    expect(page.get_by_text("La plage d’ouverture est créée.")).to_be_visible()
    words = "Toutes les 2 semaines, le lundi et le jeudi, de 9 h à 12 h"
    expect(page.get_by_role("cell", name=words).first).to_be_visible()
    plage = PlageOuverture.objects.get()
    assert (plage.interval, plage.weekdays, plage.lieu) == (2, [0, 3], cast.lieu)
    leave_one_out(page, plage, check_axe)


def leave_one_out(page, plage, check_axe):
    """From the list to the edit page, then one occurrence is left out, all by keyboard."""
    today = timezone.localdate()
    (day, *_rest) = days_between(rule_of(plage), today, today + timedelta(days=20))
    tab_to(page, "a[href$='/modifier/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/modifier/")
    tab_to(page, "#occurrence")
    page.locator("#occurrence").fill(day.isoformat())
    page.keyboard.press("Enter")
    page.wait_for_url("**/occurrences/**")
    check_axe(page)
    tab_to(page, "button[value=skip]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/modifier/")
    expect(page.get_by_role("heading", name="Exceptions")).to_be_visible()
    check_axe(page)
    assert plage.exceptions.get().day == day


def test_E02_error_brings_everything_back(open_page, cast, check_axe):
    page = sign_in(open_page, cast.owner)
    page.goto(
        reverse("planning:plage_ouverture_create", args=[cast.organisation.uuid, cast.owner.uuid])
    )
    page.get_by_label("Nom de la plage").fill("Soirée")
    page.get_by_label("Heure de fin").fill("08:00")
    page.get_by_role("button", name="Créer la plage").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.get_by_label("Nom de la plage")).to_have_value("Soirée")
    check_axe(page)
    page.locator("#error-summary a").first.click()
    expect(page.locator(":focus")).to_have_count(1)


def test_E02_without_javascript(open_page, cast):
    page = sign_in(open_page, cast.owner, javascript=False)
    page.goto(
        reverse("planning:plage_ouverture_create", args=[cast.organisation.uuid, cast.owner.uuid])
    )
    page.locator("#id_motifs_0").check(force=True)
    page.locator("#id_lieu").select_option(str(cast.lieu.pk))
    page.get_by_label("Tous les mois, à la même date").check(force=True)
    page.get_by_role("button", name="Créer la plage").click()
    expect(page.get_by_role("cell", name="Tous les mois, le").first).to_be_visible()


PAGES = [
    ("planning:plage_ouverture_edit", lambda cast: [cast.plage.uuid]),
    ("planning:plage_ouverture_delete", lambda cast: [cast.plage.uuid]),
    ("planning:plage_ouverture_occurrence", lambda cast: [cast.plage.uuid, "2027-01-18"]),
    ("planning:week_copy", lambda cast: [cast.organisation.uuid]),
    ("planning:indisponibilite_list", lambda cast: [cast.organisation.uuid, cast.owner.uuid]),
    ("planning:indisponibilite_create", lambda cast: [cast.organisation.uuid, cast.owner.uuid]),
    ("planning:indisponibilite_edit", lambda cast: [cast.indisponibilite.uuid]),
    ("planning:indisponibilite_delete", lambda cast: [cast.indisponibilite.uuid]),
    ("planning:rdv_bulk", lambda cast: [cast.organisation.uuid]),
    ("planning:indisponibilite_occurrence", lambda cast: [cast.indisponibilite.uuid, "2027-01-18"]),
    ("motifs:motif_list", lambda cast: [cast.organisation.uuid]),
    ("motifs:motif_create", lambda cast: [cast.organisation.uuid]),
    ("motifs:motif_edit", lambda cast: [cast.motif.uuid]),
    ("planning:motif_archive", lambda cast: [cast.motif.uuid]),
    ("motifs:lieu_list", lambda cast: [cast.organisation.uuid]),
    ("motifs:lieu_create", lambda cast: [cast.organisation.uuid]),
    ("planning:lieu_edit", lambda cast: [cast.lieu.uuid]),
    ("planning:lieu_close", lambda cast: [cast.lieu.uuid]),
    ("motifs:lieu_delete", lambda cast: [cast.lieu.uuid]),
    ("motifs:booking_link", lambda cast: [cast.organisation.uuid]),
    ("motifs:motif_suspend", lambda cast: [cast.motif.uuid]),
    ("motifs:booking_suspend", lambda cast: [cast.organisation.uuid]),
    ("motifs:territoire_motifs", lambda cast: [cast.territoire.uuid]),
    ("motifs:booking_poster", lambda cast: [cast.organisation.uuid]),
    ("agents:organisation_list", lambda _: []),
    ("agents:organisation_edit", lambda cast: [cast.organisation.uuid]),
    ("agents:equipe_list", lambda cast: [cast.territoire.uuid]),
    ("agents:equipe_create", lambda cast: [cast.territoire.uuid]),
    ("agents:equipe_edit", lambda cast: [cast.territoire.uuid, cast.equipe.uuid]),
    ("agents:equipe_delete", lambda cast: [cast.territoire.uuid, cast.equipe.uuid]),
    ("agents:profile", lambda _: []),
    ("agents:preferences", lambda _: []),
    ("account_change_password", lambda _: []),
]


def test_I02_every_settings_page_passes_axe(open_page, cast, check_axe):
    cast.rdv.starts_at += timedelta(days=1)
    for row in (cast.plage, cast.indisponibilite):
        row.frequency, row.weekdays = "weekly", [0]
        row.save()
    PlageOuvertureFactory(
        lieu=cast.lieu, agent=cast.owner, motifs=[cast.motif], first_day=date(2027, 1, 11)
    )
    page = sign_in(open_page, cast.territoire_admin)
    for name, args in PAGES:
        page.goto(reverse(name, args=args(cast)))
        check_axe(page)


def of_territoire(cast):
    return [cast.territoire.uuid]


ESPACE_ADMIN = [
    ("agents:territoire_home", of_territoire),
    ("agents:territoire_settings", of_territoire),
    ("agents:organisation_admin_list", of_territoire),
    ("agents:organisation_create", of_territoire),
    (
        "agents:organisation_archive",
        lambda cast: [cast.territoire.uuid, cast.organisation.uuid],
    ),
    ("agents:service_list", of_territoire),
    ("motifs:motif_category_list", of_territoire),
    ("agents:fiche_fields", of_territoire),
    ("agents:data_contacts", of_territoire),
    ("agents:sms_gateway_edit", of_territoire),
    ("agents:embedding_sites", of_territoire),
    ("motifs:territoire_booking_link", of_territoire),
    ("agents:legal_page_list", of_territoire),
    (
        "agents:legal_page_edit",
        lambda cast: [cast.territoire.uuid, cast.territoire.owned_brands.get().uuid, "cgu"],
    ),
    (
        "agents:brand_logo_edit",
        lambda cast: [cast.territoire.uuid, cast.territoire.owned_brands.get().uuid],
    ),
    ("agents:second_factor_forget", lambda cast: [cast.territoire.uuid, cast.owner.uuid]),
    ("motifs:motif_pack", lambda cast: [cast.organisation.uuid]),
    ("agents:legal_privacy", lambda _: []),
]


def test_I02_every_page_of_espace_admin_passes_axe(open_page, cast, check_axe):
    BrandFactory(owner=cast.territoire)
    MotifCategoryFactory(territoire=cast.territoire)
    cast.organisation.kind = "pmi"
    cast.organisation.save()
    page = sign_in(open_page, cast.territoire_admin)
    for name, args in ESPACE_ADMIN:
        page.goto(reverse(name, args=args(cast)))
        check_axe(page)
    page.goto(reverse("agents:organisation_create", args=of_territoire(cast)))
    page.locator("form.rdv-form button").click()
    expect(page.locator("#error-summary")).to_be_focused()
    check_axe(page)


def test_E10_absence_from_the_list_to_the_result(open_page, cast, check_axe):
    page = sign_in(open_page, cast.owner)
    url = reverse("planning:rdv_bulk", args=[cast.organisation.uuid])
    page.goto(f"{url}?agent={cast.owner.uuid}&jour=2027-01-11")
    check_axe(page)
    page.get_by_role("button", name="Voir ce qui va changer").click()
    expect(page.get_by_role("heading", name="Relire avant de confirmer")).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="Annuler 1 RDV").click()
    expect(page.get_by_text("En cours : 0 RDV sur 1.")).to_be_visible()
    check_axe(page)
    run_rdv_bulk(bulk_id=RdvBulk.objects.get().pk, now=timezone.now())
    # The page follows by itself.
    expect(page.get_by_text("C’est terminé : 1 sur 1 RDV changés.")).to_be_visible()
    check_axe(page)


def test_I02_forms_with_errors_pass_axe(open_page, cast, check_axe):
    page = sign_in(open_page, cast.admin)
    for name, args, field in (
        ("motifs:motif_create", [cast.organisation.uuid], "#id_name"),
        ("motifs:lieu_create", [cast.organisation.uuid], "#id_name"),
        (
            "planning:indisponibilite_create",
            [cast.organisation.uuid, cast.owner.uuid],
            "#id_title",
        ),
        ("agents:profile", [], "#id_last_name"),
        ("agents:organisation_edit", [cast.organisation.uuid], "#id_name"),
        ("account_change_password", [], "#id_password2"),
    ):
        page.goto(reverse(name, args=args))
        page.locator(field).fill("")
        page.locator("form.rdv-form button").first.click()
        expect(page.locator("#error-summary")).to_be_focused()
        check_axe(page)


def test_G08_password_reset_pages_pass_axe(open_page, cast, check_axe):
    page = open_page(reverse("account_login"))
    page.get_by_role("link", name="Mot de passe oublié").click()
    check_axe(page)
    page.get_by_label("Adresse e-mail").fill("inconnu@exemple.fr")
    page.get_by_role("button", name="Recevoir le lien").click()
    expect(page.get_by_role("heading", name="Consultez votre messagerie")).to_be_visible()
    check_axe(page)
    page.goto(reverse("account_reset_password_from_key", args=["1", "faux-lien"]))
    check_axe(page)


def test_A01_copy_button_copies_the_link(open_page, cast):
    page = sign_in(open_page, cast.owner)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(reverse("motifs:booking_link", args=[cast.organisation.uuid]))
    page.get_by_role("button", name="Copier le lien", exact=True).click()
    expect(page.get_by_text("Copié")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#public-url").inner_text()
    assert copied.endswith(reverse("usagers:booking_organisation", args=[cast.organisation.slug]))
