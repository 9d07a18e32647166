"""Issue 5's proof: invite → accept → configure → publish → first public booking, by pages only."""

from __future__ import annotations

import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from notifications.models import OutboxMessage
from tests.cast import activate
from tests.e2e.accessibility import sideways
from tests.factories import AgentFactory, OrganisationFactory, TerritoireFactory, service
from tests.integration.agents.staff import EMAIL, NEW_PASSWORD

PHONE = 375


def link_in_mail(kind):
    """Return the address that the latest mail of that kind gives, as its reader sees it."""
    body = OutboxMessage.objects.filter(kind=kind, channel="email").latest("pk").body
    return re.search(r"https?://\S+/(?:invitation|confirmer)/\S+", body)[0]


def invite_admin(page, check_axe):
    """From the Espace admin, to be admin of the organisation."""
    page.get_by_role("link", name="Agents", exact=True).first.click()
    page.get_by_role("link", name="Inviter un agent").click()
    page.get_by_label("Adresse e-mail professionnelle").fill(EMAIL)
    page.get_by_text("Administrateur", exact=True).click()
    expect(page.get_by_label("Service social")).to_be_checked()  # the only one
    check_axe(page)
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.get_by_role("status")).to_contain_text("L’invitation est partie")


def accept(page):
    page.locator("#id_first_name").fill("Bob")
    page.locator("#id_last_name").fill("Fictif")
    page.locator("#id_password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Ouvrir mon compte").click()
    page.wait_for_url("**/agenda/**")


def next_step(page, label):
    """Follow the checklist: the next step, from one page to the other."""
    page.get_by_role("region", name="Pour recevoir votre premier RDV en ligne").get_by_role(
        "link", name=label
    ).click()


def configure(page, check_axe):
    """Contact, lieu, motif of a pack, plage: what the checklist asks, in its order."""
    expect(page.get_by_text("0 étapes sur 6 sont faites.")).to_be_visible()
    check_axe(page)
    next_step(page, "Donner un téléphone ou un e-mail")
    page.get_by_label("Téléphone").fill("03 21 00 00 00")
    page.get_by_role("button", name="Enregistrer les coordonnées").click()
    check_axe(page)  # with the step that comes next
    next_step(page, "Créer un lieu")
    page.locator("#id_name").fill("Antenne du Port")
    page.locator("#id_address").fill("1 quai du Port, 62000 Arras")
    page.get_by_role("button", name="Créer le lieu").click()
    next_step(page, "Choisir des motifs")
    page.locator("label", has_text="Rencontrer un travailleur social").click()
    page.get_by_role("button", name="Créer les motifs cochés").click()
    next_step(page, "Ouvrir une plage dans un agenda")
    page.locator("label", has_text="Rencontrer un travailleur social").click()
    expect(page.locator("#id_lieu option:checked")).to_have_text("Antenne du Port")
    page.locator("#id_first_day").fill(str(timezone.localdate() + timedelta(days=1)))
    page.get_by_text("Ouverte aussi les jours fériés").click()
    page.get_by_role("button", name="Créer la plage").click()


def publish(page, check_axe):
    """Open the motif to the public; return the address to share."""
    next_step(page, "Ouvrir un motif en ligne")
    page.get_by_role("link", name="Modifier Rencontrer").click()
    page.get_by_text("Agents, prescripteurs et usagers", exact=True).click()
    expect(page.locator("#apercu")).to_contain_text("Créneaux proposés")
    page.get_by_role("button", name="Enregistrer le motif").click()
    next_step(page, "Partager le lien")
    expect(page.get_by_text("1 motif peut être réservé en ligne.")).to_be_visible()
    return page.locator("#public-url").inner_text().strip()


def book(page):
    """Somebody on a phone takes the first créneau, and proves their address."""
    page.get_by_role("link", name="Rencontrer un travailleur social").click()
    page.locator(".rdv-slots a").first.click()
    page.get_by_label("Nom", exact=True).fill("Martin")
    page.get_by_label("Prénom", exact=True).fill("Léa")
    page.get_by_label("Adresse e-mail").fill("lea@exemple.fr")
    page.get_by_role("button", name="Recevoir l’e-mail").click()
    page.wait_for_url("**/verification/")
    page.goto(link_in_mail("booking_verify"))
    assert not sideways(page)
    page.get_by_role("button", name="Confirmer le rendez-vous de 9 h").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre rendez-vous est confirmé")


def test_G16_from_an_empty_organisation_to_its_first_rdv_taken_online(
    open_page, transactional_db, check_axe
):
    territoire = TerritoireFactory()
    activate(territoire, service("social"))
    OrganisationFactory(
        territoire=territoire, name="CMS du Port", kind="solidarites", phone_number="", email=""
    )
    chief = AgentFactory(territoire_admin=territoire)
    home = reverse("agents:territoire_home", args=[territoire.uuid])
    invite_admin(open_page(home, account=chief.account), check_axe)
    agent = open_page(link_in_mail("invitation_agent"))
    accept(agent)
    configure(agent, check_axe)
    book(open_page(publish(agent, check_axe), width=PHONE))
    agent.get_by_role("link", name="Agenda", exact=True).first.click()
    expect(agent.get_by_text("Pour recevoir votre premier RDV en ligne")).to_have_count(0)
    agent.get_by_role("link", name="Jour", exact=True).click()
    agent.get_by_role("link", name="Jour suivant").click()
    expect(agent.get_by_text("Léa MARTIN").first).to_be_visible()
