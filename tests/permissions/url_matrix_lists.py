"""The lines of the matrix for the lists of RDVs, the reception desk, the workshops,
the RDVs under preparation and the actions on many RDVs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from planning.models import RdvBulk, RdvDraft
from planning.rules.rdv_draft import DraftContent
from tests.factories import MotifFactory, RdvFactory
from tests.factories.planning import NOW
from tests.permissions.url_matrix import BROAD, OF_ORGANISATION, Row, of_organisation

if TYPE_CHECKING:
    from tests.cast import Cast


def the_workshop(cast: Cast) -> list[Any]:
    """A workshop of the cast's service, in the owner's agenda, with free seats."""
    motif = MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    rdv = RdvFactory(
        motif=motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        starts_at=datetime(2027, 1, 12, 13, tzinfo=UTC),
        seats_total=5,
    )
    return [rdv.uuid]


def workshop_data(cast: Cast) -> dict[str, Any]:
    motif = MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    return {
        "motif": motif.uuid,
        "day": "2027-01-12",
        "start": "14:00",
        "duration": "60",
        "agents": [cast.owner.uuid],
        "lieu": cast.lieu.uuid,
    }


def owner_draft(cast: Cast) -> list[Any]:
    """A RDV that `owner` is preparing, complete."""
    content = DraftContent(
        motif=cast.motif.pk,
        usagers=(cast.usager.pk,),
        agents=(cast.owner.pk,),
        starts_at=NOW + timedelta(days=1),
        ends_at=NOW + timedelta(days=1, hours=1),
        lieu=cast.lieu.pk,
    )
    draft = RdvDraft.objects.create(
        agent=cast.owner,
        organisation=cast.organisation,
        content=content.to_json(),
        created_at=NOW,
        updated_at=NOW,
    )
    return [cast.organisation.uuid, draft.uuid]


def the_bulk(cast: Cast) -> list[Any]:
    bulk = RdvBulk.objects.create(agent=cast.owner, organisation=cast.organisation, created_at=NOW)
    return [cast.organisation.uuid, bulk.uuid]


MATRIX: dict[str, Row] = {
    # A RDV under preparation is its author's alone, whatever the role of the others.
    "planning:rdv_new": Row(args=of_organisation, post={302: OF_ORGANISATION}),
    "planning:rdv_draft_motif": Row(
        args=owner_draft,
        get={200: "owner"},
        post={302: "owner"},
        data=lambda cast: {"motif": cast.motif.uuid},
    ),
    "planning:rdv_draft_usagers": Row(
        args=owner_draft,
        get={200: "owner"},
        post={200: "owner"},
        data=lambda cast: {"q": cast.usager.last_name},
    ),
    "planning:rdv_draft_usager_new": Row(args=owner_draft, get={200: "owner"}, post={422: "owner"}),
    "planning:rdv_draft_details": Row(args=owner_draft, get={200: "owner"}, post={422: "owner"}),
    "planning:rdv_draft_confirm": Row(args=owner_draft, get={200: "owner"}, post={302: "owner"}),
    "planning:rdv_list": Row(
        args=of_organisation, get={200: OF_ORGANISATION}, post={200: OF_ORGANISATION}
    ),
    "planning:rdv_list_print": Row(args=of_organisation, get={200: OF_ORGANISATION}),
    # The whole day of a lieu: secretariat and admins.
    "planning:reception": Row(
        args=of_organisation,
        get={
            200: "secretary admin territoire_admin",
            403: "owner same_service other_service",
        },
    ),
    "planning:rdv_collectif_list": Row(args=of_organisation, get={200: OF_ORGANISATION}),
    "planning:rdv_collectif_create": Row(
        args=of_organisation,
        get={200: OF_ORGANISATION},
        # The motif is of the social service.
        post={302: BROAD, 422: "other_service"},
        data=workshop_data,
    ),
    "planning:rdv_collectif_detail": Row(args=the_workshop, get={200: BROAD}, post={200: BROAD}),
    "planning:rdv_collectif_edit": Row(
        args=the_workshop, get={200: BROAD}, post={302: BROAD}, data=workshop_data
    ),
    "planning:rdv_collectif_register": Row(
        args=the_workshop, post={302: BROAD}, data=lambda cast: {"usager": cast.usager.uuid}
    ),
    "planning:rdv_collectif_usager_new": Row(
        args=the_workshop, get={200: BROAD}, post={422: BROAD}
    ),
    "planning:indisponibilite_group": Row(args=of_organisation, get={200: OF_ORGANISATION}),
    "planning:rdv_bulk": Row(args=of_organisation, get={200: OF_ORGANISATION}),
    # Without criteria: nothing is chosen.
    "planning:rdv_bulk_preview": Row(args=of_organisation, post={422: OF_ORGANISATION}),
    # Its author alone.
    "planning:rdv_bulk_result": Row(args=the_bulk, get={200: "owner"}, post={302: "owner"}),
}
