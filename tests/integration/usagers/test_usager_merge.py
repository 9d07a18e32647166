"""F03, decision 27: two fiches become one, with everything that hangs on them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps

from agents.models import AuditEntry
from notifications.models import OutboxMessage
from planning.models import (
    Participation,
    RdvDraft,
    RdvEvent,
    Reminder,
    WaitingListEntry,
    WaitingListOffer,
)
from planning.rules.rdv_draft import DraftContent, content_of
from planning.services.usager_merge import FOLLOWS, merge_usagers, versions_of
from tests.factories import OutboxMessageFactory, RdvFactory, UsagerFactory
from tests.integration.usagers.fiches import person, stranger, url
from tests.integration.usagers.journey import NOW
from usagers.models import AccessToken, Rattachement, Referent, Usager
from usagers.services.access_token_issue import issue_access_token
from usagers.services.usager_fields import UsagerRefused

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=3)


@pytest.fixture
def agent(cast, client):
    cast.sign_in(client, "owner")
    return client


def rdv(cast, *usagers, days=3, **values):
    return RdvFactory(
        motif=cast.motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        usagers=usagers,
        starts_at=NOW + timedelta(days=days),
        **values,
    )


def merge(cast, kept, absorbed, who="owner", **choices):
    return merge_usagers(
        kept_id=kept.pk,
        absorbed_id=absorbed.pk,
        choices=choices,
        seen=versions_of(kept, absorbed),
        organisation=cast.organisation,
        actor=cast.actor(who),
        now=NOW,
    )


@pytest.mark.parametrize(
    ("target", "known"),
    [
        ("usagers.Usager", set(FOLLOWS)),
        (
            "planning.Participation",
            {
                "usagers.AccessToken.participation",
                "planning.Reminder.participation",
                "planning.WaitingListEntry.participation",
                "notifications.OutboxMessage.participation",
            },
        ),
    ],
)
def test_F03_every_row_that_points_to_a_fiche_is_thought_of(target, known):
    """A new foreign key says in planning.services.usager_merge what becomes of it."""
    model = apps.get_model(target)
    found = {
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in model._meta.related_objects
        if not relation.many_to_many
    }
    assert found == known


def twins(cast):
    kept = person(cast, first_name="Léa", last_name="Zola", birth_name="Roy")
    other = person(
        cast, first_name="Lea", last_name="Zola", email="lea@exemple.fr", case_number="A1"
    )
    pair = f"{url('usagers:usager_merge', cast)}?gauche={kept.uuid}&droite={other.uuid}"
    return kept, other, pair


def test_F03_two_columns_compare_what_the_territoire_shows(agent, cast):
    kept, other, pair = twins(cast)
    home = url("usagers:usager_merge", cast)
    found = agent.post(f"{home}?gauche={kept.uuid}", {"q": "zola"})
    assert f"gauche={kept.uuid}&amp;droite={other.uuid}" in found.text
    assert "zola" not in found.text.split('action="?')[1].split('"')[0]
    page = agent.get(pair)
    assert page.text.count("Identique") + page.text.count("Différent") == 4
    assert "Numéro de dossier" not in page.text  # the territoire does not show it
    differ = [row.field for row in page.context["form"].rows if not row.is_same]
    assert differ == ["first_name", "birth_name", "email"]
    assert page.context["form"]["email"].initial == "absorbed"  # nothing known is lost
    assert agent.get(f"{home}?gauche={stranger(cast).uuid}").status_code == 404


def test_F03_what_is_chosen_stays_and_the_old_address_leads_there(agent, cast):
    kept, other, pair = twins(cast)
    Usager.objects.filter(pk=kept.pk).update(email="avant@exemple.fr")
    choices = {"first_name": "kept", "birth_name": "kept", "email": "absorbed"}
    data = {"fusionner": "1", "seen": agent.get(pair).context["seen"], **choices}
    forged = agent.post(pair, {**data, "email": "autre"})
    assert (forged.status_code, list(forged.context["form"].errors)) == (422, ["email"])
    assert "Relisez" in agent.post(pair, {**data, "seen": "hier"}).text
    fiche = url("usagers:usager_detail", cast, kept)
    assert agent.post(pair, data).url == fiche
    kept.refresh_from_db()
    assert kept.full_name == "Léa ZOLA (ROY)"
    assert (kept.email, kept.case_number) == ("lea@exemple.fr", "A1")
    told = OutboxMessage.objects.get(kind="address_changed")
    assert told.recipient == "avant@exemple.fr"
    assert agent.get(url("usagers:usager_detail", cast, other)).url == fiche
    trace = AuditEntry.objects.get(action="usagers_merged").detail
    assert trace == {"into": str(kept.uuid), "taken": ["case_number", "email"], "rdvs": 0}


def test_F03_people_organisations_and_drafts_follow(cast):
    both = [cast.organisation, cast.elsewhere_organisation]
    kept, absorbed = person(cast), person(cast, organisations=both)
    Rattachement.objects.filter(usager=kept).update(notes="Matin.")
    Rattachement.objects.filter(usager=absorbed).update(notes="Bus.")
    child = person(cast, responsable=absorbed)
    Referent.objects.create(usager=kept, agent=cast.owner)
    for referent in (cast.owner, cast.elsewhere):
        Referent.objects.create(usager=absorbed, agent=referent)
    former = person(cast)
    Usager.objects.filter(pk=former.pk).update(anonymised_at=NOW, merged_into=absorbed)
    draft = RdvDraft.objects.create(
        agent=cast.same_service,
        organisation=cast.elsewhere_organisation,
        content=DraftContent(usagers=(absorbed.pk, kept.pk, child.pk)).to_json(),
        created_at=NOW,
        updated_at=NOW,
    )
    merge(cast, kept, absorbed)
    for row in (kept, child, former, draft):
        row.refresh_from_db()
    assert (child.responsable, former.merged_into) == (kept, kept)
    notes = {row.organisation: row.notes for row in kept.rattachements.all()}
    assert notes == {cast.organisation: "Matin.\n\nBus.", cast.elsewhere_organisation: "Bus."}
    assert {row.agent for row in kept.referents.all()} == {cast.owner, cast.elsewhere}
    assert content_of(draft.content).usagers == (kept.pk, child.pk)


def test_F03_rdvs_and_links_follow_and_history_stays(cast):
    kept, absorbed = person(cast), person(cast)
    alone = rdv(cast, absorbed, days=4)
    alone.participations.update(created_by_agent=None, created_by_usager=absorbed)
    RdvEvent.objects.create(
        rdv=alone, at=NOW, action="created", author_kind="usager", author_usager=absorbed
    )
    issue_access_token(participation=alone.participations.get(), recipient=absorbed, now=NOW)
    merge(cast, kept, absorbed)
    row = alone.participations.get()
    assert (row.usager, row.created_by_usager) == (kept, kept)
    assert AccessToken.objects.get().recipient == kept
    absorbed.refresh_from_db()
    assert (absorbed.full_name, absorbed.merged_into) == ("Usager SUPPRIMÉ", kept)
    assert alone.events.get().author_usager == absorbed  # never rewritten


def test_F03_the_same_rdv_twice_becomes_one_participation(cast):
    kept, absorbed = person(cast), person(cast)
    shared = rdv(cast, kept, absorbed)
    mine, other = shared.participations.order_by("pk")
    Participation.objects.filter(pk=mine.pk).update(status="excused", cancelled_at=NOW)
    Participation.objects.filter(pk=other.pk).update(needs=["interpreter"])
    issue_access_token(participation=other, recipient=absorbed, now=NOW)
    OutboxMessageFactory(rdv=shared, participation=other)
    for row, sent_at in ((mine, None), (other, NOW)):
        Reminder.objects.create(
            participation=row,
            starts_at=shared.starts_at,
            due_at=NOW,
            sent_at=sent_at,
            created_at=NOW,
        )
    entries = [
        WaitingListEntry.objects.create(
            motif=cast.motif, participation=row, confirmed_at=NOW, created_at=NOW
        )
        for row in (mine, other)
    ]
    WaitingListOffer.objects.create(
        entry=entries[1],
        agent=cast.owner,
        starts_at=SOON,
        ends_at=SOON + timedelta(minutes=30),
        digest="a" * 64,
        offered_at=NOW,
        expires_at=NOW + timedelta(hours=2),
    )
    merge(cast, kept, absorbed)
    row = shared.participations.get()
    assert (row.pk, row.usager, row.status, row.cancelled_at) == (mine.pk, kept, "unknown", None)
    assert row.needs == ["interpreter"]
    assert row.access_tokens.get().recipient == kept
    assert row.messages.count() == 1
    assert row.reminders.get(starts_at=shared.starts_at).sent_at == NOW
    assert WaitingListEntry.objects.filter(participation=row).count() == 2
    assert WaitingListEntry.objects.waiting().get() == entries[1]  # the one with an offer


def test_F03_accounts_certified_identities_and_what_is_refused(cast):
    kept = person(cast, email="a@exemple.fr")
    merge(cast, kept, cast.usager, email="kept")  # a forged choice: the account's address stays
    kept.refresh_from_db()
    assert (kept.account, kept.email) == (cast.usager.account, cast.usager.email)
    second = UsagerFactory(
        territoire=cast.territoire,
        organisations=[cast.organisation],
        with_account=True,
        identity_certified_at=NOW,
        first_name="Inès",
    )
    merge(cast, kept, second, email="absorbed", first_name="kept")
    kept.refresh_from_db()
    assert (kept.account, kept.email, kept.first_name) == (second.account, second.email, "Inès")
    assert kept.identity_certified_at == NOW
    child, head = person(cast, responsable=kept), person(cast)
    proche = person(cast, responsable=head)
    certified = person(cast, identity_certified_at=NOW, first_name="Luc")
    refused = (
        (kept, child, {}),
        (kept, certified, {}),
        (kept, kept, {}),
        (kept, proche, {"responsable": "absorbed"}),
        (kept, stranger(cast), {}),
    )
    for left, right, choices in refused:
        with pytest.raises(UsagerRefused):
            merge(cast, left, right, **choices)
    other = person(cast)
    with pytest.raises(UsagerRefused):
        merge(cast, head, other, who="elsewhere")
    assert not Usager.objects.filter(pk__in=(child.pk, certified.pk), merged_into=kept).exists()
