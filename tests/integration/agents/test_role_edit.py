"""G01, G03: levels, organisations, rights and équipes, and no way up by oneself (§2)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import AuditEntry, DroitTerritoire
from agents.queries.actor import agent_actor
from agents.services.agent_equipes import change_equipes
from agents.services.agent_rights import Rights, change_rights
from agents.services.role_edit import add_to_organisation, change_level
from agents.services.staff_lock import StaffRefused
from agents.services.territoire_lock import TerritoireRefused
from notifications.models import OutboxMessage
from tests.cast import the_cast
from tests.factories import AgentFactory, EquipeFactory
from tests.factories.planning import NOW
from tests.integration.agents.staff import holder, invite, level
from tests.integration.constraints.doors import refused_by


def set_level(cast, agent, wanted, *, by, organisation=None):
    change_level(
        agent_id=agent.pk,
        organisation_id=(organisation or cast.organisation).pk,
        level=wanted,
        actor=agent_actor(by),
        now=NOW,
    )


def give(cast, agent, *, by, **rights):
    change_rights(
        agent_id=agent.pk,
        territoire_id=cast.territoire.pk,
        rights=Rights(**rights),
        actor=agent_actor(by),
        now=NOW,
    )


def held(cast, agent):
    row = DroitTerritoire.objects.filter(agent=agent, territoire=cast.territoire).first()
    names = ("is_admin", "manages_teams", "manages_rights", "invites_agents")
    return {name for name in names if row and getattr(row, name)}


def test_G01_an_admin_changes_a_level_through_the_page(client, cast):
    client.force_login(cast.admin.account)
    url = reverse("agents:role_edit", args=[cast.organisation.uuid, cast.owner.uuid])
    assertContains(client.get(url), cast.owner.email)
    for wrong in ("intervenant", "territoire_admin", ""):
        assert client.post(url, {"level": wrong}).status_code == 422
    assertRedirects(
        client.post(url, {"level": "admin"}),
        reverse("agents:agent_list", args=[cast.organisation.uuid]),
    )
    assert level(cast.owner, cast.organisation) == "admin"
    entry = AuditEntry.objects.get(action="level_changed")
    assert (entry.agent, entry.organisation) == (cast.admin, cast.organisation)
    # Colleagues of another organisation, or people who are not there, are not found.
    for other in (cast.elsewhere, cast.stranger):
        away = reverse("agents:role_edit", args=[cast.organisation.uuid, other.uuid])
        assert client.post(away, {"level": "admin"}).status_code == 404


@pytest.mark.parametrize(
    "who", ["owner", "same_service", "secretary", "admin_elsewhere", "stranger"]
)
def test_13_nobody_raises_a_level_without_the_right(client, cast, who):
    person = getattr(cast, who)
    client.force_login(person.account)
    for target in (person, cast.owner):
        url = reverse("agents:role_edit", args=[cast.organisation.uuid, target.uuid])
        assert client.post(url, {"level": "admin"}).status_code in {403, 404}
        with pytest.raises(StaffRefused):
            set_level(cast, target, "admin", by=person)
    assert level(cast.owner, cast.organisation) == "basique"


def test_14_nobody_raises_their_own_level_whatever_they_hold(cast):
    for rights in ({"invites_agents": True}, {"manages_rights": True}, {"manages_teams": True}):
        agent = holder(cast, **rights)
        agent.roles.create(organisation=cast.organisation, level="basique")
        with pytest.raises(StaffRefused):
            set_level(cast, agent, "admin", by=agent)
    cast.territoire_admin.roles.create(organisation=cast.organisation, level="basique")
    with pytest.raises(StaffRefused, match="propre niveau"):
        set_level(cast, cast.territoire_admin, "admin", by=cast.territoire_admin)


def test_G01_the_last_admin_of_an_organisation_stays(cast):
    with pytest.raises(StaffRefused, match="au moins un administrateur"):
        set_level(cast, cast.admin, "basique", by=cast.admin)
    invite(cast, level="admin")  # who has not accepted yet does not count
    with pytest.raises(StaffRefused, match="au moins un administrateur"):
        set_level(cast, cast.admin, "basique", by=cast.territoire_admin)
    set_level(cast, cast.owner, "admin", by=cast.admin)
    set_level(cast, cast.admin, "basique", by=cast.admin)
    assert level(cast.admin, cast.organisation) == "basique"


def check_now():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def in_database(action):
    def both():
        action()
        check_now()

    return both


def test_G01_the_database_keeps_an_admin_everywhere(cast):
    role = cast.admin.roles
    droit = DroitTerritoire.objects.filter(agent=cast.territoire_admin)
    people = type(cast.admin).objects
    for action, name in (
        (lambda: role.update(level="basique"), "organisation_keeps_an_admin"),
        (lambda: role.all().delete(), "organisation_keeps_an_admin"),
        (
            lambda: people.filter(pk=cast.admin.pk).update(deactivated_at=NOW),
            "organisation_keeps_an_admin",
        ),
        (lambda: droit.update(is_admin=False), "territoire_keeps_an_admin"),
        (droit.delete, "territoire_keeps_an_admin"),
        (
            lambda: people.filter(pk=cast.territoire_admin.pk).update(deactivated_at=NOW),
            "territoire_keeps_an_admin",
        ),
        (
            lambda: cast.owner.roles.update(level="intervenant"),
            "role_intervenant_without_account",
        ),
        (
            lambda: people.filter(pk=cast.owner.pk).update(account=None),
            "role_intervenant_without_account",
        ),
    ):
        assert refused_by(in_database(action)) == name
    # An archived organisation needs nobody; a whole swap in one transaction is fine.
    cast.same_service.roles.update(level="admin")
    role.update(level="basique")
    check_now()


def test_G01_two_admins_who_leave_at_once_leave_one(transactional_db):
    """Both have written before either ends: the second waits for the first, and is refused."""
    cast = the_cast()
    cast.owner.roles.update(level="admin")
    written = threading.Barrier(2)

    def leave(agent):
        try:
            with transaction.atomic():
                agent.roles.update(level="basique")
                written.wait(30)
        except IntegrityError as error:
            return error.__cause__.diag.constraint_name
        finally:
            connection.close()
        return "left"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(leave, [cast.admin, cast.owner]))
    assert ends == ["left", "organisation_keeps_an_admin"]
    assert cast.organisation.roles.filter(level="admin").count() == 1


def test_G03_one_organisation_more(client, cast):
    client.force_login(cast.territoire_admin.account)
    url = reverse("agents:agent_join", args=[cast.territoire.uuid, cast.owner.uuid])
    data = {"organisation": str(cast.elsewhere_organisation.uuid), "level": "admin"}
    foreign = cast.stranger.roles.get().organisation.uuid
    assert client.post(url, {**data, "organisation": str(foreign)}).status_code == 422
    client.post(url, data)
    assert level(cast.owner, cast.elsewhere_organisation) == "admin"
    assert OutboxMessage.objects.get().recipient == cast.owner.email
    away = reverse("agents:agent_join", args=[cast.territoire.uuid, cast.stranger.uuid])
    assert client.post(away, data).status_code == 404


def test_14_a_right_to_invite_adds_colleagues_as_basique_and_never_oneself(cast):
    inviter = holder(cast, invites_agents=True)

    def join(agent, wanted):
        add_to_organisation(
            agent_id=agent.pk,
            territoire=cast.territoire,
            organisation_id=cast.elsewhere_organisation.pk,
            level=wanted,
            actor=agent_actor(inviter),
            now=NOW,
        )

    for target, wanted in ((cast.owner, "admin"), (inviter, "basique"), (cast.stranger, "basique")):
        with pytest.raises(StaffRefused):
            join(target, wanted)
    join(cast.owner, "basique")
    assert level(cast.owner, cast.elsewhere_organisation) == "basique"


def test_22_rights_are_given_by_those_who_hold_them(client, cast):
    client.force_login(cast.territoire_admin.account)
    url = reverse("agents:agent_rights", args=[cast.territoire.uuid, cast.owner.uuid])
    client.post(url, {"manages_rights": "on", "invites_agents": "on"})
    assert held(cast, cast.owner) == {"manages_rights", "invites_agents"}
    assert AuditEntry.objects.get(action="rights_changed").territoire == cast.territoire
    # The owner passes on what they hold, and no more; nothing to themselves; no admin.
    give(cast, cast.same_service, by=cast.owner, invites_agents=True)
    assert held(cast, cast.same_service) == {"invites_agents"}
    for target, rights in (
        (cast.same_service, {"invites_agents": True, "manages_teams": True}),
        (cast.same_service, {"is_admin": True}),
        (cast.owner, {"manages_rights": True, "invites_agents": True, "manages_teams": True}),
        (cast.owner, {"is_admin": True}),
        (cast.territoire_admin, {}),
        (cast.stranger, {"invites_agents": True}),
    ):
        with pytest.raises(StaffRefused):
            give(cast, target, by=cast.owner, **rights)
    assert held(cast, cast.territoire_admin) >= {"is_admin"}
    client.force_login(cast.owner.account)
    posted = client.post(url, {"is_admin": "on", "manages_teams": "on", "manages_rights": "on"})
    assert posted.status_code == 302, "what is greyed is not read"
    assert held(cast, cast.owner) == {"manages_rights"}
    page = client.get(
        reverse("agents:agent_rights", args=[cast.territoire.uuid, cast.secretary.uuid])
    )
    assertContains(page, "disabled", count=3)


@pytest.mark.parametrize("rights", [{"invites_agents": True}, {"manages_teams": True}, {}])
def test_22_without_the_right_nobody_is_made_admin(client, cast, rights):
    agent = holder(cast, **rights)
    client.force_login(agent.account)
    for target in (agent, cast.owner):
        url = reverse("agents:agent_rights", args=[cast.territoire.uuid, target.uuid])
        assert client.post(url, {"is_admin": "on"}).status_code in {403, 404}
        with pytest.raises((StaffRefused, TerritoireRefused)):
            give(cast, target, by=agent, is_admin=True)
    assert not held(cast, cast.owner)


def test_23_24_the_admins_of_a_territoire(client, cast):
    client.force_login(cast.territoire_admin.account)
    own = reverse("agents:agent_rights", args=[cast.territoire.uuid, cast.territoire_admin.uuid])
    assertContains(client.post(own, {}), "au moins un administrateur", status_code=422)
    stranger = reverse("agents:agent_rights", args=[cast.territoire.uuid, cast.stranger.uuid])
    assert client.post(stranger, {"is_admin": "on"}).status_code == 404
    other = cast.stranger.roles.get().organisation.territoire
    abroad = reverse("agents:agent_rights", args=[other.uuid, cast.stranger.uuid])
    assert client.post(abroad, {"is_admin": "on"}).status_code == 404
    give(cast, cast.owner, by=cast.territoire_admin, is_admin=True)
    assert held(cast, cast.owner) == {
        "is_admin",
        "manages_teams",
        "manages_rights",
        "invites_agents",
    }
    assertRedirects(
        client.post(own, {}), own.removesuffix("droits/"), fetch_redirect_response=False
    )
    assert not held(cast, cast.territoire_admin)
    intervenant = AgentFactory(
        organisations=[cast.organisation], organisations__level="intervenant", email=None
    )
    with pytest.raises(StaffRefused, match="intervenant"):
        give(cast, intervenant, by=cast.owner, invites_agents=True)


def test_G15_equipes_of_an_agent(client, cast):
    manager = holder(cast, manages_teams=True)
    client.force_login(manager.account)
    north, south = (EquipeFactory(territoire=cast.territoire) for _ in range(2))
    north.agents.add(cast.same_service)
    foreign = EquipeFactory()
    url = reverse("agents:agent_equipes", args=[cast.territoire.uuid, cast.same_service.uuid])
    assert client.post(url, {"equipes": [str(foreign.uuid)]}).status_code == 422
    # The équipe of the cast has this agent alone.
    alone = reverse("agents:agent_equipes", args=[cast.territoire.uuid, cast.owner.uuid])
    assertContains(client.post(alone, {}), "n’a que cet agent", status_code=422)
    north.agents.add(cast.secretary)
    assert client.post(url, {"equipes": [str(south.uuid)]}).status_code == 302
    assert list(cast.same_service.equipes.all()) == [south]
    with pytest.raises(TerritoireRefused):
        change_equipes(
            agent_id=cast.owner.pk,
            territoire_id=cast.territoire.pk,
            equipes=(),
            actor=agent_actor(cast.admin),
            now=NOW,
        )


def test_G01_each_right_opens_its_part_of_the_page(client, cast):
    url = reverse("agents:territoire_agent_detail", args=[cast.territoire.uuid, cast.owner.uuid])
    words = {
        "invites_agents": "Ajouter à une organisation",
        "manages_teams": "Changer les équipes",
        "manages_rights": "Changer les droits",
    }
    for right, word in words.items():
        client.force_login(holder(cast, **{right: True}).account)
        page = client.get(url)
        assertContains(page, word)
        for other in {*words.values(), "Changer les services", "Retirer"} - {word}:
            assertNotContains(page, other)
    client.force_login(cast.territoire_admin.account)
    page = client.get(url)
    for word in (*words.values(), "Changer les services", "Retirer"):
        assertContains(page, word)
