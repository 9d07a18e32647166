"""G14: invite the agents of a file, first to see, then for good."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from agents.forms.agent_import import keep
from agents.models import Invitation
from agents.services.agent_import import ImportLine
from notifications.models import OutboxMessage
from rdv.accounts.models import Account
from tests.integration.agents.staff import holder, level

HEADER = "E-mail;Services;Niveau;Organisations"


def sent(*lines: str) -> dict[str, SimpleUploadedFile]:
    text = "\n".join([HEADER, *lines])
    return {"file": SimpleUploadedFile("agents.csv", text.encode("cp1252"))}


SAID = (
    "3 personnes peuvent être invitées",
    "8 lignes refusées",
    "déjà à la ligne 2",
    "n’est pas valide",
    "déjà membre de",
    "Service inconnu ou inactif : Alchimie",
    "Niveau inconnu : chef",
    "Vous n’invitez pas dans l’organisation",
    "Cochez au moins un service",
    "ajoutée à l’organisation",
    "&lt;script&gt;",
)


def mixed_lines(cast) -> list[str]:
    return [
        "un@exemple.fr;social",
        "DEUX@exemple.fr; PMI | Social ;Administratrice",
        "un@exemple.fr;social",
        "pas une adresse;social",
        f"{cast.owner.email};social",
        f"{cast.elsewhere.email};social",
        "trois@exemple.fr;Alchimie",
        "quatre@exemple.fr;social;chef",
        f"cinq@exemple.fr;social;;{cast.elsewhere_organisation.name}",
        "six@exemple.fr",
        "<script>alert(1)</script>@exemple.fr;social",
    ]


@pytest.fixture
def url(cast):
    return reverse("agents:agent_import", args=[cast.organisation.uuid])


def test_G14_a_trial_changes_nothing_then_the_good_lines_leave(client, cast, url):
    client.force_login(cast.admin.account)
    accounts = Account.objects.count()
    page = client.post(url, sent(*mixed_lines(cast)))
    for words in SAID:
        assertContains(page, words)
    assertNotContains(page, "<script>alert")
    assert Account.objects.count() == accounts
    assert not OutboxMessage.objects.exists()
    done = client.post(url, {"plan": page.context["plan"]})
    assertContains(done, "3 personnes invitées")
    assert Invitation.objects.count() == 2
    assert OutboxMessage.objects.count() == 3
    deux = Account.objects.get(email="deux@exemple.fr").agent
    assert level(deux, cast.organisation) == "admin"
    assert deux.agent_services.count() == 2
    # Sent again by mistake: nobody is invited twice.
    assertContains(client.post(url, {"plan": page.context["plan"]}), "3 lignes refusées")
    assert OutboxMessage.objects.count() == 3


def test_G14_a_plan_is_of_its_author_and_its_page(client, cast, url):
    line = [ImportLine(2, "un@exemple.fr", "admin", ("social",))]
    client.force_login(cast.admin.account)
    for plan in (
        "",
        "forgé",
        keep(line, owner=[cast.owner.pk, str(cast.organisation.uuid)]),
        keep(line, owner=[cast.admin.pk, str(cast.elsewhere_organisation.uuid)]),
    ):
        assert client.post(url, {"plan": plan}).status_code == 422
    assert not Invitation.objects.exists()


def test_G14_a_file_that_is_none(client, cast, url):
    client.force_login(cast.admin.account)
    for content in (b"", b"nom;prenom\nA;B\n", b"PK\x03\x04", b"x" * 1_100_000):
        response = client.post(url, {"file": SimpleUploadedFile("agents.xlsx", content)})
        assert response.status_code == 422
        assert "file" in response.context["form"].errors


def test_G14_a_right_to_invite_names_no_admin_by_a_file(client, cast):
    """In the whole territoire, each line says where."""
    client.force_login(holder(cast, invites_agents=True).account)
    url = reverse("agents:territoire_agent_import", args=[cast.territoire.uuid])
    both = f"{cast.organisation.name}|{cast.elsewhere_organisation.name}"
    page = client.post(
        url,
        sent(
            f"un@exemple.fr;social;basique;{both}",
            f"deux@exemple.fr;social;admin;{both}",
            "trois@exemple.fr;social",
        ),
    )
    assertContains(page, "1 personne peut être invitée")
    assertContains(page, "peut en nommer un autre")
    assertContains(page, "Nommez au moins une organisation")
    client.post(url, {"plan": page.context["plan"]})
    assert Account.objects.get(email="un@exemple.fr").agent.roles.count() == 2
