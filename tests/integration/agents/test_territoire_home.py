"""G05: the way into « Espace admin », and its first page: figures, and what needs a look."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import Invitation, RetentionReport
from notifications.models import BlockedAddress
from tests.factories import AgentFactory, MotifFactory, OrganisationFactory, TerritoireFactory
from tests.integration.agents.staff import holder, invite

pytestmark = pytest.mark.django_db


@pytest.fixture
def territoire():
    """Nothing to say of it."""
    return TerritoireFactory(
        name="Haute-Rive", email="t@rive.fr", controller_name="La Rive", dpo_email="dpo@rive.fr"
    )


def page_of(territoire):
    return reverse("agents:territoire_home", args=[territoire.uuid])


def test_G05_the_page_counts_its_own_territoire_only(
    client, territoire, django_assert_max_num_queries
):
    mairie = OrganisationFactory(territoire=territoire, name="Mairie")
    OrganisationFactory(territoire=territoire, archived_at="2026-01-01T00:00:00Z")
    MotifFactory(organisation=mairie, booking_level="usagers")
    MotifFactory(organisation=mairie, booking_level="agents")
    MotifFactory()  # elsewhere
    AgentFactory(organisations=[mairie])
    AgentFactory(organisations=[OrganisationFactory()])
    client.force_login(AgentFactory(territoire_admin=territoire).account)
    assertContains(client.get(reverse("agents:organisation_list")), page_of(territoire))
    page = client.get(page_of(territoire))
    details = {card.key: card.detail for part in page.context["sections"] for card in part.cards}
    assert details["organisations"] == "1 en activité"
    assert details["agents"] == "1 agent"
    assert details["motifs"] == "2 motifs, 1 en ligne"
    assert details["equipes"] == "0 équipe"
    assertContains(page, "Espace admin – Haute-Rive")
    assertNotContains(page, "À regarder")
    for number in range(6):
        OrganisationFactory(territoire=territoire, name=f"Antenne {number}", phone_number="")
    with django_assert_max_num_queries(14):
        page = client.get(page_of(territoire))
    assertContains(page, "Rien n’est encore ouvert à la réservation en ligne")
    assertContains(page, "et 1 autre")


def test_G05_C07_G12_what_needs_a_look_leads_to_where_it_is_put_right(client, cast):
    territoire, mairie = cast.territoire, cast.organisation
    type(mairie).objects.filter(pk=mairie.pk).update(phone_number="", email="")
    now = timezone.now()
    blocks = [
        BlockedAddress.objects.create(channel="email", address=who.email, reason="bounce", at=now)
        for who in (cast.owner, cast.stranger)
    ]
    invite(cast, now=now - timedelta(days=8))
    invite(cast, email="autre@exemple.fr", now=now)
    RetentionReport.objects.create(step="usagers", at=now - timedelta(days=3))
    client.force_login(holder(cast, invites_agents=True).account)
    page = client.get(page_of(territoire))
    waiting = "2 invitations attendent une réponse. 1 lien ne marche plus : renvoyez-le."
    assert [notice.text for notice in page.context["notices"]] == [waiting]
    client.force_login(cast.territoire_admin.account)
    page = client.get(page_of(territoire))
    links = {notice.text: [link.url for link in notice.links] for notice in page.context["notices"]}
    detail = reverse("agents:territoire_agent_detail", args=[territoire.uuid, cast.owner.uuid])
    assert links["Leur adresse ne reçoit plus nos e-mails :"] == [detail]
    contact = "Sans téléphone ni e-mail, aucun motif ne peut être mis en ligne :"
    assert links[contact] == [reverse("agents:organisation_edit", args=[mairie.uuid])]
    for start in ("Le territoire n’a ni", "Les usagers ne lisent", "L’effacement", waiting):
        assert sum(text.startswith(start) for text in links) == 1
    # The agent's page says why, and its button lets mails go again.
    assertContains(client.get(detail), "Cette adresse ne reçoit plus")
    clear = reverse("agents:blocked_address_clear", args=[cast.owner.uuid, blocks[0].uuid])
    assertRedirects(client.post(clear, {"next": detail}), detail)
    assertNotContains(client.get(detail), "Cette adresse ne reçoit plus")
    Invitation.objects.update(cancelled_at=now)
    RetentionReport.objects.create(step="usagers", at=now, error="OperationalError")
    texts = [notice.text for notice in client.get(page_of(territoire)).context["notices"]]
    assert "Le dernier effacement automatique a échoué : prévenez le support." in texts
    assert not any("invitations" in text or "ne tourne plus" in text for text in texts)


def test_G05_only_who_holds_a_right_on_the_territoire_finds_the_way(client):
    mairie = OrganisationFactory()
    admin = AgentFactory(organisations=[mairie], organisations__level="admin")
    client.force_login(admin.account)
    assertNotContains(client.get(reverse("agents:organisation_list")), page_of(mairie.territoire))
    assert client.get(page_of(mairie.territoire)).status_code == 404
