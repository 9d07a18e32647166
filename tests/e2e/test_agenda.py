"""An agent signs in, reads the agenda, opens a RDV, cancels it; keyboard, phone, axe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from planning.models import Rdv
from tests.factories import RdvFactory
from tests.factories.agents import PASSWORD


@pytest.fixture
def week(transactional_db, cast):
    """The cast's RDV on the Wednesday of next week, so that it is to come; others around it."""
    today = timezone.localdate(timezone=cast.territoire.zone)
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7)
    start = timezone.make_aware(
        timezone.datetime(monday.year, monday.month, monday.day, 10), cast.territoire.zone
    ) + timedelta(days=2)
    Rdv.objects.filter(pk=cast.rdv.pk).update(
        starts_at=start, ends_at=start + timedelta(minutes=30)
    )
    for hours, status in ((1, "noshow"), (2, "seen"), (4, "revoked")):
        RdvFactory(
            motif=cast.motif,
            lieu=cast.lieu,
            agents=[cast.owner],
            usagers=[cast.other_usager],
            starts_at=start + timedelta(hours=hours),
            status=status,
        )
    for row in (cast.plage, cast.indisponibilite):
        row.first_day = monday
        if hasattr(row, "end_day"):
            row.end_day = monday
        row.save()
    cast.query = f"?vue=semaine&date={monday.isoformat()}"
    return cast


@pytest.fixture
def signed_in(open_page, week):
    def sign_in(who="owner", **options):
        page = open_page("/agents/connexion/", **options)
        page.get_by_label("Adresse e-mail").fill(getattr(week, who).account.email)
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url("**/agenda/**")
        return page

    return sign_in


def agenda_url(week, query):
    return reverse("planning:agenda_of", args=[week.organisation.uuid, week.owner.uuid]) + query


def test_E01_E06_from_sign_in_to_a_cancelled_rdv(signed_in, week, check_axe):
    page = signed_in()
    page.get_by_role("link", name="Semaine suivante").click()
    block = page.locator(".rdv-calendar").get_by_role("link", name=week.usager.full_name)
    block.click()
    page.wait_for_url(f"**/rdv/{week.rdv.uuid}/")
    check_axe(page)
    page.get_by_role("link", name="Annuler ce RDV").click()
    assert page.get_by_text(f"{week.usager.full_name}, par e-mail et par SMS").is_visible()
    check_axe(page)
    page.get_by_role("button", name="Annuler le RDV de 10 h").click()
    assert page.get_by_text("Le RDV est annulé.").is_visible()
    assert page.locator("h1 ~ *").get_by_text("Annulé par le service").first.is_visible()
    page.get_by_role("link", name="Voir dans l’agenda").click()
    page.locator(".rdv-calendar .rdv-event--seen").first.wait_for()
    assert page.get_by_role("link", name=week.usager.full_name).count() == 0
    page.get_by_role("link", name="Afficher les RDV annulés").click()
    page.locator(".rdv-calendar").get_by_role("link", name=week.usager.full_name).wait_for()
    assert page.locator(".rdv-calendar .rdv-event--revoked").count() == 2


