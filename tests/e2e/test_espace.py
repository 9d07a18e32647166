"""The space of an usager on a phone, with the keyboard alone: sign in by code, move, cancel."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import OutboxMessage
from planning.models import Rdv
from tests.factories import (
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    RdvFactory,
    UsagerFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = 375
FOCUSED = """() => {
  const at = document.activeElement;
  return `${at.tagName} ${at.name || ""} ${at.innerText || ""}`.replace(/\\s+/g, " ");
}"""


class Keys:
    """Tab until what is looked for has the focus; then type or press Enter."""

    def __init__(self, page):
        self.page = page

    def reach(self, words):
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if words in self.page.evaluate(FOCUSED):
                return
        raise AssertionError(f"no way to {words!r} on {self.page.url}")

    def enter(self, words):
        self.reach(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, field, text):
        self.reach(field)
        self.page.keyboard.type(text)


@pytest.fixture
def rdv():
    """Léa's RDV, in three days at 9:00; the agenda is open every morning."""
    organisation = OrganisationFactory(name="Maison des solidarités d’Arras")
    motif = MotifFactory(
        organisation=organisation,
        name="Premier accueil",
        cancel_warning="Sans nouvelle de vous, votre dossier attendra un mois.",
        instructions="Apportez votre pièce d’identité.",
    )
    lea = UsagerFactory(
        territoire=organisation.territoire,
        with_account=True,
        email="lea@exemple.fr",
        first_name="Léa",
        last_name="Martin",
    )
    day = timezone.localdate() + timedelta(days=3)
    lieu = LieuFactory(organisation=organisation, name="Antenne Centre")
    plage = PlageOuvertureFactory(
        lieu=lieu,
        motifs=[motif],
        first_day=timezone.localdate() + timedelta(days=1),
        frequency="weekly",
        weekdays=[0, 1, 2, 3, 4, 5, 6],
        opens_on_holidays=True,
    )
    zone = organisation.territoire.zone
    at = timezone.datetime(day.year, day.month, day.day, 9, tzinfo=zone)
    return RdvFactory(motif=motif, lieu=lieu, agents=[plage.agent], usagers=[lea], starts_at=at)


def test_A08_A14_sign_in_move_cancel_finish_with_the_keyboard_on_a_phone(rdv, open_page, check_axe):
    page = open_page("/mes-rdv/", width=PHONE)
    keys = Keys(page)
    check_axe(page)
    keys.enter("Recevoir un code")
    assert "Écrivez votre adresse e-mail." in page.inner_text("main")
    check_axe(page)
    keys.type("email", "lea@exemple.fr")
    keys.enter("Recevoir un code")
    check_axe(page)
    sent = OutboxMessage.objects.get(kind="contact_code")
    keys.type("code", re.search(r"\b(\d{6})\b", sent.body)[1])
    keys.enter("BUTTON Se connecter")
    check_axe(page)
    keys.enter("Premier accueil")
    check_axe(page)
    keys.enter("Déplacer ce rendez-vous")
    check_axe(page)
    keys.enter("10 h 30")
    check_axe(page)
    keys.enter("BUTTON Déplacer au")
    assert "Votre rendez-vous est déplacé." in page.inner_text("main")
    moved = Rdv.objects.get()
    assert timezone.localtime(moved.starts_at, rdv.organisation.territoire.zone).hour == 10
    keys.enter("Annuler ce rendez-vous")
    assert "votre dossier attendra un mois" in page.inner_text("main")
    check_axe(page)
    keys.enter("BUTTON Annuler le rendez-vous de 10 h 30")
    assert "Votre rendez-vous est annulé." in page.inner_text("main")
    assert Rdv.objects.get().is_cancelled
    keys.enter("Terminer et effacer")
    assert "C’est effacé" in page.inner_text("h1")
    check_axe(page)
    page.goto("/votre-compte/")
    assert "/connexion/" in page.url
