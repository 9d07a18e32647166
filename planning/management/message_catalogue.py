"""docs/messages.md: every message in every variant, as people read it (C01, C02)."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from django.utils import translation

from notifications.messages import render
from notifications.messages.reply import Reply
from notifications.messages.security import Change
from planning.management import message_samples as samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from notifications.models import OutboxMessage

HEADER = """# Every message, in every variant

Printed from the templates and the code that fills them by `make docs`; a test fails when it is
stale, or when a kind of message is missing. Who gets which: [notifications.md](notifications.md).
People, places and links are imaginary. The HTML twin of an e-mail says the same as its text.
"""
LINK = f"{samples.SITE}/une-page-personnelle/"
WHEN = "mardi 12 janvier 2027 à 10 h 30"
ROWS = [("Date", "mardi 12 janvier 2027"), ("Lieu", "Antenne des Baudimont")]
SECURITY_WORDS = {
    Change.CHOSEN_AGAIN: "mot de passe changé",
    Change.APPLICATION_ADDED: "application ajoutée",
    Change.APPLICATION_REMOVED: "application retirée",
    Change.PASSKEY_ADDED: "clé d’accès ajoutée",
    Change.PASSKEY_REMOVED: "clé d’accès retirée",
    Change.CODES_RENEWED: "nouveaux codes de secours",
    Change.FACTORS_FORGOTTEN: "double authentification effacée",
}
EVENT_TEXT = re.compile(r"^(SUMMARY|LOCATION|DESCRIPTION)[^:\r\n]*:(.*?)\r$", re.MULTILINE)

SECTIONS: dict[str, Callable[[samples.World], Iterator[samples.Variant]]] = {
    "À l’usager : rendez-vous confirmé (`rdv_created`)": samples.created,
    "À l’usager : rendez-vous modifié (`rdv_changed`)": samples.changed,
    "À l’usager : rappel (`rdv_reminder`)": samples.reminded,
    "À l’usager : rendez-vous annulé (`rdv_cancelled`)": samples.cancelled,
    "À l’usager : plusieurs rendez-vous (`rdvs_cancelled`, `rdvs_changed`)": samples.several,
    "Aux agents (`…_agent`)": samples.to_agents,
    "Aux agents, quand quelqu’un attend (`arrival_agent`)": samples.arriving,
    "À l’administrateur qui essaie l’envoi des SMS (`sms_trial_agent`)": samples.trying,
    "Au prescripteur (`prescription_done`)": samples.prescribed,
    "À qui prouve son adresse (`contact_code`)": samples.coded,
    "Liste d’attente (`waiting_list_joined`, `waiting_list_offer`)": samples.waiting,
}


def _of_planning() -> Iterator[tuple[str, Mapping[str, object]]]:
    for change in ("created", "changed", "deleted"):
        for count in (1, 2):
            yield (
                f"{change}, {count}",
                {
                    "change": change,
                    "count": count,
                    "tables": [ROWS] * count,
                    "author": samples.AGENT,
                    "first_name": "Camille",
                    "url": LINK,
                },
            )


def _of_booking() -> Iterator[tuple[str, Mapping[str, object]]]:
    for name in ("Léa", ""):
        yield (
            "avec un prénom" if name else "sans prénom",
            {
                "first_name": name,
                "when": WHEN,
                "organisation": "MDS d’Arras",
                "link": LINK,
            },
        )


def _of_replies() -> Iterator[tuple[str, Mapping[str, object]]]:
    for name, author, attachments in (
        ("d’un participant", "Léa MARTIN", ()),
        ("d’une autre adresse, avec une pièce jointe", "", ("photo.jpg",)),
    ):
        reply = Reply("lea@exemple.fr", author, "Je serai en retard.", attachments, key="1")
        yield (
            name,
            {"reply": reply, "when": WHEN, "rdv_url": LINK, "first_name": "Camille"},
        )


def _of_invitation() -> Iterator[tuple[str, Mapping[str, object]]]:
    yield (
        "",
        {
            "first_name": "Léa",
            "organisation": "MDS d’Arras",
            "link": LINK,
            "email": "lea@exemple.fr",
        },
    )


def _of_address() -> Iterator[tuple[str, Mapping[str, object]]]:
    service = {"name": "MDS d’Arras", "contact": "03 21 00 00 00 – mds@exemple.fr"}
    other = {"name": "CCAS d’Arras", "contact": ""}
    yield "changée par un agent", {"has_account": False, "services": [service]}
    yield "changée par la personne", {"has_account": True, "services": [service, other]}


def _of_exports() -> Iterator[tuple[str, Mapping[str, object]]]:
    yield (
        "",
        {"first_name": "Camille", "organisation": "MDS d’Arras", "until": WHEN, "link": LINK},
    )


def _of_staff() -> Iterator[tuple[str, Mapping[str, object]]]:
    for name, inviter, is_known in (
        ("à une adresse inconnue", "Claire VASSEUR", False),
        ("à un agent d’un autre territoire", "Claire VASSEUR", True),
        ("à la première personne d’un territoire", "", False),
    ):
        yield (
            name,
            {
                "organisations": ["MDS d’Arras", "MDS de Lens"],
                "inviter": inviter,
                "link": LINK,
                "last_day": date(2027, 1, 19),
                "is_known": is_known,
            },
        )


def _of_joining() -> Iterator[tuple[str, Mapping[str, object]]]:
    yield (
        "",
        {
            "first_name": "Camille",
            "organisation": "MDS d’Arras",
            "author": "Claire VASSEUR",
            "link": LINK,
        },
    )


def _of_security() -> Iterator[tuple[str, Mapping[str, object]]]:
    for change, words in SECURITY_WORDS.items():
        by_admin = change == Change.FACTORS_FORGOTTEN
        for author in ("Claire VASSEUR", "") if by_admin else ("",):
            yield (
                f"{words}, par un administrateur" if author else words,
                {
                    "first_name": "Camille",
                    "change": str(change),
                    "author": author,
                    "device": "" if by_admin else "Firefox sur Windows",
                    "when": WHEN,
                    "link": f"{samples.SITE}/agents/mot-de-passe/oublie/",
                },
            )


def _of_retention() -> Iterator[tuple[str, Mapping[str, object]]]:
    service = {"name": "MDS d’Arras", "contact": "03 21 00 00 00 – mds@exemple.fr"}
    for name, services in (("", []), ("connu d’un service", [service])):
        known = {"has_account": False, "services": services, "link": LINK}
        yield name, {"first_name": "Léa", "last_day": date(2027, 1, 19), **known}


# Messages about no RDV: kind -> its variants, each with what its template is given.
OTHERS: dict[str, Callable[[], Iterable[tuple[str, Mapping[str, object]]]]] = {
    "booking_verify": _of_booking,
    "usager_invitation": _of_invitation,
    "address_changed": _of_address,
    "usager_reply_agent": _of_replies,
    "usager_reply_lost": _of_replies,
    "franceconnect_verify": lambda: [("", {"first_name": "", "link": LINK})],
    "export_ready": _of_exports,
    "password_reset": lambda: [("", {"first_name": "Camille", "link": LINK})],
    "security_agent": _of_security,
    "invitation_agent": _of_staff,
    "joined_agent": _of_joining,
    "retention_notice": _of_retention,
    "inactivity_agent": lambda: [
        ("", {"first_name": "Camille", "link": LINK, "last_day": date(2027, 1, 19)})
    ],
    "plage_agent": _of_planning,
    "indisponibilite_agent": _of_planning,
}


def document() -> str:
    """Return the Markdown text of docs/messages.md."""
    with translation.override("fr"):
        parts = [HEADER]
        for title, variants in catalogue().items():
            parts.append(f"## {title}\n")
            parts += [_variant(variant) for variant in variants]
    return "\n".join(parts)


def catalogue() -> dict[str, list[samples.Variant]]:
    """Return the variants of each section, in order."""
    world = samples.World()
    found = {title: list(variants(world)) for title, variants in SECTIONS.items()}
    for kind, contexts in OTHERS.items():
        found[f"`{kind}`"] = [
            samples.Variant(name, [_other(kind, context)]) for name, context in contexts()
        ]
    return found


def _other(kind: str, context: Mapping[str, object]) -> OutboxMessage:
    return render.email(kind, context, recipient="lea@exemple.fr")


def _variant(variant: samples.Variant) -> str:
    lines = [f"### {variant.name}\n"] if variant.name else []
    return "\n".join([*lines, *(_text(message) for message in variant.messages)])


def _text(message: OutboxMessage) -> str:
    if message.channel == "sms":
        title = f"SMS `{message.kind}`, {message.sms_segments} segment(s)"
        return f"{title}\n\n```text\n{message.body}\n```\n"
    calendar = _calendar(message)
    return (
        f"E-mail `{message.kind}` – {message.subject}\n\n"
        f"```text\n{message.body.strip()}\n```\n" + (f"\n{calendar}\n" if calendar else "")
    )


def _calendar(message: OutboxMessage) -> str:
    """Return what a person reads of the calendar, one line an event."""
    if not message.ics:
        return ""
    text = message.ics.replace("\r\n ", "")
    lines = []
    for event in re.findall(r"BEGIN:VEVENT(.*?)END:VEVENT", text, re.DOTALL):
        named = dict(
            re.findall(r"^(SUMMARY|LOCATION|DESCRIPTION)[^:\r\n]*:(.*?)\r$", event, re.MULTILINE)
        )
        words = ", ".join(f"{name} « {value} »" for name, value in named.items())
        lines.append(f"Calendrier ({message.ics_method}) : {words}")
    return "\n\n".join(lines)
