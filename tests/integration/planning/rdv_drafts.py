"""Drafts of RDVs for the tests of their pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.urls import reverse

from planning.models import RdvDraft
from planning.rules.rdv_draft import DraftContent, content_of

NOW = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)
TEN = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Paris
HALF = timedelta(minutes=30)
STEPS = {
    "motif": "planning:rdv_draft_motif",
    "usagers": "planning:rdv_draft_usagers",
    "usager_new": "planning:rdv_draft_usager_new",
    "details": "planning:rdv_draft_details",
    "confirm": "planning:rdv_draft_confirm",
}


def start(client, cast, **data):
    return client.post(reverse("planning:rdv_new", args=[cast.organisation.uuid]), data)


def the_draft():
    return RdvDraft.objects.latest("pk")


def content():
    return content_of(the_draft().content)


def url(step, cast, draft=None):
    return reverse(STEPS[step], args=[cast.organisation.uuid, (draft or the_draft()).uuid])


def full(cast, **changes):
    values = {
        "motif": cast.motif.pk,
        "usagers": (cast.usager.pk,),
        "agents": (cast.owner.pk,),
        "starts_at": TEN,
        "ends_at": TEN + HALF,
        "lieu": cast.lieu.pk,
    }
    return RdvDraft.objects.create(
        agent=cast.owner,
        organisation=cast.organisation,
        content=DraftContent(**values | changes).to_json(),
        created_at=NOW,
        updated_at=NOW,
    )


def confirm(client, cast, draft=None, **data):
    """Post the last page as it was shown."""
    address = url("confirm", cast, draft)
    shown = client.get(address)
    usager_uuids = [row.person.usager.uuid for row in shown.context["people"]]
    ticked = {f"changes_{u}": "on" for u in usager_uuids}
    ticked |= {f"reminder_{u}": "on" for u in usager_uuids}
    return client.post(
        address, {"warnings": shown.context["fingerprint"], **ticked, **data}, follow=False
    )
