"""G02, G04 in a browser: from the invitation to the agenda, with axe and on a phone."""

from __future__ import annotations

import re

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from agents.models import Agent
from notifications.models import OutboxMessage
from planning.models import RdvBulk
from planning.services.rdv_bulk_run import run_rdv_bulk
from tests.integration.agents.staff import EMAIL, NEW_PASSWORD


def test_G02_invited_by_mail_one_lands_in_the_agenda(open_page, cast, check_axe):
    admin = open_page(
        reverse("agents:agent_list", args=[cast.organisation.uuid]), account=cast.admin.account
    )
    check_axe(admin)
    admin.get_by_role("link", name="Inviter un agent").click()
    admin.get_by_label("Adresse e-mail professionnelle").fill(EMAIL)
    admin.locator("label[for=id_services_0]").click()
    check_axe(admin)
    admin.get_by_role("button", name="Envoyer l’invitation").click()
    expect(admin.get_by_role("status")).to_contain_text("L’invitation est partie")
    expect(admin.get_by_role("row").filter(has_text=EMAIL)).to_contain_text("Invité")

    link = re.search(r"https?://\S+/agents/invitation/\S+", OutboxMessage.objects.get().body)[0]
    newcomer = open_page(link, width=375)
    check_axe(newcomer)
    newcomer.locator("#id_first_name").fill("Bob")
    newcomer.locator("#id_last_name").fill("Fictif")
    password = newcomer.locator("#id_password")
    password.fill("motdepasse2")
    expect(newcomer.locator(".rdv-password-rules__held")).to_have_text(["un chiffre"])
    newcomer.get_by_role("button", name="Ouvrir mon compte").click()
    expect(newcomer.locator("#id_password_error")).to_contain_text("Il manque")
    expect(newcomer.locator("#id_first_name")).to_have_value("Bob")
    password.fill(NEW_PASSWORD)
    expect(newcomer.locator(".rdv-password-rules__held")).to_have_count(4)
    newcomer.get_by_role("button", name="Ouvrir mon compte").click()
    newcomer.wait_for_url("**/agenda/**")
    expect(newcomer.get_by_role("group", name="Calendrier de Bob FICTIF")).to_be_visible()
    assert newcomer.evaluate("document.documentElement.scrollWidth <= 375")
    assert Agent.objects.get(account__email=EMAIL).full_name == "Bob FICTIF"

    admin.reload()
    row = admin.get_by_role("row").filter(has_text=EMAIL)
    expect(row).to_contain_text("Bob FICTIF")
    expect(row).not_to_contain_text("Invité")


def test_G04_an_agent_leaves_once_their_rdvs_are_handed_over(open_page, cast, check_axe):
    url = reverse("planning:agent_remove", args=[cast.organisation.uuid, cast.owner.uuid])
    page = open_page(url, account=cast.admin.account)
    expect(page.get_by_role("heading", name="1 RDV à venir est à confier d’abord")).to_be_visible()
    check_axe(page)
    page.get_by_role("link", name="Réattribuer ces RDV").click()
    expect(page.get_by_text(f"Confiez les RDV de {cast.owner.full_name}")).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="Voir ce qui va changer").click()
    page.get_by_role("button", name="Confirmer pour 1 RDV").click()
    run_rdv_bulk(bulk_id=RdvBulk.objects.get().pk, now=timezone.now())
    expect(page.get_by_text("C’est terminé : 1 sur 1 RDV changés.")).to_be_visible()
    (colleague,) = cast.rdv.agents.all()
    assert colleague != cast.owner

    page.get_by_role("link", name="Revenir au retrait de l’agent").click()
    expect(page.get_by_text("C’est sa dernière organisation")).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="Retirer l’agent et fermer son compte").click()
    expect(page.get_by_role("status")).to_contain_text("son compte est fermé")
    expect(page.get_by_role("row").filter(has_text=cast.owner.full_name)).to_have_count(0)
    assert list(cast.rdv.agents.all()) == [colleague]
