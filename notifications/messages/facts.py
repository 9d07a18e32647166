"""A RDV in words, for the messages. What an agent may read outside is apart from the rest."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.dateformat import format as django_date
from django.utils.translation import gettext_lazy as _

from notifications.ics import Appointment, Mailbox, Method, appointments_text, calendar_text
from rdv.common.french import (
    day_text,
    duration_text,
    instant_text,
    period_text,
    time_short,
    time_text,
)
from rdv.common.languages import Typed
from rdv.common.phones import national

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from agents.models import Agent
    from motifs.models import Lieu
    from notifications.messages.recipients import Recipient
    from planning.models import Rdv

SUR_PLACE, TELEPHONE, VISIO, DOMICILE = "sur_place", "telephone", "visio", "domicile"
# One text for each type of RDV; a test fails when a type has none.
PLACES_FOR_USAGERS = {
    SUR_PLACE: _("Sur place"),
    TELEPHONE: _("Par téléphone"),
    VISIO: _("En visioconférence"),
    DOMICILE: _("À votre domicile"),
}
# Decision 6: an outside calendar never holds the address of a home.
PLACES_FOR_AGENTS = {
    SUR_PLACE: _("Sur place"),
    TELEPHONE: _("Par téléphone"),
    VISIO: _("En visioconférence"),
    DOMICILE: _("À domicile"),
}


@dataclass(frozen=True)
class Contact:
    """Whom to call: the lieu, else the organisation, else the territoire."""

    phone: str
    email: str


@dataclass(frozen=True)
class Before:
    """What a RDV was before a change, as far as people are told of it (decision 29)."""

    starts_at: datetime
    ends_at: datetime
    lieu: Lieu | None

    @classmethod
    def of(cls, rdv: Rdv) -> Before:
        return cls(rdv.starts_at, rdv.ends_at, rdv.lieu)

    def applied_to(self, rdv: Rdv) -> Rdv:
        """Return the RDV as it was, unsaved; its version is the new one."""
        old = copy(rdv)
        old.starts_at, old.ends_at, old.lieu = self.starts_at, self.ends_at, self.lieu
        return old


@dataclass(frozen=True)
class Change:
    """One line of « what changed »: label, old and new."""

    label: str
    before: str
    after: str


def changes_of(rdv: Rdv, before: Before) -> list[Change]:
    """Return what people are told of a change: date, duration, place."""
    old = before.applied_to(rdv)
    lines = [
        (_("Date"), when(old), when(rdv)),
        (_("Durée"), duration_text(old.duration_minutes), duration_text(rdv.duration_minutes)),
        (_("Lieu"), _lieu(old) if old.lieu else "", _lieu(rdv) if rdv.lieu else ""),
    ]
    return [Change(str(label), was, now) for label, was, now in lines if was != now]


def when(rdv: Rdv) -> str:
    """Return the date in full, in the zone of the territoire; home visits are "vers" an hour."""
    start = _local_start(rdv)
    if _is_home(rdv):
        return _("%(day)s vers %(time)s") % {"day": day_text(start), "time": time_text(start)}
    return instant_text(start)


def when_short(rdv: Rdv) -> str:
    """Return what fits an SMS: "mardi 24/11 à 10h30"."""
    return _short(rdv, "l d/m")


def when_shortest(rdv: Rdv) -> str:
    """Return what fits an SMS about several RDVs: "24/11 à 10h30"."""
    return _short(rdv, "d/m")


def period(rdvs: Sequence[Rdv]) -> str:
    """Return "du lundi 23 au dimanche 29 novembre 2026", or their only day."""
    days = sorted(_local_start(rdv).date() for rdv in rdvs)
    return period_text(days[0], days[-1])


def period_short(rdvs: Sequence[Rdv]) -> str:
    """Return "du 24/11 au 02/12" or "du 24/11", for an SMS."""
    days = sorted(_local_start(rdv).date() for rdv in rdvs)
    first, last = (django_date(day, "d/m") for day in (days[0], days[-1]))
    words = {"first": first, "last": last}
    if days[0] == days[-1]:
        return _("du %(first)s") % words
    return _("du %(first)s au %(last)s") % words


def _short(rdv: Rdv, day_format: str) -> str:
    start = _local_start(rdv)
    words = {"day": django_date(start, day_format), "time": time_short(start)}
    return (_("%(day)s vers %(time)s") if _is_home(rdv) else _("%(day)s à %(time)s")) % words


def contact_of(rdv: Rdv) -> Contact:
    organisation = rdv.organisation
    owners = (rdv.lieu, organisation, organisation.territoire)
    phones = [owner.phone_number for owner in owners if owner and owner.phone_number]
    return Contact(
        phone=national(str(phones[0])) if phones else "",
        email=organisation.email or organisation.territoire.email,
    )


def place_short(rdv: Rdv) -> str:
    """Return what an SMS says of the place: the lieu, or how and with whom."""
    if rdv.lieu:
        return rdv.lieu.name
    return f"{PLACES_FOR_USAGERS[rdv.motif.location_type]} ({rdv.organisation.name})"


def rows_for_usager(
    rdv: Rdv,
    recipient: Recipient,
    *,
    referents: Sequence[str] = (),
    is_cancelled: bool = False,
) -> list[tuple[str, str]]:
    """Return the recap of an usager's mail: label and value, in order.

    Of several families in one RDV, only the recipient's own. Nobody will be called, or visited, for
    what is cancelled.
    """
    place = _place_for_usager(rdv, recipient)
    if is_cancelled and not rdv.lieu:
        place = str(PLACES_FOR_USAGERS[rdv.motif.location_type])
    rows = [
        (_("Date"), when(rdv)),
        (_("Durée"), duration_text(rdv.duration_minutes)),
        (_("Rendez-vous"), Typed(_subject(rdv))),
        (_("Lieu"), Typed(place)) if rdv.lieu else (_("Comment"), place),
        (_("Avec"), Typed(", ".join([*referents, rdv.organisation.name]))),
    ]
    if somebody_else(recipient) or len(recipient.participations) > 1:
        beneficiaries = [p.usager for p in recipient.participations]
        names = ", ".join(f"{u.first_name} {u.last_name}" for u in beneficiaries)
        rows.append((_("Pour"), names))
    return [(str(label), value) for label, value in rows]


def somebody_else(recipient: Recipient) -> str:
    """Return the first names of those who come, when the recipient is told for them; else ""."""
    people = [participation.usager for participation in recipient.participations]
    if any(usager.pk == recipient.person.pk for usager in people):
        return ""
    *others, last = [usager.first_name for usager in people]
    if not others:
        return last
    return _("%(names)s et %(last)s") % {"names": ", ".join(others), "last": last}


def _subject(rdv: Rdv) -> str:
    """Return what the RDV is about: for a workshop, its title too."""
    is_titled = rdv.motif.is_collective and rdv.title
    words = {"name": rdv.motif.name, "title": rdv.title}
    return _("%(name)s : %(title)s") % words if is_titled else rdv.motif.name


def rows_for_agent(rdv: Rdv) -> list[tuple[str, str]]:
    """Return the recap of an agent's mail. Never a datum of an usager (decision 6)."""
    rows = [
        (_("Date"), when(rdv)),
        (_("Durée"), duration_text(rdv.duration_minutes)),
        (_("Motif"), rdv.motif.name),
        (_("Lieu"), _place_for_agent(rdv)),
        (_("Organisation"), rdv.organisation.name),
    ]
    return [(str(label), value) for label, value in rows]


