"""The way to the forms that a browser reaches only after others: each is walked once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.urls import reverse

from notifications.models import OutboxMessage
from planning.services.waiting_list_offer import offer_waiting_list
from tests.factories import (
    LieuFactory,
    MotifFactory,
    PlageOuvertureFactory,
    RdvFactory,
    SectorFactory,
    UsagerFactory,
)
from tests.factories.planning import NOW
from tests.integration.planning.waiting_world import WaitingWorld, link
from tests.integration.usagers.journey import (
    IDENTITY,
    NINE,
    World,
    build_world,
    link_of,
    type_identity,
)
from usagers.models import PendingIdentity
from usagers.queries.pending_identity import SESSION_PENDING
from usagers.services.access_token_issue import issue_access_token
from usagers.services.franceconnect_link import send_franceconnect_link

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast

Prepared = tuple[str, dict[str, Any]]
PARTNER = {
    "first_name": "Inès",
    "last_name": "Valmont",
    "email": "ines@cias.example",
    "phone_number": "01 99 00 12 34",
}
PERSON = {"last_name": "Costa", "first_name": "Nadia", "phone_number": "06 11 22 33 44"}


def digits() -> str:
    message = OutboxMessage.objects.filter(kind="contact_code").latest("pk")
    return re.findall(r"\b\d{6}\b", message.body)[0]


# A visitor of the public site.


def everything_asked(**motif: Any) -> World:
    """A motif that asks all it can."""
    return build_world(**{"asks_needs": True, "max_persons": 3, **motif})


def identity(_client: Any, _cast: Cast) -> Prepared:
    return everything_asked().identity_url(), dict(IDENTITY)


def address(client: Any, _cast: Cast) -> Prepared:
    type_identity(client, build_world())
    return reverse("usagers:booking_address"), {"email": "autre@exemple.fr"}


def resend(client: Any, _cast: Cast) -> Prepared:
    type_identity(client, build_world())
    return reverse("usagers:booking_resend"), {}


def confirm(client: Any, _cast: Cast) -> Prepared:
    type_identity(client, build_world())
    return link_of(), {}


def one_click(client: Any, cast: Cast) -> Prepared:
    """Somebody who is signed in, with a relative whose name may be corrected."""
    client.force_login(cast.usager.account)
    motif = MotifFactory(organisation=cast.organisation, service=cast.social, name="Aide")
    PlageOuvertureFactory(agent=cast.same_service, lieu=cast.lieu, motifs=[motif])
    step = reverse("usagers:booking_identity", args=[cast.organisation.slug])
    where = f"service=social&motif=aide-sur_place&lieu={cast.lieu.uuid}"
    return f"{step}?{where}&creneau=2027-01-11T08:00Z", {"book": "1"}


def partner(_client: Any, _cast: Cast) -> Prepared:
    return _partner_url(build_world(), "prescripteur"), dict(PARTNER)


def partner_code(client: Any, _cast: Cast) -> Prepared:
    world = build_world()
    client.post(_partner_url(world, "prescripteur"), PARTNER)
    return _partner_url(world, "code"), {"code": digits()}


def beneficiary(client: Any, _cast: Cast) -> Prepared:
    world = everything_asked(max_persons=1)
    client.post(_partner_url(world, "prescripteur"), PARTNER)
    client.post(_partner_url(world, "code"), {"code": digits()})
    return _partner_url(world, "beneficiaire"), dict(PERSON)


def _partner_url(world: World, step: str) -> str:
    return world.url(step, creneau="2027-01-11T08:00Z", prescripteur="1")


def sector(_client: Any, _cast: Cast) -> Prepared:
    world = build_world(sectorisation_level="organisation")
    territoire = world.organisation.territoire
    cities = {"62041": "Arras"}
    SectorFactory(territoire=territoire, cities=cities, organisations=[world.organisation])
    return world.url("sector", lieu=""), {"commune": "62041"}


# The waiting list.


def waiting(_client: Any, _cast: Cast) -> Prepared:
    return _full().url("waiting"), {"email": "ana@exemple.fr"}


def waiting_code(client: Any, _cast: Cast) -> Prepared:
    client.post(_full().url("waiting"), {"email": "ana@exemple.fr"})
    return reverse("usagers:waiting_list_code"), {"code": digits()}


def _full() -> World:
    world = build_world(has_waiting_list=True)
    RdvFactory(
        motif=world.motif,
        lieu=world.lieu,
        agents=[world.plage.agent],
        usagers=[UsagerFactory(territoire=world.organisation.territoire)],
        starts_at=NINE,
        ends_at=NINE + timedelta(hours=3),
    )
    return world


def offer(_client: Any, _cast: Cast) -> Prepared:
    world = WaitingWorld(name="Premier accueil", has_waiting_list=True)
    world.wait(at=NOW)
    world.free(0, now=NOW)
    offer_waiting_list(now=NOW)
    return link(), {"answer": "yes"}


def leave_list(client: Any, cast: Cast) -> Prepared:
    client.post(*waiting_code(client, cast))
    return link("waiting_list_joined"), {}


# The link of a message.


def letters(client: Any, cast: Cast) -> Prepared:
    secret = issue_access_token(
        participation=cast.rdv.participations.get(), recipient=cast.usager, now=NOW
    )
    client.get(f"/r/{secret}/")
    return reverse("usagers:token_letters"), {"letters": cast.usager.last_name[:3]}


def behind_letters(name: str, query: str = "", **data: Any) -> Callable[[Any, Cast], Prepared]:
    def prepare(client: Any, cast: Cast) -> Prepared:
        cast.motif.is_movable_by_usager = True
        cast.motif.save()
        client.post(*letters(client, cast))
        return reverse(name) + query, data

    return prepare


# Codes by e-mail.


def sign_in_code(client: Any, cast: Cast) -> Prepared:
    client.post(reverse("usagers:sign_in"), {"email": cast.usager.email})
    return reverse("usagers:sign_in_code"), {"code": digits()}


def new_address_code(client: Any, cast: Cast) -> Prepared:
    client.force_login(cast.usager.account)
    client.post(reverse("usagers:account_address"), {"email": "neuve@exemple.fr"})
    return reverse("usagers:account_address_code"), {"code": digits()}


# FranceConnect brought an identity.


def pending(client: Any, _cast: Cast) -> Prepared:
    session = client.session
    session[SESSION_PENDING] = str(_pending().uuid)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return reverse("usagers:franceconnect_address"), {"email": "angela@exemple.fr"}


def pending_link(_client: Any, _cast: Cast) -> Prepared:
    secrets: list[str] = []

    def url_for(secret: str) -> str:
        secrets.append(secret)
        return f"https://exemple.fr/{secret}"

    send_franceconnect_link(pending_id=_pending().pk, url_for=url_for, ip="192.0.2.1", now=NOW)
    return reverse("usagers:franceconnect_confirm", args=[secrets[0]]), {}


def _pending() -> PendingIdentity:
    known = {"first_name": "Angela", "birth_name": "DUBOIS", "last_name": ""}
    return PendingIdentity.objects.create(
        sub=uuid4().hex,
        identity={**known, "birth_date": "1962-08-24"},
        email="angela@exemple.fr",
        created_at=NOW,
    )


# An agent who sends somebody to another organisation.


def elsewhere(step: str, **data: Any) -> Callable[[Any, Cast], Prepared]:
    def prepare(client: Any, cast: Cast) -> Prepared:
        client.force_login(cast.owner.account)
        there = cast.elsewhere_organisation
        motif = MotifFactory(organisation=there, service=cast.social, booking_level="prescripteurs")
        lieu = LieuFactory(organisation=there)
        PlageOuvertureFactory(agent=cast.elsewhere, lieu=lieu, motifs=[motif])
        where = f"chez={motif.uuid}&lieu={lieu.uuid}&creneau=2027-01-11T08:00Z"
        who = f"&usager={cast.usager.uuid}" if step == "confirm" else ""
        url = reverse(f"planning:prescription_{step}", args=[cast.organisation.uuid])
        found = {"ajouter": str(cast.usager.uuid)} if step == "usager" else {}
        return f"{url}?{where}{who}", {**found, **data}

    return prepare


JOURNEYS: dict[str, Callable[[Any, Cast], Prepared]] = {
    "usagers:booking_identity": identity,
    "usagers:booking_address": address,
    "usagers:booking_resend": resend,
    "usagers:booking_confirm": confirm,
    "usagers:booking_prescripteur": partner,
    "usagers:booking_code": partner_code,
    "usagers:booking_beneficiaire": beneficiary,
    "usagers:booking_sector": sector,
    "usagers:booking_waiting": waiting,
    "usagers:waiting_list_code": waiting_code,
    "usagers:waiting_list_offer": offer,
    "usagers:waiting_list_remove": leave_list,
    "usagers:token_letters": letters,
    "usagers:token_cancel": behind_letters("usagers:token_cancel"),
    "usagers:token_move_confirm": behind_letters(
        "usagers:token_move_confirm", "?creneau=2027-01-11T10:00Z"
    ),
    "usagers:token_waiting_list": behind_letters("usagers:token_waiting_list", waiting="on"),
    "usagers:sign_in_code": sign_in_code,
    "usagers:account_address_code": new_address_code,
    "usagers:franceconnect_address": pending,
    "usagers:franceconnect_confirm": pending_link,
    "planning:prescription_usager": elsewhere("usager"),
    "planning:prescription_usager_new": elsewhere(
        "usager_new", last_name="Zola", first_name="Léa", kind="responsable"
    ),
    "planning:prescription_confirm": elsewhere("confirm"),
}
