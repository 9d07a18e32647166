"""A RDV de suivi on a phone: from the space of the person to a RDV with their référent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import OutboxMessage
from planning.models import Rdv
from tests.e2e.test_espace import PHONE
from tests.factories import (
    AgentFactory,
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    UsagerFactory,
)
from usagers.models import Rattachement, Referent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def referent():
    """Camille DURAND, who follows Léa, every day from tomorrow; a colleague receives as well."""
    organisation = OrganisationFactory(name="Maison des solidarités d’Arras")
    lieu = LieuFactory(organisation=organisation)
    lea = UsagerFactory(
        territoire=organisation.territoire, with_account=True, email="lea@exemple.fr"
    )
    Rattachement.objects.create(usager=lea, organisation=organisation)
    referent = AgentFactory(organisations=[organisation], first_name="Camille", last_name="Durand")
    Referent.objects.create(usager=lea, agent=referent)
    motif = MotifFactory(organisation=organisation, name="Faire le point", is_follow_up=True)
    for agent in (AgentFactory(organisations=[organisation]), referent):
        PlageOuvertureFactory(
            lieu=lieu,
            agent=agent,
            motifs=[motif],
            first_day=timezone.localdate() + timedelta(days=1),
            frequency="weekly",
            weekdays=[0, 1, 2, 3, 4, 5, 6],
            opens_on_holidays=True,
        )
    return referent


def sign_in(page):
    page.fill("[name=email]", "lea@exemple.fr")
    page.click("text=Recevoir un code")
    page.wait_for_selector("[name=code]")
    body = OutboxMessage.objects.get(kind="contact_code").body
    page.fill("[name=code]", re.search(r"\b(\d{6})\b", body)[1])
    page.click("main button:has-text('Se connecter')")
    page.wait_for_selector("text=Prendre un RDV de suivi")


def test_38_a_rdv_de_suivi_from_the_space_on_a_phone(referent, open_page, check_axe):
    page = open_page("/mes-rdv/", width=PHONE)
    sign_in(page)
    check_axe(page)
    page.click("text=Prendre un RDV de suivi")
    page.click("text=Faire le point")
    page.wait_for_selector("text=Ce rendez-vous est avec C. DURAND, qui vous suit.")
    check_axe(page)
    page.click(".rdv-slots a >> nth=0")
    check_axe(page)
    page.click("text=Confirmer le rendez-vous de")
    page.wait_for_selector("text=Votre rendez-vous est confirmé")
    assert "C. DURAND" in page.inner_text("main")
    check_axe(page)
    assert Rdv.objects.get().agents.get() == referent
    Referent.objects.all().delete()
    page.goto(page.url.split("/mes-rdv/")[0] + "/mes-rdv/")
    assert "Prendre un RDV de suivi" not in page.inner_text("main")
