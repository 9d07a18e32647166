"""Every URL × every member of the cast × method -> expected status (G01). A literal table.

Each area adds its lines. `get` / `post` map a status to the people who receive it; whoever is not
named receives 404 when signed in, and 302 (to the sign-in page) when not. A method that is not
given must answer 405 (or 404/403 before) to the person named first: see test_urls.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.cast import Cast

ANONYMOUS = ("token", "nobody")
AGENTS = (
    "owner same_service other_service secretary admin elsewhere admin_elsewhere "
    "territoire_admin stranger"
)
USAGERS = "usager other_usager"
EVERYBODY = f"{AGENTS} {USAGERS} token nobody"
# Who may see the agenda, the RDV, the plages of `owner`.
BROAD = "owner same_service secretary admin territoire_admin"
OF_ORGANISATION = "owner same_service other_service secretary admin territoire_admin"
ADMINS = "admin territoire_admin"


@dataclass(frozen=True)
class Row:
    """`args` gives the URL's arguments from the cast; `data` what a POST sends."""

    args: Callable[[Cast], list[Any]] = field(default=lambda _: [])
    get: dict[int, str] | None = None
    post: dict[int, str] | None = None
    data: Callable[[Cast], dict[str, Any]] = field(default=lambda _: {})


def owner_agenda(cast: Cast) -> list[Any]:
    return [cast.organisation.uuid, cast.owner.uuid]


MATRIX: dict[str, Row] = {
    "home": Row(get={200: EVERYBODY}),
    "account_login": Row(get={302: f"{AGENTS} {USAGERS}", 200: "token nobody"}),
    "account_logout": Row(post={302: EVERYBODY}),
    "agents:home": Row(get={302: AGENTS, 403: USAGERS}),
    "planning:agenda": Row(args=lambda cast: [cast.organisation.uuid], get={200: OF_ORGANISATION}),
    "planning:agenda_of": Row(args=owner_agenda, get={200: BROAD}),
    "planning:agenda_feed": Row(args=owner_agenda, get={200: BROAD}),
    "planning:rdv_detail": Row(args=lambda cast: [cast.rdv.uuid], get={200: BROAD}),
    "planning:rdv_cancel": Row(
        args=lambda cast: [cast.rdv.uuid], get={200: BROAD}, post={302: BROAD}
    ),
    # Messages are read in the browser in development only (settings.DEMO_OUTBOX).
    "notifications:message_list": Row(get={404: EVERYBODY}),
    "notifications:message_detail": Row(args=lambda _: [UUID(int=0)], get={404: EVERYBODY}),
    "notifications:message_part": Row(args=lambda _: [UUID(int=0), "page"], get={404: EVERYBODY}),
}
