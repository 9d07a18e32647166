"""The facts that an export writes, read a page at a time (H01). No object of the ORM is built.

The keys of the rows are read first, once, by the query of the list: the file holds these rows,
no others, whatever is booked while it is made. Each page then asks the policy again.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from agents.models import Agent
from agents.permissions import Permission
from motifs.models import LocationType
from notifications.models import OutboxMessage, State
from planning.models import Action, AgentRdv, Outcome, Participation, RdvEvent, WaitingListOffer
from planning.policies import rdvs_for
from planning.queries.rdv_filter import filtered_rdvs
from planning.rules import export as rule
from usagers.models import Usager
from usagers.rules.names import full_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from agents.permissions import Actor
    from planning.queries.rdv_filter import RdvFilter

KEYS_AT_ONCE = 10_000
AGENT, USAGER, PRESCRIPTEUR, WAITING_LIST = "agent", "usager", "prescripteur", "waiting_list"
_PLACES = {
    LocationType.TELEPHONE.value: "Par téléphone",
    LocationType.DOMICILE.value: "À domicile",
    LocationType.VISIO.value: "En visioconférence",
}


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """`city`, `post_code`: those of the responsable of a proche. `told`: see `notified`."""

    participation_id: int
    name: str
    status: str
    birth_date: date | None
    city: str
    post_code: str
    author: str
    author_kind: str
    told: bool | None


@dataclass(frozen=True, slots=True)
class RdvFacts:
    """`origin`: AGENT, USAGER, PRESCRIPTEUR, WAITING_LIST, or "" when nobody wrote it down.

    `author` is None once it is too old to be said. `told`: True when usagers were told, False when
    one message at least failed, None when there was none.
    """

    uuid: UUID
    created_at: datetime
    starts_at: datetime
    status: str
    service: str
    motif: str
    context: str
    place: str
    organisation: str
    agents: tuple[str, ...]
    emails: tuple[str, ...]
    people: tuple[PersonFacts, ...]
    origin: str
    author: str | None
    told: bool | None


def rdv_keys(actor: Actor | None, wanted: RdvFilter, *, now: datetime) -> array[int]:
    """Return the keys of the RDVs, the latest start first (admin-integrations §7.2)."""
    rows = filtered_rdvs(actor, wanted, now=now).order_by("-starts_at", "-pk")
    return _keys(rows.values_list("pk", flat=True))


def participation_keys(actor: Actor | None, wanted: RdvFilter, *, now: datetime) -> array[int]:
    """Return the keys of the participations, the newest first (§7.3)."""
    return _keys(_participations(actor, wanted, now).order_by("-pk").values_list("pk", flat=True))


def count_rows(kind: str, actor: Actor | None, wanted: RdvFilter, *, now: datetime) -> int:
    """Return how many rows the file would have now."""
    if kind == rule.PARTICIPATIONS:
        return _participations(actor, wanted, now).count()
    return filtered_rdvs(actor, wanted, now=now).order_by().count()


def _participations(
    actor: Actor | None, wanted: RdvFilter, now: datetime
) -> QuerySet[Participation]:
    rdvs = filtered_rdvs(actor, wanted, now=now).order_by()
    rows = Participation.objects.filter(rdv__in=rdvs.values("pk"))
    return rows if wanted.usager_id is None else rows.filter(usager=wanted.usager_id)


def _keys(rows: QuerySet[Any]) -> array[int]:
    """Read them with a cursor of the server: eight bytes a row, however many."""
    with transaction.atomic():  # where a cursor lives, with PgBouncer too
        return array("q", rows.iterator(chunk_size=KEYS_AT_ONCE))


def usager_after_merge(usager_id: int | None) -> int | None:
    """Return the fiche that took over the one of a filter, or itself (F03)."""
    while usager_id is not None:
        merged_into = Usager.objects.values_list("merged_into", flat=True).filter(pk=usager_id)
        following = merged_into.first()
        if following is None:
            break
        usager_id = following
    return usager_id


def rdvs_of_page(actor: Actor | None, keys: Sequence[int], *, now: datetime) -> list[RdvFacts]:
    """Return the RDVs of these keys that `actor` may still read, in the order of the keys."""
    found = _facts(actor, keys, now)
    return [found[key] for key in keys if key in found]


def participations_of_page(
    actor: Actor | None, keys: Sequence[int], *, now: datetime
) -> list[tuple[RdvFacts, PersonFacts]]:
    """The same, of participations: each with its RDV."""
    pairs = Participation.objects.filter(pk__in=keys).values_list("pk", "rdv")
    rdv_of = dict(pairs)
    found = _facts(actor, sorted(set(rdv_of.values())), now)
    return [
        (rdv, person)
        for key in keys
        if (rdv := found.get(rdv_of.get(key, 0))) is not None
        for person in rdv.people
        if person.participation_id == key
    ]


_COLUMNS = (
    "pk",
    "uuid",
    "created_at",
    "starts_at",
    "status",
    "context",
    "motif__name",
    "motif__service__name",
    "motif__location_type",
    "lieu__name",
    "lieu__address",
    "organisation__name",
)


def _facts(actor: Actor | None, keys: Sequence[int], now: datetime) -> dict[int, RdvFacts]:
    """Return the facts by key of RDV, in seven statements whatever their number."""
    rows = rdvs_for(actor, Permission.RDV_READ).filter(pk__in=keys)
    rdvs = list(rows.order_by().values(*_COLUMNS))
    read = [row["pk"] for row in rdvs]
    told = _told(read)
    people = _people(read, told)
    agents = _agents(read)
    events = _events(read)
    accepted = WaitingListOffer.objects.filter(rdv__in=read, outcome=Outcome.ACCEPTED)
    from_list = set(accepted.values_list("rdv", flat=True))
    facts = {}
    for row in rdvs:
        key = row["pk"]
        kind, author = events.get(key) or _first_author(people.get(key, ()))
        is_old = row["created_at"] <= now - rule.AUTHOR_KEPT
        mine = agents.get(key, ())
        facts[key] = RdvFacts(
            uuid=row["uuid"],
            created_at=row["created_at"],
            starts_at=row["starts_at"],
            status=row["status"],
            service=row["motif__service__name"],
            motif=row["motif__name"],
            context=row["context"],
            place=_place(row),
            organisation=row["organisation__name"],
            agents=tuple(agent.full_name for agent in mine),
            emails=tuple(agent.email for agent in mine if agent.email),
            people=tuple(people.get(key, ())),
            origin=WAITING_LIST if key in from_list else kind,
            author=None if is_old else author,
            told=_all_told(person.told for person in people.get(key, ())),
        )
    return facts


def _place(row: dict[str, Any]) -> str:
    """Return the lieu and its address, or the kind of RDV: never the address of an usager."""
    where = _PLACES.get(row["motif__location_type"])
    if where is not None:
        return where
    return f"{row['lieu__name']} ({row['lieu__address']})" if row["lieu__name"] else ""


def _agents(rdv_ids: list[int]) -> dict[int, list[Agent]]:
    rows = AgentRdv.objects.filter(rdv__in=rdv_ids).order_by("agent__sort_key", "pk")
    pairs = list(rows.values_list("rdv", "agent"))
    agents = Agent.objects.select_related("account").in_bulk({agent for _, agent in pairs})
    found: dict[int, list[Agent]] = {}
    for rdv, agent in pairs:
        found.setdefault(rdv, []).append(agents[agent])
    return found


def _events(rdv_ids: list[int]) -> dict[int, tuple[str, str]]:
    """Return who created each RDV: the kind of author and the name."""
    rows = RdvEvent.objects.filter(rdv__in=rdv_ids, action=Action.CREATED).order_by("-pk")
    return {
        rdv: (kind if kind in {AGENT, USAGER, PRESCRIPTEUR} else "", name)
        for rdv, kind, name in rows.values_list("rdv", "author_kind", "author_name")
    }


def _first_author(people: Sequence[PersonFacts]) -> tuple[str, str]:
    return (people[0].author_kind, people[0].author) if people else ("", "")


def _told(rdv_ids: list[int]) -> dict[tuple[int, int], bool]:
    """Return, by RDV and participation, whether its usager was told; what waits says nothing."""
    rows = OutboxMessage.objects.filter(rdv__in=rdv_ids, participation__isnull=False)
    columns = ("rdv", "participation", "state", "grouped_in__state")
    found: dict[tuple[int, int], bool] = {}
    usual = rows.exclude(kind__endswith="_agent").order_by()
    for rdv, participation, own, whole in usual.values_list(*columns).distinct():
        state = whole or own
        if state in {State.SENT, State.FAILED}:
            pair = (rdv, participation)
            found[pair] = found.get(pair, True) and state == State.SENT
    return found


def _all_told(each: Iterable[bool | None]) -> bool | None:
    known = [one for one in each if one is not None]
    return all(known) if known else None


_FICHE = ("first_name", "last_name", "birth_name", "birth_date")
_HOME = ("city_name", "post_code", "address")


def _people(rdv_ids: list[int], told: dict[tuple[int, int], bool]) -> dict[int, list[PersonFacts]]:
    columns = ["pk", "rdv", "status", "usager", "usager__responsable"]
    columns += [f"usager__{name}" for name in (*_FICHE, *_HOME)]
    columns += [f"usager__responsable__{name}" for name in _HOME]
    authors = ("created_by_agent", "created_by_usager", "prescripteur")
    columns += [f"{author}__{name}" for author in authors for name in ("first_name", "last_name")]
    columns += ["created_by_agent", "created_by_usager", "created_by_agent__account__email"]
    rows = list(Participation.objects.filter(rdv__in=rdv_ids).order_by("pk").values(*columns))
    # A message about two proches is written on the first: it told of both.
    shared: dict[tuple[int, int], list[bool | None]] = {}
    for row in rows:
        shared.setdefault(_reader(row), []).append(told.get((row["rdv"], row["pk"])))
    found: dict[int, list[PersonFacts]] = {}
    for row in rows:
        person = _person(row, told=_all_told(shared[_reader(row)]))
        found.setdefault(row["rdv"], []).append(person)
    return found


def _reader(row: dict[str, Any]) -> tuple[int, int]:
    """Return the RDV and who is told of it for this participant."""
    return row["rdv"], row["usager__responsable"] or row["usager"]


def _person(row: dict[str, Any], *, told: bool | None) -> PersonFacts:
    home = "usager__responsable__" if row["usager__responsable"] else "usager__"
    kind, author = _author(row)
    return PersonFacts(
        participation_id=row["pk"],
        name=full_name(
            row["usager__first_name"], row["usager__last_name"], row["usager__birth_name"]
        ),
        status=row["status"],
        birth_date=row["usager__birth_date"],
        city=row[f"{home}city_name"],
        post_code=rule.post_code_of(row[f"{home}post_code"], row[f"{home}address"]),
        author=author,
        author_kind=kind,
        told=told,
    )


def _author(row: dict[str, Any]) -> tuple[str, str]:
    kind, key = PRESCRIPTEUR, "prescripteur"
    if row["created_by_agent"]:
        kind, key = AGENT, "created_by_agent"
    elif row["created_by_usager"]:
        kind, key = USAGER, "created_by_usager"
    name = f"{row[f'{key}__first_name']} {row[f'{key}__last_name'].upper()}".strip()
    return kind, name or row["created_by_agent__account__email"] or ""
