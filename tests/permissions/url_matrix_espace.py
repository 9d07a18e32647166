"""The lines of the matrix for the sign-in of the usagers, their space and their account.

Fiches and RDVs are one's family's: an agent, admin or not, finds nothing there, and no more does
another usager of the territoire. A link opens nothing of the account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.factories import UsagerFactory
from tests.permissions.url_matrix import AGENTS, EVERYBODY, USAGERS, Row, the_rdv

if TYPE_CHECKING:
    from tests.cast import Cast

NOT_SIGNED_IN_HERE = f"{AGENTS} token nobody"


def own_fiche(cast: Cast) -> list[Any]:
    return [cast.usager.uuid]


def a_proche(cast: Cast) -> list[Any]:
    return [UsagerFactory(territoire=cast.territoire, responsable=cast.usager).uuid]


def names(_: Cast) -> dict[str, Any]:
    return {"first_name": "Zoé", "last_name": "Martin"}


def an_address(_: Cast) -> dict[str, Any]:
    """Another each time: codes for one address are counted."""
    return {"email": f"{uuid4().hex}@exemple.fr"}


def a_proche_who_comes(cast: Cast) -> dict[str, Any]:
    proche = UsagerFactory(territoire=cast.territoire, responsable=cast.usager)
    return {"person": proche.uuid}


MATRIX: dict[str, Row] = {
    "usagers:sign_in": Row(
        get={200: NOT_SIGNED_IN_HERE, 302: USAGERS}, post={302: EVERYBODY}, data=an_address
    ),
    # Nobody here was sent a code.
    "usagers:sign_in_code": Row(get={302: EVERYBODY}, post={302: EVERYBODY}),
    "account_usager_login": Row(
        # allauth sends whoever is signed in, agents too, to the public side.
        get={200: "token nobody", 302: f"{AGENTS} {USAGERS}"},
        post={422: "token nobody", 302: f"{AGENTS} {USAGERS}"},
    ),
    "usagers:finish": Row(post={302: EVERYBODY}),
    "usagers:finished": Row(get={200: EVERYBODY}),
    "usagers:rdv_move": Row(args=the_rdv, get={200: "usager"}),
    # Without a créneau: back to the list.
    "usagers:rdv_move_confirm": Row(args=the_rdv, get={302: "usager"}, post={302: "usager"}),
    "usagers:rdv_person": Row(
        args=the_rdv, get={200: "usager"}, post={302: "usager"}, data=a_proche_who_comes
    ),
    "usagers:token_move": Row(get={404: EVERYBODY}),
    "usagers:token_move_confirm": Row(get={404: EVERYBODY}, post={404: EVERYBODY}),
    "usagers:account": Row(get={200: USAGERS}),
    "usagers:account_preferences": Row(
        get={200: USAGERS}, post={302: USAGERS}, data=lambda _: {"language": "fr"}
    ),
    "usagers:account_address": Row(get={200: USAGERS}, post={302: USAGERS}, data=an_address),
    "usagers:account_address_code": Row(get={302: USAGERS}, post={302: USAGERS}),
    "usagers:account_password": Row(get={200: USAGERS}, post={422: USAGERS}),
    "usagers:account_end": Row(get={200: USAGERS}, post={422: USAGERS}),
    "usagers:account_information": Row(
        args=own_fiche, get={200: "usager"}, post={302: "usager"}, data=names
    ),
    "usagers:proche_add": Row(
        args=own_fiche, get={200: "usager"}, post={302: "usager"}, data=names
    ),
    "usagers:proche_edit": Row(
        args=a_proche, get={200: "usager"}, post={302: "usager"}, data=names
    ),
    "usagers:proche_remove": Row(args=a_proche, get={200: "usager"}, post={302: "usager"}),
}