def test_E06_marks_honored_then_edits(signed_in, week, check_axe):
    """One click; then another time that is taken: warned, accepted on purpose."""
    noon = timezone.localtime(timezone=week.territoire.zone).replace(hour=12, minute=0, second=0)
    rdv = RdvFactory(
        motif=week.motif,
        lieu=week.lieu,
        agents=[week.owner],
        usagers=[week.usager],
        starts_at=noon.replace(microsecond=0),
    )
    page = signed_in()
    page.goto(reverse("planning:rdv_detail", args=[rdv.uuid]))
    page.get_by_role("button", name="Honoré").click()
    page.get_by_text("Statut enregistré : honoré.").wait_for()
    check_axe(page)
    page.goto(reverse("planning:rdv_detail", args=[week.rdv.uuid]))
    page.get_by_role("link", name="Modifier").click()
    check_axe(page)
    page.get_by_label("Heure de début").fill("11:00")
    page.get_by_label("Contexte").fill("Vient avec un interprète.")
    page.get_by_role("button", name="Enregistrer les changements").click()
    page.get_by_text("À savoir avant d’enregistrer").wait_for()
    check_axe(page)
    assert page.get_by_label("Contexte").input_value() == "Vient avec un interprète."
    page.get_by_role("button", name="Enregistrer quand même").click()
    page.get_by_text("Le RDV est modifié.").wait_for()
    assert page.get_by_role("heading", name="à 11 h").is_visible()
    assert Rdv.objects.get(pk=week.rdv.pk).agent_rdvs.get().overlap_accepted
    page.get_by_role("link", name="Annuler ce RDV").click()
    page.get_by_text("L’usager l’a demandé").click()
    page.get_by_role("button", name="Annuler le RDV de 11 h").click()
    page.get_by_role("button", name="Rétablir ce RDV").click()
    page.get_by_role("heading", name="Rétablir ce RDV ?").wait_for()
    check_axe(page)


@pytest.mark.parametrize("view", ["semaine", "jour", "liste"])
def test_I02_each_view_is_accessible(signed_in, week, check_axe, view):
    page = signed_in()
    day = timezone.localdate(Rdv.objects.get(pk=week.rdv.pk).starts_at).isoformat()
    page.goto(agenda_url(week, f"?vue={view}&date={day}&annules=1"))
    where = "#agenda-list" if view == "liste" else ".rdv-calendar"
    page.locator(where).get_by_role("link", name=week.usager.full_name).wait_for()
    check_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_E01_the_keyboard_reaches_a_rdv_and_opens_it(signed_in, week):
    page = signed_in()
    page.goto(agenda_url(week, week.query))
    page.locator(".rdv-calendar").get_by_role("link").first.wait_for()
    page.get_by_role("link", name="Afficher les RDV annulés").focus()
    for _ in range(4):
        page.keyboard.press("Tab")
        if week.usager.full_name in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/rdv/{week.rdv.uuid}/")


def test_E01_a_new_rdv_appears_without_reloading(signed_in, week):
    page = signed_in()
    page.goto(agenda_url(week, week.query))
    calendar = page.locator(".rdv-calendar")
    calendar.get_by_role("link", name=week.usager.full_name).wait_for()
    first = Rdv.objects.get(pk=week.rdv.pk)
    RdvFactory(
        motif=week.motif,
        lieu=week.lieu,
        agents=[week.owner],
        usagers=[week.other_usager],
        starts_at=first.starts_at + timedelta(days=1),
    )
    links = calendar.get_by_role("link", name=week.other_usager.full_name)
    before = links.count()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    links.nth(before).wait_for()


def test_E01_a_session_that_ended_is_said(signed_in, week):
    page = signed_in()
    page.goto(agenda_url(week, week.query))
    page.locator(".rdv-calendar").get_by_role("link").first.wait_for()
    page.context.clear_cookies()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_text("Votre session est terminée.").wait_for()


def test_E01_the_phone_opens_on_the_day_without_scrolling_sideways(signed_in, week, check_axe):
    page = signed_in(width=375)
    page.wait_for_url("**vue=jour**")
    page.locator(".rdv-calendar .ec").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.goto(agenda_url(week, week.query))
    page.locator("#agenda-list").get_by_role("link", name=week.usager.full_name).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_E01_without_javascript_everything_is_in_the_list(signed_in, week):
    page = signed_in(javascript=False)
    page.get_by_label("Agenda de").select_option(label=week.same_service.full_name)
    page.get_by_role("button", name="Afficher").click()
    assert page.locator("h1", has_text=week.same_service.full_name).is_visible()
    page.goto(agenda_url(week, week.query))
    page.get_by_role("link", name=week.usager.full_name).click()
    page.get_by_role("link", name="Annuler ce RDV").click()
    page.get_by_text("Ne prévenir personne").click()
    page.get_by_role("button", name="Annuler le RDV de 10 h").click()
    assert Rdv.objects.get(pk=week.rdv.pk).status == "revoked"
