"""The lines of the matrix for the fiches usagers and the convocation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.factories import UsagerFactory
from tests.permissions.url_matrix import BROAD, OF_ORGANISATION, Row, of_organisation, the_rdv
from usagers.services.usager_edit import version_of

if TYPE_CHECKING:
    from tests.cast import Cast


def the_fiche(cast: Cast) -> list[Any]:
    return [cast.organisation.uuid, cast.usager.uuid]


def a_masked_fiche(cast: Cast) -> list[Any]:
    """Somebody of the territoire whom another organisation knows."""
    return [cast.organisation.uuid, cast.other_usager.uuid]


def a_quiet_fiche(cast: Cast) -> list[Any]:
    """Somebody known there who expects nothing, and has no account."""
    usager = UsagerFactory(territoire=cast.territoire, organisations=[cast.organisation])
    return [cast.organisation.uuid, usager.uuid]


def edited(cast: Cast) -> dict[str, Any]:
    return {
        "last_name": "Nouveau",
        "first_name": cast.usager.first_name,
        "seen": version_of(cast.usager),
    }


MATRIX: dict[str, Row] = {
    "usagers:usager_list": Row(
        args=of_organisation,
        get={200: OF_ORGANISATION},
        post={200: OF_ORGANISATION},
        data=lambda cast: {"q": cast.usager.last_name},
    ),
    "usagers:usager_new": Row(
        args=of_organisation,
        get={200: OF_ORGANISATION},
        post={302: OF_ORGANISATION},
        data=lambda _: {"last_name": "Zola", "first_name": "Léa", "kind": "responsable"},
    ),
    "usagers:usager_merge": Row(
        args=of_organisation,
        get={200: OF_ORGANISATION},
        post={200: OF_ORGANISATION},
        data=lambda cast: {"q": cast.usager.last_name},
    ),
    "usagers:usager_detail": Row(args=the_fiche, get={200: OF_ORGANISATION}),
    "usagers:usager_edit": Row(
        args=the_fiche,
        get={200: OF_ORGANISATION},
        post={302: OF_ORGANISATION},
        data=edited,
    ),
    "usagers:usager_attach": Row(args=a_masked_fiche, post={302: OF_ORGANISATION}),
    # Each names a colleague that they see; the owner is social.
    "usagers:usager_referents": Row(
        args=the_fiche,
        post={302: BROAD},
        data=lambda cast: {"ajouter": cast.owner.uuid},
    ),
    "usagers:usager_invite": Row(args=a_quiet_fiche, post={302: OF_ORGANISATION}),
    # A RDV to come stands there.
    "usagers:usager_remove": Row(
        args=the_fiche,
        get={200: OF_ORGANISATION},
        post={422: OF_ORGANISATION},
        data=lambda _: {"accepts": "1"},
    ),
    "planning:convocation": Row(args=the_rdv, get={200: BROAD}),
}
