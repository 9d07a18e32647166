"""I03: who did what, for the admins; bounded, by pages, in plain words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from agents.models import AuditEntry
from planning.models import RdvEvent
from planning.queries import audit_list
from planning.queries.audit_words import ACTIONS
from planning.services.rdv_cancel import cancel_rdv
from rdv.accounts.models import Account
from tests.factories import UsagerFactory
from tests.factories.planning import NOW
from tests.guards.project import ROOT, tracked

pytestmark = pytest.mark.django_db
NAMED = re.compile(
    r"(?:_record|_audit|_trace|record_motif|record_of_agent)\((?:\w+, )?\"(\w+)\""
    r"|action: ClassVar\[str\] = \"(\w+)\""
)
WRITTEN = re.compile(r"action=\"(\w+)\"(?: if [^\n]+ else \"(\w+)\")?,\n\s+object_kind")


def entry(cast, number=0, **values):
    columns = {"agent": cast.owner, "organisation": cast.organisation, "action": "usager_seen"}
    columns |= {"object_kind": "usager", "object_uuid": cast.usager.uuid}
    return AuditEntry.objects.create(at=NOW + timedelta(minutes=number), **{**columns, **values})


def test_I03_each_action_that_is_written_has_its_words():
    written = set()
    for path in tracked():
        if path.suffix == ".py" and not path.is_relative_to(ROOT / "tests"):
            text = path.read_text()
            pairs = WRITTEN.findall(text) + NAMED.findall(text)
            # "plage" and "indisponibilite" are the kinds of planning_announce.
            written |= {name for pair in pairs for name in pair if "_" in name}
    assert len(written) > 20
    assert written - set(ACTIONS) == set()


def test_I03_changes_of_a_rdv_are_written_by_whatever_path(cast):
    cancel_rdv(rdv_id=cast.rdv.pk, actor=cast.actor("owner"), now=NOW)
    found = AuditEntry.objects.get(action="rdv_cancelled")
    assert (found.agent, found.organisation) == (cast.owner, cast.organisation)
    assert found.object_uuid == cast.rdv.uuid
    RdvEvent.objects.create(rdv=cast.rdv, at=NOW, action="reminded", author_kind="system")
    assert not AuditEntry.objects.filter(action="rdv_reminded").exists()


def test_I03_opening_a_rdv_of_ones_own_leaves_one_trace_an_hour(client, cast):
    client.force_login(cast.owner.account)
    for _ in range(2):
        client.get(reverse("planning:rdv_detail", args=[cast.rdv.uuid]))
    assert AuditEntry.objects.get(action="rdv_seen").agent == cast.owner


def a_trail(cast):
    """Write seven entries, five of them of the organisation; return who is not known there."""
    gone = UsagerFactory(territoire=cast.territoire)
    admin = Account.objects.create_superuser("chef@example.fr", "x")
    entry(cast, 0, object_uuid=gone.uuid)
    entry(cast, 1)
    entry(cast, 2, action="rdv_seen", object_kind="rdv", object_uuid=cast.rdv.uuid)
    thing = {"object_kind": "motif", "object_uuid": cast.motif.uuid, "action": "motif_edited"}
    entry(cast, 3, agent=cast.admin, superadmin=admin, **thing)
    entry(cast, 4, agent=None, action="rdv_moved", detail={"author": "usager"})
    entry(cast, 5, organisation=cast.elsewhere_organisation, action="export_asked")
    entry(cast, 6, organisation=None, territoire=cast.territoire, action="rights_changed")
    return gone


def test_I03_an_admin_reads_filters_and_turns_the_pages(
    client, cast, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(audit_list, "PER_PAGE", 3)
    gone = a_trail(cast)
    client.force_login(cast.admin.account)
    url = reverse("planning:audit_list", args=[cast.organisation.uuid])
    with django_assert_max_num_queries(14):
        first = client.get(url).content.decode()
    fiche = reverse("usagers:usager_detail", args=[cast.organisation.uuid, cast.usager.uuid])
    for words in (
        "a ouvert un RDV",
        f"[Admin] chef@example.fr pour {cast.admin.full_name}",
        "Un usager",
        f"motif : {cast.motif.name}",
        "a déplacé un RDV",
        f'href="{fiche}"',
        reverse("planning:rdv_detail", args=[cast.rdv.uuid]),
    ):
        assert words in first
    rows = first[first.index("<tbody>") : first.index("</tbody>")]
    assert "a demandé un export" not in rows
    assert "a changé les droits" not in rows
    cursor = re.search(r'href="\?(apres=[^"]+)"', first)
    assert cursor
    second = client.get(f"{url}?{cursor[1]}").content.decode()
    assert second.count("a ouvert une fiche") == 3  # two lines, and the choice of the filter
    assert gone.full_name not in second
    assert "Traces plus anciennes" not in second
    only = client.get(url, {"agent": str(cast.admin.uuid), "du": "2027-01-04"}).content.decode()
    assert only.count('<th scope="row">') == 1
    assert client.get(url, {"du": "demain"}).status_code == 422
    assert client.get(url, {"apres": "hier.x"}).status_code == 200
    client.force_login(cast.territoire_admin.account)
    whole = client.get(reverse("planning:territoire_audit", args=[cast.territoire.uuid]))
    assert "a changé les droits" in whole.content.decode()
