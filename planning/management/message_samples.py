"""An imaginary RDV, never saved, told in every way (docs/messages.md). Nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from agents.models import Agent, Organisation, Service, Territoire
from motifs.models import Lieu, Motif
from notifications.messages import (
    arrival,
    contact_code,
    letters,
    prescription,
    rdvs,
    sms_trial,
    waiting_list,
)
from notifications.messages import rdv as texts
from notifications.messages.facts import Before
from notifications.messages.participation import ADDED_AGENT
from notifications.messages.participation import CANCELLED_AGENT as LEFT_AGENT
from notifications.messages.recipients import Author
from planning.models import Participation, Rdv, WaitingListOffer
from rdv.accounts.models import Account
from usagers.models import ContactCode, Usager

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notifications.ics import Method
    from notifications.models import OutboxMessage

NOW = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
START = datetime(2027, 1, 12, 9, 30, tzinfo=UTC)
SITE = "https://rdv.example.fr"
UNIQUE = UUID("11111111-2222-4333-8444-555555555555")
AGENT = Author(agent_id=2, name="Dominique PETIT")
USAGER = Author(is_usager=True)


@dataclass(frozen=True)
class Variant:
    """One way of saying something: the words of its heading, and the messages of one person."""

    name: str
    messages: Sequence[OutboxMessage]


@dataclass
class World:
    """The people and places; `motif` and `rdv` change what the RDV is."""

    territoire: Territoire = field(
        default_factory=lambda: Territoire(pk=1, name="Pas-de-Calais", slug="pas-de-calais")
    )
    language: str = "fr"

    def __post_init__(self) -> None:
        self.organisation = Organisation(
            pk=1,
            territoire=self.territoire,
            name="MDS d’Arras",
            slug="mds-arras",
            phone_number="+33321000000",
            email="mds-arras@example.fr",
        )
        self.lieu = Lieu(
            pk=1,
            organisation=self.organisation,
            name="Antenne des Baudimont",
            address="1 rue de la Paix, 62000 Arras",
        )
        self.other_lieu = Lieu(
            pk=2,
            organisation=self.organisation,
            name="Mairie",
            address="2 place Haute, 62000 Arras",
        )
        self.agent = Agent(
            pk=1,
            first_name="Camille",
            last_name="Durand",
            account=Account(pk=1, email="camille@example.fr"),
            rdv_notifications="all",
        )
        self.lea = self.usager(1, "Léa")
        self.zoe = self.usager(2, "Zoé", responsable=self.lea)

    def usager(self, pk: int, first_name: str, responsable: Usager | None = None) -> Usager:
        return Usager(
            pk=pk,
            territoire=self.territoire,
            first_name=first_name,
            last_name="Martin",
            email=None if responsable else "lea@exemple.fr",
            phone_number="" if responsable else "+33612345678",
            address="7 rue Haute, 62000 Arras",
            responsable=responsable,
            language=self.language,
        )

    def rdv(self, location_type: str = "sur_place", **motif: object) -> Rdv:
        kind = Motif(
            pk=1,
            organisation=self.organisation,
            service=Service(pk=1, name="Service social", code="social"),
            name="Premier accueil",
            location_type=location_type,
            booking_level="usagers",
            instructions="Apportez une pièce d’identité.",
        )
        for name, value in motif.items():
            setattr(kind, name, value)
        return Rdv(
            pk=1,
            uuid=UNIQUE,
            organisation=self.organisation,
            motif=kind,
            lieu=self.lieu if location_type == "sur_place" else None,
            title="Budget familial" if kind.is_collective else "",
            starts_at=START,
            ends_at=START + timedelta(minutes=30),
            created_at=NOW,
        )


def participation(row: Rdv, usager: Usager, status: str = "unknown") -> Participation:
    return Participation(pk=usager.pk, rdv=row, usager=usager, status=status)


def occasion(row: Rdv, author: Author = AGENT, note: str = "") -> texts.Occasion:
    """Return what the services would pass, with the links of an imaginary site."""
    follow_up = row.motif.is_follow_up
    room = f"https://webconf.example.fr/RdvServicePublic{row.uuid.hex}"
    return texts.Occasion(
        rdv=row,
        author=author,
        links=texts.Links(
            personal=lambda _participation, _person: f"{SITE}/r/aBcDeFgHiJkL/",
            rdv=f"{SITE}/rdv/{row.uuid}/",
            booking=f"{SITE}/rendez-vous/mds-arras/" if row.motif.is_open_online else "",
            visio=room if row.motif.location_type == "visio" else "",
        ),
        now=NOW,
        gathering=texts.Gathering(note=note),
        referents=("C. DURAND",) if follow_up else (),
    )


def rdvs_of(world: World) -> Iterator[tuple[str, Rdv, list[Participation]]]:
    """Yield each kind of RDV: its name, the RDV, and who is told for whom."""
    lea = [world.lea]
    for name, row, people in (
        ("sur place", world.rdv(), lea),
        ("par téléphone", world.rdv("telephone"), lea),
        ("en visioconférence", world.rdv("visio"), lea),
        ("à domicile", world.rdv("domicile"), lea),
        ("pour un proche", world.rdv(), [world.zoe]),
        ("pour soi et un proche", world.rdv(), [world.lea, world.zoe]),
        ("collectif", world.rdv(is_collective=True), lea),
        ("suivi", world.rdv(is_follow_up=True), lea),
        ("non annulable en ligne", world.rdv(is_cancellable_by_usager=False), lea),
    ):
        yield name, row, [participation(row, usager) for usager in people]


def created(world: World) -> Iterator[Variant]:
    for name, row, people in rdvs_of(world):
        for _recipient, messages in texts.confirmations(occasion(row), people):
            yield Variant(name, messages)


def reminded(world: World) -> Iterator[Variant]:
    for name, row, people in rdvs_of(world):
        yield _said(name, texts.reminders(occasion(row), people))


def changed(world: World) -> Iterator[Variant]:
    for name, row, people in rdvs_of(world):
        yield _said(f"date, {name}", texts.changes(occasion(row), _a_day_before(row), people))
    row = world.rdv()
    people = [participation(row, world.lea)]
    before = Before(row.starts_at, row.ends_at - timedelta(minutes=15), world.other_lieu)
    yield _said(
        "durée et lieu, avec un mot de l’auteur",
        texts.changes(occasion(row, note="Nos bureaux déménagent."), before, people),
    )
    moved = texts.changes(occasion(row, USAGER), _a_day_before(row), people)
    yield _said("déplacé par l’usager", moved)
    people = [participation(row, world.zoe)]
    moved = texts.changes(occasion(row, USAGER), _a_day_before(row), people)
    yield _said("déplacé par l’usager, pour un proche", moved)


def cancelled(world: World) -> Iterator[Variant]:
    for name, row, people in rdvs_of(world):
        yield _said(f"par le service, {name}", texts.cancellations(occasion(row), people))
    row = world.rdv(booking_level="agents")
    said = texts.cancellations(occasion(row, note="Agent absent."), [participation(row, world.lea)])
    yield _said("par le service, non réservable en ligne, avec un mot de l’auteur", said)
    row = world.rdv()
    excused = [participation(row, world.lea, "excused")]
    yield _said("par l’usager", texts.cancellations(occasion(row, USAGER), excused))
    yield _said(
        "par le service, à la demande de l’usager", texts.cancellations(occasion(row), excused)
    )
    excused = [participation(row, world.zoe, "excused")]
    yield _said("par l’usager, pour un proche", texts.cancellations(occasion(row, USAGER), excused))


def several(world: World) -> Iterator[Variant]:
    """Two RDVs in one act: both cancelled, both moved, one of each."""
    first, second = world.rdv(), world.rdv("telephone")
    second.pk, second.uuid = 2, UUID(int=UNIQUE.int + 1)
    second.starts_at, second.ends_at = START + timedelta(days=2), START + timedelta(days=2, hours=1)
    lea = {row: [participation(row, world.lea)] for row in (first, second)}

    def cancel(row: Rdv) -> list[texts.Said]:
        return list(texts.cancellations(occasion(row), lea[row]))

    def change(row: Rdv) -> list[texts.Said]:
        return list(texts.changes(occasion(row), _a_day_before(row), lea[row]))

    for name, said in (
        ("tous annulés", cancel(first) + cancel(second)),
        ("tous modifiés", change(first) + change(second)),
        ("modifiés et annulés", change(first) + cancel(second)),
    ):
        yield Variant(name, [rdvs.grouped(theirs) for theirs in rdvs.by_person_and_channel(said)])


def to_agents(world: World) -> Iterator[Variant]:
    row = world.rdv()
    changes: dict[str, object] = {"changes": texts.facts.changes_of(row, _a_day_before(row))}
    acts: list[tuple[str, str, Method | None, dict[str, object]]] = [
        ("créé", texts.CREATED_AGENT, "REQUEST", {}),
        ("modifié", texts.CHANGED_AGENT, "REQUEST", changes),
        ("retiré", texts.REMOVED_AGENT, "CANCEL", {}),
        ("annulé", texts.CANCELLED_AGENT, "CANCEL", {}),
        ("participation annulée", LEFT_AGENT, None, {}),
        ("nouvelle participation", ADDED_AGENT, None, {"people": "Léa MARTIN"}),
    ]
    authors = [("par un agent", AGENT), ("par l’usager", USAGER), ("par d’autres", Author())]
    for name, kind, method, extra in acts:
        for who, author in authors:
            about = occasion(row, author)
            told = letters.to_agents(about, [world.agent], kind, method=method, extra=extra)
            yield Variant(f"{name} {who}", list(told))
    home = occasion(world.rdv("domicile"))
    told = letters.to_agents(home, [world.agent], texts.CREATED_AGENT, method="REQUEST")
    yield Variant("créé, à domicile", list(told))


def arriving(world: World) -> Iterator[Variant]:
    row = world.rdv()
    told = arrival.letters(occasion(row), participation(row, world.lea), [world.agent])
    yield Variant("", list(told))


def trying(world: World) -> Iterator[Variant]:
    message = sms_trial.letter(phone="+33612345678", organisation=world.organisation, now=NOW)
    yield Variant("", [message])


def prescribed(world: World) -> Iterator[Variant]:
    for name, is_told in (("usager prévenu", True), ("usager sans e-mail ni mobile", False)):
        done = prescription.Prescribed(
            world.rdv(), "Léa Martin", "pia@exemple.fr", "Pia", is_told=is_told
        )
        message = prescription.letter(done, now=NOW)
        yield Variant(name, [message])


def coded(_world: World) -> Iterator[Variant]:
    ends = {"created_at": NOW, "expires_at": NOW + timedelta(minutes=15)}
    rows = [
        ContactCode(email="pia@exemple.fr", **ends),
        ContactCode(phone_number="+33639981234", **ends),
    ]
    yield Variant("", [contact_code.letter(row, digits="123456") for row in rows])


def waiting(world: World) -> Iterator[Variant]:
    link = f"{SITE}/l/aBcDeFgHiJkLmNoPqRsT/"
    by_mail = waiting_list.Address("lea@exemple.fr", "", world.language)
    by_sms = replace(by_mail, email="", phone="+33612345678")
    rdv = world.rdv()
    anywhere = world.rdv()
    anywhere.lieu = None
    for name, row in (("inscription à un lieu", rdv), ("inscription à tous les lieux", anywhere)):
        said = [waiting_list.joined(to, row, url=link, occurrence="1") for to in (by_mail, by_sms)]
        yield Variant(name, [message for messages in said for message in messages])
    offer = WaitingListOffer(uuid=UNIQUE, expires_at=NOW + timedelta(hours=2))
    for name, moves in (("créneau proposé", False), ("date plus proche", True)):
        said = [
            waiting_list.offered(to, rdv, offer=offer, moves=moves, url=link)
            for to in (by_mail, by_sms)
        ]
        yield Variant(name, [message for messages in said for message in messages])


def _said(name: str, said: Iterator[texts.Said]) -> Variant:
    return Variant(name, [each.message for each in said])


def _a_day_before(row: Rdv) -> Before:
    return replace(
        Before.of(row),
        starts_at=row.starts_at - timedelta(days=1),
        ends_at=row.ends_at - timedelta(days=1),
    )
