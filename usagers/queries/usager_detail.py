"""What the page of a person shows to an agent (F02), in a constant number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Field
from django.utils.translation import gettext as _

from agents.models import AuditEntry
from agents.permissions import Permission
from rdv.common.phones import is_mobile, national
from usagers.models import Rattachement, Usager
from usagers.policies import fiches_of
from usagers.queries.referent_choices import nameable_agents
from usagers.queries.usager_duplicates import sharing_phone
from usagers.rules.fiche_fields import age_text, columns_shown
from usagers.rules.invitation import refusal_to_invite

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from agents.models import Agent, Organisation
    from agents.permissions import Actor
    from usagers.queries.usager_search import FoundUsager


@dataclass(frozen=True)
class Referents:
    """`named`: (agent, whether the actor may end it). `others`: whom the actor may name."""

    named: tuple[tuple[Agent, bool], ...]
    others: tuple[Agent, ...]


@dataclass(frozen=True)
class Fiche:
    """`facts`: (label, value) of what the territoire shows. `channels` empty: nobody is told."""

    facts: tuple[tuple[str, str], ...]
    channels: tuple[str, ...]
    has_landline: bool
    notes: str | None
    referents: Referents
    proches: tuple[Usager, ...]
    sharing_phone: tuple[FoundUsager, ...]
    invited_at: datetime | None
    refusal_to_invite: str


def fiche_of(
    usager: Usager, *, actor: Actor | None, organisation: Organisation, today: date
) -> Fiche:
    """Return the page of a row of `fiches_of`; at most seven statements."""
    phone = str(usager.to_notify.phone_number or "")
    return Fiche(
        facts=facts_of(usager, organisation, today=today),
        channels=channels_of_person(usager.to_notify),
        has_landline=bool(phone) and not is_mobile(phone),
        notes=notes_of(usager, organisation),
        referents=_referents(usager, actor, organisation),
        proches=tuple(
            fiches_of(actor, Permission.USAGER_READ, organisation)
            .filter(responsable=usager)
            .order_by("first_name", "pk")
        ),
        sharing_phone=tuple(sharing_phone(usager, actor=actor, organisation=organisation)),
        invited_at=_invited_at(usager),
        refusal_to_invite=refusal_to_invite(
            email=usager.email,
            has_account=usager.account_id is not None,
            is_proche=usager.responsable_id is not None,
        )
        or "",
    )


def channels_of_person(person: Usager) -> tuple[str, ...]:
    """Return "e-mail (adresse)", "SMS (numéro)": how they are told of changes."""
    channels = []
    if person.email and person.notifies_by_email:
        channels.append(_("e-mail (%(address)s)") % {"address": person.email})
    phone = str(person.phone_number or "")
    if phone and person.notifies_by_sms and is_mobile(phone):
        channels.append(_("SMS (%(number)s)") % {"number": national(phone)})
    return tuple(channels)


def facts_of(
    usager: Usager, organisation: Organisation, *, today: date
) -> tuple[tuple[str, str], ...]:
    """Return what is known beyond name and contact, of the columns that the territoire shows."""
    facts = []
    for column in columns_shown(organisation.territoire.usager_fields):
        if column in ("notes", "post_code", "city_name"):
            continue
        facts.append((label_of(column), shown_value(usager, column, today=today)))
    return tuple(facts)


def label_of(column: str) -> str:
    """Return the name of a column as a page prints it: "Date de naissance"."""
    field = Usager._meta.get_field(column)
    assert isinstance(field, Field)
    label = str(field.verbose_name)
    return label[:1].upper() + label[1:]


def shown_value(usager: Usager, column: str, *, today: date) -> str:
    """Return the words for one column, "" when it is not known."""
    value = getattr(usager, column)
    if value in ("", None):
        value = ""
    if column == "birth_date" and value:
        return f"{value:%d/%m/%Y} ({age_text(value, today=today)})"
    if column == "address":
        town = f"{usager.post_code} {usager.city_name}".strip()
        return ", ".join(filter(None, (usager.address, town)))
    if column == "phone_number" and value:
        return national(str(value))
    display = getattr(usager, f"get_{column}_display", None)
    return str(display() if display and value else value)


def known_in(
    usagers: Iterable[Usager], *, actor: Actor | None, organisation: Organisation
) -> frozenset[int]:
    """Return which of these people have a fiche that `actor` opens from `organisation`."""
    rows = fiches_of(actor, Permission.USAGER_READ, organisation)
    return frozenset(rows.filter(pk__in=[row.pk for row in usagers]).values_list("pk", flat=True))


def notes_of(usager: Usager, organisation: Organisation) -> str | None:
    """Return the notes of the organisation; None where there can be none."""
    if "notes" not in organisation.territoire.usager_fields:
        return None
    rows = Rattachement.objects.filter(usager=usager, organisation=organisation)
    return rows.values_list("notes", flat=True).first()


def _referents(usager: Usager, actor: Actor | None, organisation: Organisation) -> Referents:
    """A proche is followed by the référents of the responsable."""
    rows = usager.to_notify.referents.select_related("agent__account")
    agents = [row.agent for row in rows.order_by("agent__sort_key", "pk")]
    mine = list(nameable_agents(actor, organisation)) if usager.responsable_id is None else []
    keys, named = {agent.pk for agent in mine}, {agent.pk for agent in agents}
    return Referents(
        named=tuple((agent, agent.pk in keys) for agent in agents),
        others=tuple(agent for agent in mine if agent.pk not in named),
    )


def _invited_at(usager: Usager) -> datetime | None:
    rows = AuditEntry.objects.filter(object_uuid=usager.uuid, action="usager_invited")
    found: datetime | None = rows.order_by("-at").values_list("at", flat=True).first()
    return found
