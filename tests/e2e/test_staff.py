"""G02, G04 in a browser: from the invitation to the agenda, with axe and on a phone."""

from __future__ import annotations

import re

from django.urls import reverse
from playwright.sync_api import expect

from agents.models import Agent
from notifications.models import OutboxMessage
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
