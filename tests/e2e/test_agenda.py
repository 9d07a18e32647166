"""An agent signs in, reads the agenda, opens a RDV, cancels it; keyboard, phone, axe."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from planning.models import Rdv, RdvDraft
from planning.rules.rdv_draft import content_of
from tests.e2e.accessibility import sideways
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
        return open_page(reverse("agents:home"), account=getattr(week, who).account, **options)

    return sign_in


def agenda_url(week, query):
    return reverse("planning:agenda_of", args=[week.organisation.uuid, week.owner.uuid]) + query


def panel_of(page):
    """Return the open panel, once its title is there."""
    panel = page.locator("#agenda-panel[open]")
    panel.locator("#panel-title").wait_for()
    return panel


def test_E01_E06_from_sign_in_to_a_cancelled_rdv(open_page, week, check_axe):
    page = open_page(reverse("account_login"))
    page.get_by_label("Adresse e-mail").fill(week.owner.account.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/agenda/**")
    page.get_by_role("link", name="Semaine suivante").click()
    block = page.locator(".rdv-calendar").get_by_role("link", name=week.usager.full_name)
    block.click()
    panel = panel_of(page)
    assert panel.get_by_text(week.motif.name).is_visible()
    check_axe(page)
    panel.get_by_role("link", name="Ouvrir le RDV").click()
    page.wait_for_url(f"**/rdv/{week.rdv.uuid}/")
    check_axe(page)
    page.get_by_role("link", name="Annuler ce RDV").click()
    assert page.get_by_text(f"{week.usager.full_name}, par e-mail et par SMS").is_visible()
    check_axe(page)
    page.get_by_role("button", name="Annuler le RDV de 10 h").click()
    assert page.get_by_text("Le RDV est annulé.").is_visible()
    assert page.locator("h1 ~ *").get_by_text("Annulé par le service").first.is_visible()
    page.get_by_role("link", name="Voir dans l’agenda").click()
    page.locator(".rdv-calendar").get_by_role("link", name=week.usager.full_name).wait_for()
    assert page.locator(".rdv-calendar .rdv-event--revoked").count() == 2
    page.get_by_role("button", name="Masquer les RDV annulés").click()
    page.locator(".rdv-calendar .rdv-event--seen").first.wait_for()
    assert page.get_by_role("link", name=week.usager.full_name).count() == 0


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
    block = page.locator(".rdv-calendar").get_by_role("link", name=week.usager.full_name)
    block.click()
    panel_of(page).get_by_role("button", name="Honoré").click()  # the agenda itself says it
    page.get_by_text("Statut enregistré : honoré.").wait_for()
    page.locator(".rdv-calendar .rdv-event--seen").wait_for()
    page.goto(reverse("planning:rdv_detail", args=[rdv.uuid]))
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


def test_I02_each_view_is_accessible(signed_in, week, check_axe):
    page = signed_in()
    day = timezone.localdate(Rdv.objects.get(pk=week.rdv.pk).starts_at).isoformat()
    for view in ("semaine", "jour", "mois", "liste"):
        page.goto(agenda_url(week, f"?vue={view}&date={day}&annules=1"))
        where = "#agenda-list" if view in {"liste", "mois"} else ".rdv-calendar"
        page.locator(where).get_by_role("link", name=week.usager.full_name).wait_for()
        check_axe(page)
        assert not sideways(page)


def test_E01_the_keyboard_opens_a_rdv_and_comes_back(signed_in, week):
    page = signed_in()
    page.goto(agenda_url(week, week.query))
    page.locator(".rdv-calendar").get_by_role("link").first.wait_for()
    page.get_by_role("button", name="Imprimer").focus()
    for _ in range(4):
        page.keyboard.press("Tab")
        if week.usager.full_name in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    panel_of(page)
    page.keyboard.press("Escape")
    page.locator("#agenda-panel:not([open])").wait_for(state="attached")
    assert week.usager.full_name in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    panel_of(page).get_by_role("link", name="Déplacer").press("Enter")
    page.wait_for_url(f"**/rdv/{week.rdv.uuid}/deplacer/")
    page.get_by_label("Début").fill("16:00")
    page.get_by_label("Fin").fill("16:30")
    page.get_by_role("button", name="Voir ce que cela change").press("Enter")
    page.get_by_role("button", name="Déplacer le RDV à 16 h").press("Enter")
    page.get_by_text("Le RDV est déplacé").wait_for()


def settled_box(page, block):
    """Return where the block is, once the calendar has finished drawing it (again)."""
    before = None
    for _ in range(50):
        box = block.bounding_box()
        if box is not None and box == before:
            return box
        before = box
        page.wait_for_timeout(100)
    pytest.fail("the block never comes to rest")


def drag(page, block, *, right, down):
    box = settled_box(page, block)
    x, y = box["x"] + 60, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + down, steps=5)
    page.mouse.move(x + right, y + down, steps=5)
    page.mouse.up()


def test_E01_dragged_to_a_colleague_then_confirmed(signed_in, week, check_axe):
    page = signed_in(width=1366)
    day = timezone.localdate(Rdv.objects.get(pk=week.rdv.pk).starts_at).isoformat()
    beside = f"&avec={week.same_service.uuid}"
    page.goto(agenda_url(week, f"?vue=jour&date={day}{beside}"))
    block = page.locator(".rdv-event--movable", has_text=week.usager.full_name)
    block.wait_for()
    assert page.locator(".ec-col-head", has_text=week.same_service.full_name).is_visible()
    drag(page, block, right=480, down=52)
    panel = panel_of(page)
    assert panel.get_by_text(f"{week.usager.full_name}, par e-mail et par SMS").is_visible()
    check_axe(page)
    page.keyboard.press("Escape")  # it goes back where it was
    page.locator("#agenda-panel:not([open])").wait_for(state="attached")
    drag(page, block, right=480, down=52)
    panel_of(page).get_by_role("button", name="Déplacer le RDV à 11 h").click()
    page.get_by_text("Le RDV est déplacé").wait_for()
    moved = Rdv.objects.get(pk=week.rdv.pk)
    assert timezone.localtime(moved.starts_at, week.territoire.zone).hour == 11
    assert [agent.pk for agent in moved.agents.all()] == [week.same_service.pk]
    page.get_by_role("link", name="Semaine", exact=True).click()
    board = page.locator(".rdv-board")
    board.get_by_role("link", name=week.usager.full_name).wait_for()
    check_axe(page)
    page.get_by_text("Changer d’agendas").click()
    check_axe(page)


FRAME = "() => new Promise(requestAnimationFrame)"


class Finger:
    """One finger on the screen: real touch events, which Playwright cannot drag with."""

    def __init__(self, page):
        self.page = page
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def _send(self, kind, *points):
        points = [{"x": x, "y": y} for x, y in points]
        self.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def stroke(self, x, y, *, down, held=False):
        """Go down (or up) by so many pixels; `held`: once a long press has lifted the block."""
        lifted = self.page.locator(".ec-preview")
        lifted.wait_for(state="detached")  # that of the stroke before
        self._send("touchStart", (x, y))
        if held:
            lifted.wait_for()
        for step in range(1, 9):
            self._send("touchMove", (x, y + down * step / 8))
            self.page.evaluate(FRAME)  # no finger is quicker than the screen
        if held:
            self.page.wait_for_timeout(100)  # a finger rests before it lets go
        self._send("touchEnd")


def test_E01_a_finger_scrolls_the_agenda_and_a_long_press_moves_a_rdv(signed_in, week):
    page = signed_in(width=820)
    page.goto(agenda_url(week, week.query))
    menu = page.get_by_role("navigation", name="Menu principal")
    assert menu.get_by_role("button", name="Menu").is_visible()  # folded, not a screen of links
    assert not menu.get_by_role("link").first.is_visible()
    page.set_viewport_size({"width": 820, "height": 500})  # room to scroll
    finger = Finger(page)
    block = page.locator(".rdv-event--movable", has_text=week.usager.full_name)
    block.wait_for()
    block.evaluate("block => block.scrollIntoView({ block: 'center' })")
    box, scrolled = settled_box(page, block), page.evaluate("scrollY")
    finger.stroke(box["x"] + 40, box["y"] + 5, down=-120)
    page.wait_for_function("before => scrollY > before", arg=scrolled)
    block.evaluate("block => block.scrollIntoView({ block: 'center' })")  # edges scroll
    box = settled_box(page, block)
    assert page.locator("#agenda-panel[open], .ec-ghost").count() == 0
    finger.stroke(box["x"] + 40, box["y"] + 5, down=0, held=True)  # a slow tap opens it
    panel_of(page).get_by_role("link", name="Ouvrir le RDV").wait_for()
    page.keyboard.press("Escape")
    finger.stroke(box["x"] + 40, box["y"] + box["height"] - 4, down=26, held=True)
    panel_of(page).get_by_role("button", name="Finir le RDV à 11 h").wait_for()
    page.keyboard.press("Escape")
    box = settled_box(page, block)
    finger.stroke(box["x"] + 40, box["y"] + 5, down=-52, held=True)
    panel_of(page).get_by_role("button", name="Déplacer le RDV à 9 h").click()
    page.get_by_text("Le RDV est déplacé").wait_for()


def drag_chip(page, chip, cell):
    start, end = chip.bounding_box(), cell.bounding_box()
    page.mouse.move(start["x"] + 30, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 20, steps=5)
    page.mouse.up()


def test_E01_dragged_across_the_board_then_the_month(signed_in, week):
    page = signed_in(width=1366)
    monday = week.query[-10:]
    friday = (date.fromisoformat(monday) + timedelta(days=4)).isoformat()
    page.goto(agenda_url(week, f"{week.query}&avec={week.same_service.uuid}"))
    chip = page.locator(".rdv-board .rdv-chip", has_text=week.usager.full_name)
    colleague = f"[data-agent='{week.same_service.uuid}']"
    drag_chip(page, chip, page.locator(f".rdv-board [data-day='{friday}']{colleague}"))
    panel = panel_of(page)
    assert panel.get_by_text(f"{week.usager.full_name}, par e-mail et par SMS").is_visible()
    panel.get_by_role("button", name="Déplacer le RDV à 10 h").click()
    page.locator(colleague, has_text=week.usager.full_name).wait_for()  # drawn again
    moved = Rdv.objects.get(pk=week.rdv.pk)
    when = timezone.localtime(moved.starts_at, week.territoire.zone)
    assert (when.date().isoformat(), when.hour) == (friday, 10)
    assert [agent.pk for agent in moved.agents.all()] == [week.same_service.pk]
    address = reverse("planning:agenda_of", args=[week.organisation.uuid, week.same_service.uuid])
    page.goto(f"{address}?vue=mois&date={friday}&rdv={moved.uuid}")
    assert week.usager.full_name in page.evaluate("document.activeElement.textContent")
    chip = page.locator(".rdv-month .rdv-here", has_text=week.usager.full_name)
    drag_chip(page, chip, page.locator(f".rdv-month [data-day='{monday}']"))
    panel_of(page).get_by_role("button", name="Déplacer le RDV à 10 h").wait_for()


def test_E01_a_free_time_offers_three_choices(signed_in, week, check_axe):
    page = signed_in()
    page.goto(agenda_url(week, week.query))
    block = page.locator(".rdv-event--movable", has_text=week.usager.full_name)
    block.wait_for()
    box = settled_box(page, block)
    x, y = box["x"] + 40, box["y"] - 52  # 9 h, the same day
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 40, steps=5)
    page.mouse.up()
    panel = panel_of(page)
    assert panel.get_by_role("button", name="Prendre un RDV ici").is_visible()
    assert panel.get_by_role("link", name="Ajouter une indisponibilité").is_visible()
    check_axe(page)
    link = panel.get_by_role("link", name="Ouvrir une plage")
    assert link.get_attribute("href").endswith("&debut=09:00&fin=10:00")
    panel.get_by_role("button", name="Prendre un RDV ici").click()
    page.wait_for_url("**/rdv/brouillons/**")
    content = content_of(RdvDraft.objects.get(agent=week.owner).content)
    zone = week.territoire.zone
    hours = [moment.astimezone(zone).hour for moment in (content.starts_at, content.ends_at)]
    assert hours == [9, 10]


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
    assert not sideways(page)
    page.goto(agenda_url(week, week.query))
    page.locator("#agenda-list").get_by_role("link", name=week.usager.full_name).wait_for()
    assert not sideways(page)


def test_E01_without_javascript_everything_is_in_the_list(signed_in, week):
    page = signed_in(javascript=False)
    page.get_by_label("Agenda de").select_option(label=week.same_service.full_name)
    page.get_by_role("button", name="Afficher", exact=True).click()
    assert page.locator("h1", has_text=week.same_service.full_name).is_visible()
    page.goto(agenda_url(week, week.query))
    page.get_by_role("link", name=week.usager.full_name).click()
    page.get_by_role("link", name="Annuler ce RDV").click()
    page.get_by_text("Ne prévenir personne").click()
    page.get_by_role("button", name="Annuler le RDV de 10 h").click()
    assert Rdv.objects.get(pk=week.rdv.pk).status == "revoked"
