"""Decision 26: « Supprimer » hides; kept, audited, for admins."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agents.models import AuditEntry
from agents.permissions import Permission
from notifications.models import OutboxMessage
from planning.models import AgentRdv, Rdv, RdvEvent
from planning.policies import rdvs_for
from planning.services.rdv_announce import announce_created
from planning.services.rdv_delete import delete_rdv
from planning.services.rdv_lock import RdvRefused
from tests.factories import RdvFactory
from tests.factories.planning import NOW


def delete(cast, who="admin"):
    return delete_rdv(rdv_id=cast.rdv.pk, actor=cast.actor(who), now=NOW)


@pytest.mark.parametrize("who", ["admin", "territoire_admin"])
def test_decision_26_hidden_kept_and_audited(cast, who):
    delete(cast, who)
    assert Rdv.objects.get().hidden_at == NOW
    assert not rdvs_for(cast.actor("owner"), Permission.RDV_READ).exists()
    assert not rdvs_for(cast.actor("usager"), Permission.RDV_READ).exists()
    assert RdvEvent.objects.get().action == "deleted"
    entry = AuditEntry.objects.get(action="rdv_deleted")
    assert (entry.agent, entry.object_uuid) == (getattr(cast, who), cast.rdv.uuid)


def test_decision_26_the_time_is_free_and_the_messages_survive(cast):
    announce_created(cast.rdv, actor=cast.actor("admin"), now=NOW)
    delete(cast)
    assert not AgentRdv.objects.get().holds_time
    RdvFactory(motif=cast.motif, agents=[cast.owner], starts_at=cast.rdv.starts_at)
    assert set(OutboxMessage.objects.values_list("state")) == {("queued",)}
    assert OutboxMessage.objects.count() == 3  # those of the creation: nobody else is told


@pytest.mark.parametrize(
    "who",
    [
        "owner",
        "same_service",
        "other_service",
        "secretary",
        "admin_elsewhere",
        "stranger",
        "usager",
    ],
)
def test_decision_26_for_admins_only(cast, who):
    with pytest.raises(RdvRefused):
        delete(cast, who)
    assert Rdv.objects.get().hidden_at is None


def test_decision_26_once(cast):
    delete(cast)
    with pytest.raises(RdvRefused):
        delete(cast)
    assert AuditEntry.objects.filter(action="rdv_deleted").count() == 1


def test_decision_26_the_page_says_what_it_does(client, cast):
    client.force_login(cast.admin.account)
    url = reverse("planning:rdv_delete", args=[cast.rdv.uuid])
    page = " ".join(client.get(url).content.decode().split())
    assert "Personne n’est prévenu de la suppression." in page
    assert "Ce RDV est à venir" in page
    assert Rdv.objects.get().hidden_at is None
    response = client.post(url, follow=True)
    assert "Le RDV est supprimé." in response.content.decode()
    assert client.get(url).status_code == 404
