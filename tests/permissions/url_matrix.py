"""Every URL × every member of the cast × method -> expected status (G01). A literal table.

Each area adds its lines. `get` / `post` map a status to the people who receive it; whoever is not
named receives 404 when signed in, and 302 (to the sign-in page) when not. A method that is not
given must answer 405 (or 404/403 before) to the person named first: see test_urls.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from planning.queries.week_copy import WeekChoice, week_plan
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


def of_organisation(cast: Cast) -> list[Any]:
    return [cast.organisation.uuid]


def slug_elsewhere(cast: Cast) -> list[Any]:
    return [cast.elsewhere_organisation.slug]


def the_rdv(cast: Cast) -> list[Any]:
    return [cast.rdv.uuid]


def the_participation(cast: Cast) -> list[Any]:
    return [cast.rdv.participations.get().uuid]


def rdv_edit_data(cast: Cast) -> dict[str, Any]:
    return {
        "day": "2027-01-11",
        "time": "10:00",
        "duration": "30",
        "agents": [cast.owner.pk],
        "lieu": cast.lieu.pk,
        "context": "Note",
        "seen_version": "0",
    }


def plage_data(cast: Cast) -> dict[str, Any]:
    return {
        "motifs": [cast.motif.pk],
        "lieu": cast.lieu.pk,
        # Another day than the plage of the cast: an overlap is shown before it is accepted.
        "first_day": "2027-01-12",
        "start_time": "09:00",
        "end_time": "12:00",
        "frequency": "none",
    }


def week_data(cast: Cast) -> dict[str, Any]:
    plan = week_plan(
        cast.actor("owner"),
        WeekChoice(
            organisation=cast.organisation,
            source=cast.owner,
            targets=[cast.owner],
            week=date(2027, 1, 11),
            start=date(2027, 2, 1),
            weekly=False,
        ),
        today=date(2027, 1, 4),
    )
    return {
        "source": str(cast.owner.uuid),
        "week": "2027-01-11",
        "targets": [str(cast.owner.uuid)],
        "start": "2027-02-01",
        "repeats": "once",
        "plan": plan.digest,
    }


def weekly_plage(cast: Cast) -> list[Any]:
    return _weekly(cast.plage)


def weekly_indisponibilite(cast: Cast) -> list[Any]:
    return _weekly(cast.indisponibilite)


def _weekly(row: Any) -> list[Any]:
    row.frequency, row.weekdays = "weekly", [0]
    row.save()
    return [row.uuid, "2027-01-18"]


def indisponibilite_data(_cast: Cast) -> dict[str, Any]:
    return {
        "title": "Congés",
        "first_day": "2027-02-01",
        "end_day": "2027-02-05",
        "is_whole_day": "on",
        "frequency": "none",
    }


def motif_data(cast: Cast) -> dict[str, Any]:
    return {
        "name": "Nouveau motif",
        "service": cast.social.pk,
        "location_type": "sur_place",
        "duration_minutes": "30",
        "color_choice": "#000091",
        "max_persons": "1",
        "pause_minutes": "0",
        "booking_level": "agents",
        "min_delay_minutes": "30",
        "max_delay_minutes": "129600",
        "visibility": "visible_and_notified",
        # Asked of who administers several organisations.
        "organisations": [str(cast.organisation.uuid)],
    }


def lieu_data(_cast: Cast) -> dict[str, Any]:
    # A RDV to come has this lieu: whether to tell its people is asked.
    asked = {"asked": "1", "tell": "no"}
    return {"name": "Nouveau lieu", "address": "2 rue Haute, 62000 Arras", **asked}


def closing_data(_cast: Cast) -> dict[str, Any]:
    return {"rdvs": "keep"}


# Sees the lieux, not allowed to change them; the motifs only of their own services.
READS_LIEU = "owner same_service other_service secretary"
READS_MOTIF = "owner same_service secretary"


def equipe_data(cast: Cast) -> dict[str, Any]:
    return {"name": "Secteur nord", "agents": [cast.owner.uuid]}


def the_equipe(cast: Cast) -> list[Any]:
    return [cast.territoire.uuid, cast.equipe.uuid]


MATRIX: dict[str, Row] = {
    "home": Row(get={200: EVERYBODY}),
    "account_login": Row(
        get={302: f"{AGENTS} {USAGERS}", 200: "token nobody"},
        post={302: f"{AGENTS} {USAGERS}", 422: "token nobody"},
    ),
    "language": Row(post={302: EVERYBODY}),
    "account_logout": Row(post={302: EVERYBODY}),
    "agents:home": Row(get={302: AGENTS, 403: USAGERS}),
    "planning:agenda": Row(args=lambda cast: [cast.organisation.uuid], get={200: OF_ORGANISATION}),
    "planning:agenda_of": Row(args=owner_agenda, get={200: BROAD}),
    "planning:agenda_feed": Row(args=owner_agenda, get={200: BROAD}),
    "planning:agenda_preferences": Row(
        args=owner_agenda, post={302: BROAD}, data=lambda _: {"garder": "annules"}
    ),
    "planning:agenda_add": Row(args=owner_agenda, get={200: BROAD}),
    "planning:rdv_summary": Row(args=the_rdv, get={200: BROAD}),
    "planning:rdv_move": Row(
        args=the_rdv,
        get={200: BROAD},
        post={302: BROAD},
        data=lambda _: {"jour": "2027-01-12", "debut": "10:00", "fin": "10:30"},
    ),
    "planning:rdv_detail": Row(args=lambda cast: [cast.rdv.uuid], get={200: BROAD}),
    "planning:rdv_cancel": Row(
        args=lambda cast: [cast.rdv.uuid], get={200: BROAD}, post={302: BROAD}
    ),
    "planning:slot_search": Row(args=of_organisation, get={200: OF_ORGANISATION}),
    "planning:rdv_edit": Row(args=the_rdv, get={200: BROAD}, post={302: BROAD}, data=rdv_edit_data),
    # A RDV to come is never cancelled by one click: the page that names who will be told.
    "planning:rdv_status": Row(
        args=the_rdv, post={302: BROAD}, data=lambda _: {"status": "revoked", "confirmed": "on"}
    ),
    "planning:rdv_remind": Row(args=the_rdv, post={302: BROAD}),
    "planning:rdv_delete": Row(
        args=the_rdv,
        get={200: ADMINS, 403: "owner same_service secretary"},
        post={302: ADMINS, 403: "owner same_service secretary"},
    ),
    "planning:participation_status": Row(
        args=the_participation,
        post={302: BROAD},
        data=lambda _: {"status": "excused", "confirmed": "on"},
    ),
    # A week before: nobody has arrived.
    "planning:participation_arrival": Row(
        args=the_participation, post={422: BROAD}, data=lambda _: {"here": "1"}
    ),
    "planning:plage_ouverture_list": Row(args=owner_agenda, get={200: BROAD}),
    "planning:plage_ouverture_create": Row(
        args=owner_agenda,
        get={200: BROAD},
        # The motif is not marked for the secretariat: its plage cannot be opened by them.
        post={302: "owner same_service admin territoire_admin", 422: "secretary"},
        data=plage_data,
    ),
    "planning:week_copy": Row(
        args=of_organisation,
        get={200: OF_ORGANISATION},
        # The secretary may open none of its motifs: nothing to copy.
        post={302: "owner same_service admin territoire_admin", 422: "secretary other_service"},
        data=week_data,
    ),
    "planning:plage_ouverture_edit": Row(
        args=lambda cast: [cast.plage.uuid],
        get={200: BROAD},
        post={302: BROAD},
        data=plage_data,
    ),
    "planning:plage_ouverture_delete": Row(
        args=lambda cast: [cast.plage.uuid], get={200: BROAD}, post={302: BROAD}
    ),
    "planning:plage_ouverture_occurrence": Row(
        args=weekly_plage,
        get={200: BROAD},
        post={302: BROAD},
        data=lambda _: {"action": "skip"},
    ),
    "planning:indisponibilite_occurrence": Row(
        args=weekly_indisponibilite,
        get={200: BROAD},
        post={302: BROAD},
        data=lambda _: {"action": "skip"},
    ),
    "planning:indisponibilite_list": Row(args=owner_agenda, get={200: BROAD}),
    "planning:indisponibilite_create": Row(
        args=owner_agenda, get={200: BROAD}, post={302: BROAD}, data=indisponibilite_data
    ),
    "planning:indisponibilite_edit": Row(
        args=lambda cast: [cast.indisponibilite.uuid],
        get={200: BROAD},
        post={302: BROAD},
        data=indisponibilite_data,
    ),
    "planning:indisponibilite_delete": Row(
        args=lambda cast: [cast.indisponibilite.uuid], get={200: BROAD}, post={302: BROAD}
    ),
    "motifs:motif_list": Row(args=of_organisation, get={200: OF_ORGANISATION}),
    "motifs:motif_create": Row(
        args=of_organisation,
        get={200: ADMINS, 403: READS_LIEU},
        post={302: ADMINS, 403: READS_LIEU},
        data=motif_data,
    ),
    "motifs:motif_edit": Row(
        args=lambda cast: [cast.motif.uuid],
        get={200: ADMINS, 403: READS_MOTIF},
        post={302: ADMINS, 403: READS_MOTIF},
        data=motif_data,
    ),
    "planning:motif_archive": Row(
        args=lambda cast: [cast.motif.uuid],
        get={200: ADMINS, 403: READS_MOTIF},
        post={302: ADMINS, 403: READS_MOTIF},
        data=closing_data,
    ),
    "motifs:lieu_list": Row(args=of_organisation, get={200: OF_ORGANISATION}),
    "motifs:lieu_create": Row(
        args=of_organisation,
        get={200: ADMINS, 403: READS_LIEU},
        post={302: ADMINS, 403: READS_LIEU},
        data=lieu_data,
    ),
    "planning:lieu_edit": Row(
        args=lambda cast: [cast.lieu.uuid],
        get={200: ADMINS, 403: READS_LIEU},
        post={302: ADMINS, 403: READS_LIEU},
        data=lieu_data,
    ),
    "planning:lieu_close": Row(
        args=lambda cast: [cast.lieu.uuid],
        get={200: ADMINS, 403: READS_LIEU},
        post={302: ADMINS, 403: READS_LIEU},
        data=closing_data,
    ),
    "motifs:lieu_reopen": Row(
        args=lambda cast: [cast.lieu.uuid], post={302: ADMINS, 403: READS_LIEU}
    ),
    "motifs:lieu_delete": Row(
        args=lambda cast: [cast.lieu.uuid],
        get={200: ADMINS, 403: READS_LIEU},
        post={302: ADMINS, 403: READS_LIEU},
    ),
    "motifs:booking_link": Row(args=of_organisation, get={200: OF_ORGANISATION}),
    "motifs:booking_qr": Row(args=of_organisation, get={200: OF_ORGANISATION}),
    "motifs:booking_poster": Row(args=of_organisation, get={200: OF_ORGANISATION}),
    "agents:organisation_list": Row(get={200: AGENTS, 403: USAGERS}),
    "agents:organisation_edit": Row(
        args=of_organisation,
        get={200: ADMINS, 403: READS_LIEU},
        post={302: ADMINS, 403: READS_LIEU},
        data=lambda _: {"name": "Maison", "kind": "ccas", "email": "accueil@exemple.fr"},
    ),
    "agents:profile": Row(
        get={200: AGENTS, 403: USAGERS},
        post={302: AGENTS, 403: USAGERS},
        data=lambda _: {"first_name": "Ana", "last_name": "Petit"},
    ),
    "agents:preferences": Row(
        get={200: AGENTS, 403: USAGERS},
        post={302: AGENTS, 403: USAGERS},
        data=lambda _: {
            "rdv_notifications": "none",
            "plage_notifications": "none",
            "indisponibilite_notifications": "none",
            "agenda_view": "semaine",
        },
    ),
    "account_change_password": Row(
        get={200: AGENTS, 403: USAGERS}, post={422: AGENTS, 403: USAGERS}
    ),
    "account_reset_password": Row(get={200: EVERYBODY}, post={422: EVERYBODY}),
    "account_reset_password_done": Row(get={200: EVERYBODY}),
    "account_reset_password_from_key": Row(
        args=lambda _: ["1", "abc-def"], get={200: EVERYBODY}, post={200: EVERYBODY}
    ),
    "account_reset_password_from_key_done": Row(get={200: EVERYBODY}),
    # Messages are read in the browser in development only (settings.DEMO_OUTBOX).
    "notifications:message_list": Row(get={404: EVERYBODY}),
    "notifications:message_detail": Row(args=lambda _: [UUID(int=0)], get={404: EVERYBODY}),
    "notifications:message_part": Row(args=lambda _: [UUID(int=0), "page"], get={404: EVERYBODY}),
    # The public journey: the same for everybody. An organisation without anything to book; what a
    # visitor has under way is in their session, and nobody here began anything.
    "usagers:booking_organisation": Row(args=slug_elsewhere, get={200: EVERYBODY}),
    "usagers:booking_territoire": Row(
        args=lambda cast: [cast.stranger.roles.get().organisation.territoire.slug],
        get={200: EVERYBODY},
    ),
    "usagers:booking_motif": Row(args=slug_elsewhere, get={200: EVERYBODY}),
    "usagers:booking_lieu": Row(args=slug_elsewhere, get={302: EVERYBODY}),
    "usagers:booking_persons": Row(args=slug_elsewhere, get={302: EVERYBODY}),
    "usagers:booking_workshop": Row(args=slug_elsewhere, get={302: EVERYBODY}),
    "usagers:booking_slot": Row(args=slug_elsewhere, get={404: EVERYBODY}),
    "usagers:booking_identity": Row(
        args=slug_elsewhere, get={404: EVERYBODY}, post={404: EVERYBODY}
    ),
    "usagers:booking_verify": Row(get={404: EVERYBODY}),
    "usagers:booking_resend": Row(post={302: EVERYBODY}),
    "usagers:booking_address": Row(post={302: EVERYBODY}),
    "usagers:booking_confirm": Row(
        args=lambda _: ["unknown"], get={404: EVERYBODY}, post={404: EVERYBODY}
    ),
    # The space of the citizens: one's family's RDVs. Agents have their own pages.
    "usagers:rdv_list": Row(get={200: USAGERS}),
    "usagers:rdv_detail": Row(args=the_rdv, get={200: "usager"}),
    "usagers:booking_done": Row(args=the_rdv, get={200: "usager"}),
    "usagers:rdv_cancel": Row(args=the_rdv, get={200: "usager"}, post={302: "usager"}),
    "usagers:rdv_ics": Row(args=the_rdv, get={200: "usager"}),
    # The link of a message opens nothing before its letters, whoever is signed in.
    "usagers:token_entry": Row(args=lambda _: ["unknown"], get={404: EVERYBODY}),
    "usagers:token_letters": Row(get={404: EVERYBODY}, post={404: EVERYBODY}),
    "usagers:token_rdv": Row(get={404: EVERYBODY}),
    "usagers:token_cancel": Row(get={404: EVERYBODY}, post={404: EVERYBODY}),
    "usagers:token_ics": Row(get={404: EVERYBODY}),
    "agents:equipe_edit": Row(
        args=the_equipe,
        get={200: "territoire_admin"},
        post={302: "territoire_admin"},
        data=equipe_data,
    ),
    "agents:equipe_delete": Row(
        args=the_equipe, get={200: "territoire_admin"}, post={302: "territoire_admin"}
    ),
}