def rows_for_prescripteur(rdv: Rdv, name: str) -> list[tuple[str, str]]:
    """Return the recap for who took the RDV for somebody: of that person, the name only."""
    place = _place_for_agent(rdv)
    rows = [
        (_("Date"), when(rdv)),
        (_("Durée"), duration_text(rdv.duration_minutes)),
        (_("Rendez-vous"), Typed(_subject(rdv))),
        (_("Lieu"), Typed(place)) if rdv.lieu else (_("Comment"), place),
        (_("Avec"), Typed(rdv.organisation.name)),
        (_("Pour"), name),
    ]
    return [(str(label), value) for label, value in rows]


def ics_for_usager(rdv: Rdv, *, method: Method, now: datetime, visio_url: str = "") -> str:
    """Return the calendar of an usager: its title never says what the RDV is about (decision 31).

    No personal link: family calendars are shared. The room of a video call is no such link.
    """
    appointment = _usager_appointment(rdv, visio_url)
    return calendar_text(appointment, method=method, organizer=organizer(), stamp=now)


def ics_for_usager_of(rdvs: Sequence[tuple[Rdv, Method, str]], *, now: datetime) -> str:
    """Return one calendar for several RDVs of an usager, cancelled or not: always a PUBLISH.

    Each with its method and the room of its video call, or "".
    """
    appointments = [(_usager_appointment(rdv, visio), method) for rdv, method, visio in rdvs]
    return appointments_text(appointments, organizer=organizer(), stamp=now)


