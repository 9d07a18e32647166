"""F02: the fiche, its edition, its référents, the invitation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.models import AuditEntry
from notifications.models import OutboxMessage
from tests.factories import BlockedAddressFactory, MotifFactory, RdvFactory, UsagerFactory, service
from tests.integration.usagers.fiches import person, stranger, url
from tests.integration.usagers.journey import NOW
from usagers.models import Referent
from usagers.services.usager_create import NewUsager
from usagers.services.usager_edit import update_usager, version_of
from usagers.services.usager_fields import UsagerRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(cast, client):
    cast.sign_in(client, "owner")
    return client


def past(cast, usager, days, **values):
    return RdvFactory(
        motif=values.pop("motif", cast.motif),
        lieu=cast.lieu,
        agents=[values.pop("agent", cast.owner)],
        usagers=[usager],
        starts_at=NOW - timedelta(days=days),
        **values,
    )


def test_F02_the_page_says_what_it_may_in_bounded_statements(
    agent, cast, django_assert_max_num_queries
):
    usager = cast.usager
    pmi = MotifFactory(organisation=cast.organisation, service=service("pmi"), name="Pesée")
    for days in range(1, 24):
        past(cast, usager, days, status="seen" if days % 2 else "noshow")
    past(cast, usager, 30, motif=pmi, agent=cast.other_service)
    past(cast, usager, 0, status="unknown")
    person(cast, first_name="Tom", responsable=usager)
    twin = stranger(cast, first_name="Ana", phone_number=str(usager.phone_number))
    Referent.objects.create(usager=usager, agent=cast.same_service)
    usager.rattachements.update(notes="Préfère le matin.")
    BlockedAddressFactory(channel="sms", address=str(usager.phone_number), reason="number")
    with django_assert_max_num_queries(40):
        page = agent.get(url("usagers:usager_detail", cast, usager))
    counts = {str(status.label): number for status, number in page.context["rdvs"].counts}
    assert counts == {"À venir": 1, "Aujourd’hui": 1, "Honoré": 12, "Absence non excusée": 11}
    assert "Pesée" not in page.text  # another service: neither shown nor counted
    assert len(page.context["rdvs"].past) == 20
    assert (
        len(agent.get(url("usagers:usager_detail", cast, usager), {"page": 2}).context["rdvs"].past)
        == 3
    )
    assert "Une adresse ne reçoit plus nos messages" in page.text  # C07
    assert "demandez à un administrateur de l’organisation" in page.text
    for words in ("Préfère le matin.", "Tom ", cast.same_service.full_name, twin.full_name):
        assert words in page.text
    assert url("usagers:usager_detail", cast, twin) not in page.text  # masked: no link
    assert f"e-mail ({usager.email})" in page.text
    seen = AuditEntry.objects.get(action="usager_seen")  # twice in an hour is one look
    assert (seen.agent, seen.object_uuid) == (cast.owner, usager.uuid)
    assert "Débloquer" not in page.text  # an admin's button
    silent = person(cast, phone_number="+33321000000")
    told = agent.get(url("usagers:usager_detail", cast, silent)).text
    assert "Personne ne sera prévenu" in told
    assert "ne reçoit pas de SMS" in told


def test_F02_what_is_theirs_is_locked(agent, cast, clock):
    usager = cast.usager  # has an account
    usager.identity_certified_at = NOW
    usager.save()
    data = {
        "last_name": "Mariée",
        "first_name": "Autre",
        "email": "pirate@exemple.fr",
        "birth_date": "1990-01-01",
        "phone_number": "06 39 98 12 34",
        "notes": "Vue au guichet.",
        "seen": version_of(usager),
    }
    clock.shift(60)
    page = agent.get(url("usagers:usager_edit", cast, usager))
    assert "elle seule change ce choix" in page.text
    assert agent.post(url("usagers:usager_edit", cast, usager), data).status_code == 302
    before = usager.email, usager.first_name
    usager.refresh_from_db()
    assert (usager.email, usager.first_name) == before
    assert (usager.last_name, str(usager.phone_number)) == ("Mariée", "+33639981234")
    assert usager.birth_date is None
    assert (usager.notifies_by_email, usager.notifies_by_sms) == (True, True)
    assert usager.rattachements.get().notes == "Vue au guichet."
    detail = AuditEntry.objects.get(action="usager_edited").detail
    assert detail == {"columns": ["last_name", "notes", "phone_number"]}  # never the values
    stale = agent.post(url("usagers:usager_edit", cast, usager), data)
    assert stale.status_code == 422
    assert "a changé depuis" in stale.text
    for changes in ({"email": "x@y.fr"}, {"notifies_by_sms": False}, {"first_name": "Autre"}):
        fields = {"first_name": usager.first_name, "last_name": "M", "email": usager.email}
        with pytest.raises(UsagerRefused):
            update_usager(
                usager_id=usager.pk,
                organisation=cast.organisation,
                fields=NewUsager(**{**fields, **changes}),
                seen=version_of(usager),
                actor=cast.actor("owner"),
                now=NOW,
            )


def test_F02_a_fiche_without_account_is_the_agents(agent, cast):
    usager = person(cast, email="vieux@exemple.fr")
    UsagerFactory(territoire=cast.territoire, email="pris@exemple.fr")
    data = {"last_name": "Zola", "first_name": "Léa", "seen": version_of(usager)}
    taken = agent.post(
        url("usagers:usager_edit", cast, usager), {**data, "email": "pris@exemple.fr"}
    )
    assert list(taken.context["form"].errors) == ["email"]
    assert url("usagers:usager_attach", cast, taken.context["duplicates"][0].person) in taken.text
    agent.post(url("usagers:usager_edit", cast, usager), {**data, "email": "Neuf@exemple.fr"})
    usager.refresh_from_db()
    assert (usager.email, usager.notifies_by_email) == ("neuf@exemple.fr", False)
    told = OutboxMessage.objects.get(kind="address_changed")  # even who wants no message
    assert (told.recipient, told.reply_to) == ("vieux@exemple.fr", cast.organisation.email)
    assert cast.organisation.name in told.body
    for unsaid in ("Zola", "Léa", "neuf@exemple.fr"):
        assert unsaid.lower() not in (told.subject + told.body + told.html).lower()
    data["seen"] = version_of(usager)
    agent.post(url("usagers:usager_edit", cast, usager), {**data, "email": "neuf@exemple.fr"})
    assert OutboxMessage.objects.filter(kind="address_changed").count() == 1  # the same address
    usager.refresh_from_db()
    data["seen"] = version_of(usager)
    agent.post(url("usagers:usager_edit", cast, usager), data)  # taken away
    assert OutboxMessage.objects.filter(recipient="neuf@exemple.fr").exists()


def test_F02_referents_are_oneself_and_the_colleagues_one_sees(agent, cast):
    usager = cast.usager
    for colleague in (cast.owner, cast.same_service):
        agent.post(url("usagers:usager_referents", cast, usager), {"ajouter": colleague.uuid})
    assert usager.referents.count() == 2
    nobody = agent.post(url("usagers:usager_referents", cast, usager), {"ajouter": ""}, follow=True)
    assert "Choisissez l’agent à ajouter" in nobody.text
    for unseen in (cast.other_service, cast.stranger):
        answer = agent.post(url("usagers:usager_referents", cast, usager), {"ajouter": unseen.uuid})
        assert answer.status_code == 404
    agent.post(url("usagers:usager_referents", cast, usager), {"retirer": cast.same_service.uuid})
    assert list(usager.referents.values_list("agent", flat=True)) == [cast.owner.pk]
    proche = person(cast, responsable=usager)
    agent.post(url("usagers:usager_referents", cast, proche), {"ajouter": cast.owner.uuid})
    assert not proche.referents.exists()
    assert cast.owner.full_name in agent.get(url("usagers:usager_detail", cast, proche)).text


def test_F02_the_invitation_holds_no_personal_data_in_its_address(agent, cast):
    usager = person(cast, email="neuf@exemple.fr", first_name="Zoé")
    for _ in range(2):
        agent.post(url("usagers:usager_invite", cast, usager))
    message = OutboxMessage.objects.get(kind="usager_invitation")  # once a day
    assert (message.recipient, message.organisation) == (usager.email, cast.organisation)
    assert "/mes-rdv/" in message.body
    assert "Aucun mot de passe" in message.body
    assert "invité le" in agent.get(url("usagers:usager_detail", cast, usager)).text
    agent.post(url("usagers:usager_invite", cast, cast.usager))  # has an account
    assert OutboxMessage.objects.filter(kind="usager_invitation").count() == 1
