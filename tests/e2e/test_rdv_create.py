"""E05: from a time to a confirmed RDV, with the keyboard alone; axe at each step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from planning.models import Rdv, RdvDraft
from planning.rules.rdv_draft import DraftContent
from planning.services.rdv_draft_save import start_rdv_draft
from tests.e2e.accessibility import sideways
from tests.factories import MotifFactory, UsagerFactory


@pytest.fixture
def world(cast):
    """Two motifs to choose from, people to find, and a draft that knows a time of next week."""
    MotifFactory(organisation=cast.organisation, name="Suivi social", duration_minutes=45)
    cast.lea = UsagerFactory(
        territoire=cast.territoire,
        organisations=[cast.organisation],
        first_name="Léa",
        last_name="Zola",
    )
    UsagerFactory(
        territoire=cast.territoire,
        organisations=[cast.elsewhere_organisation],
        first_name="Ana",
        last_name="Zolan",
    )
    today = timezone.localdate(timezone=cast.territoire.zone)
    day = today - timedelta(days=today.weekday()) + timedelta(days=8)
    noon = timezone.datetime(day.year, day.month, day.day, 10, 30)
    cast.starts_at = timezone.make_aware(noon, cast.territoire.zone)
    draft = start_rdv_draft(
        organisation=cast.organisation,
        content=DraftContent(agents=(cast.owner.pk,), starts_at=cast.starts_at),
        actor=cast.actor("owner"),
        now=timezone.now(),
    )
    cast.first_step = reverse("planning:rdv_draft_motif", args=[cast.organisation.uuid, draft.uuid])
    return cast


def tab_to(page, name, most=40):
    """Press Tab until the focused element says `name`."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"The keyboard does not reach {name!r}.")


def sign_in(open_page, world, **options):
    return open_page(world.first_step, account=world.owner.account, **options)


def test_E05_keyboard_only_from_a_time_to_the_agenda(open_page, world, check_axe):
    page = sign_in(open_page, world)
    check_axe(page)
    tab_to(page, "Suivi social")
    page.keyboard.press("Enter")

    page.wait_for_url("**/usagers/")
    assert page.evaluate("document.activeElement.id") == "usager-search"
    page.keyboard.type("zol", delay=20)
    page.get_by_role("button", name="Léa ZOLA").wait_for()
    assert page.get_by_text("2 personnes trouvées").is_visible()
    assert "zol" not in page.url
    check_axe(page)
    tab_to(page, "Léa ZOLA")
    page.keyboard.press("Enter")

    page.wait_for_url("**/confirmation/")
    check_axe(page)
    page.get_by_role("link", name="Modifier l’horaire").click()
    page.get_by_label("Durée").fill("50")
    check_axe(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirmation/")
    assert page.get_by_text("Durée : 50 min", exact=True).is_visible()
    page.get_by_text("Lire les messages pour Léa ZOLA").click()
    assert page.get_by_text("Objet :").is_visible()
    check_axe(page)
    page.get_by_role("button", name="Confirmer le RDV de 10 h 30").focus()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/agenda/**date={world.starts_at.date().isoformat()}&rdv=*")
    assert page.get_by_text("Le RDV de Léa ZOLA est créé").is_visible()
    page.locator(".rdv-calendar").get_by_role("link", name="Léa ZOLA").wait_for()
    rdv = Rdv.objects.get(motif__name="Suivi social")
    assert rdv.ends_at - rdv.starts_at == timedelta(minutes=50)
    assert list(RdvDraft.objects.get().content) == ["rdv"]


def test_E05_a_new_fiche_and_a_phone_screen(open_page, world, check_axe):
    page = sign_in(open_page, world, width=375)
    page.get_by_role("button", name="Suivi social").click()
    page.get_by_label("Qui vient au RDV").fill("zola léa")
    page.get_by_role("button", name="Créer une nouvelle fiche").click()
    page.get_by_role("button", name="Créer la fiche").click()
    assert page.get_by_text("Cette personne a peut-être déjà une fiche").is_visible()
    check_axe(page)
    assert not sideways(page)
    page.get_by_role("button", name="Léa ZOLA").click()
    page.get_by_role("button", name="Confirmer le RDV de 10 h 30").click()
    page.get_by_text("Le RDV de Léa ZOLA est créé").wait_for()
    assert Rdv.objects.filter(motif__name="Suivi social").count() == 1