def _usager_appointment(rdv: Rdv, visio_url: str) -> Appointment:
    contact = contact_of(rdv)
    how = "" if rdv.lieu else str(PLACES_FOR_USAGERS[rdv.motif.location_type])
    call = _("Renseignements : %(phone)s") % {"phone": contact.phone} if contact.phone else ""
    return _appointment(
        rdv,
        summary=_("Rendez-vous – %(organisation)s") % {"organisation": rdv.organisation.name},
        description="\n".join(filter(None, (how, visio_url, call))),
    )


def ics_for_agent(rdv: Rdv, agent: Agent, method: Method, *, url: str, now: datetime) -> str:
    """Return the calendar of an agent: motif, place and link only (decision 6)."""
    how = "" if rdv.lieu else str(PLACES_FOR_AGENTS[rdv.motif.location_type])
    see = _("Voir le RDV : %(url)s") % {"url": url}
    return calendar_text(
        _appointment(
            rdv,
            summary=rdv.motif.name,
            description="\n".join(filter(None, (how, see))),
            url=url,
        ),
        method=method,
        organizer=organizer(),
        stamp=now,
        attendee=Mailbox(agent.email, agent.full_name),
    )


def organizer() -> Mailbox:
    """Return the constant ORGANIZER: the sender of the mails, under the name of the site."""
    address = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip("> ")
    return Mailbox(address, settings.SITE_NAME)


def _appointment(rdv: Rdv, *, summary: str, description: str, url: str = "") -> Appointment:
    location = str(PLACES_FOR_AGENTS[DOMICILE]) if _is_home(rdv) else ""
    return Appointment(
        uid=str(rdv.uuid),
        sequence=rdv.version,
        starts_at=rdv.starts_at,
        ends_at=rdv.ends_at,
        zone=rdv.organisation.territoire.timezone,
        summary=summary,
        location=_lieu(rdv) if rdv.lieu else location,
        description=description,
        url=url,
    )


def _place_for_usager(rdv: Rdv, recipient: Recipient) -> str:
    if rdv.lieu:
        return _lieu(rdv)
    usager = recipient.participations[0].usager
    detail = ""
    if rdv.motif.location_type == TELEPHONE and usager.to_notify.phone_number:
        detail = _("vous serez appelé au %(phone)s") % {
            "phone": national(str(usager.to_notify.phone_number))
        }
    elif _is_home(rdv):
        detail = usager.address or usager.to_notify.address
    how = str(PLACES_FOR_USAGERS[rdv.motif.location_type])
    return _("%(how)s : %(detail)s") % {"how": how, "detail": detail} if detail else how


def _place_for_agent(rdv: Rdv) -> str:
    return _lieu(rdv) if rdv.lieu else str(PLACES_FOR_AGENTS[rdv.motif.location_type])


def _lieu(rdv: Rdv) -> str:
    assert rdv.lieu is not None
    return f"{rdv.lieu.name}, {rdv.lieu.address}"


def _is_home(rdv: Rdv) -> bool:
    return rdv.motif.location_type == DOMICILE


def _local_start(rdv: Rdv) -> datetime:
    return rdv.starts_at.astimezone(rdv.organisation.territoire.zone)
