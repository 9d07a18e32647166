"""What an admin of a territoire should look at: what waits, what is missing, what has failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.models import RetentionReport
from agents.permissions import Permission
from agents.policies import staff_of_territoire_for
from agents.queries.agent_menu import Link
from agents.queries.second_factor import admins_without_second_factor
from agents.queries.territoire_menu import may_in_territoire
from notifications.models import BlockedAddress, Channel
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from agents.models import Organisation, Territoire
    from agents.permissions import Actor
    from agents.queries.territoire_home import TerritoireFacts

# A notice names that many places or people, and counts the others.
NAMED = 5
# It runs every six hours: after that long, nobody runs it.
STALLED = timedelta(days=2)


@dataclass(frozen=True)
class Notice:
    """A sentence, the pages where it is put right, how many more are not named."""

    text: str
    links: list[Link] = field(default_factory=list)
    others: int = 0


def territoire_notices(
    actor: Actor | None, territoire: Territoire, facts: TerritoireFacts, *, now: datetime
) -> list[Notice]:
    """Return what `actor` may put right, the most pressing first; at most three statements."""
    notices: list[Notice] = []
    if may_in_territoire(actor, territoire, Permission.TERRITOIRE_EDIT):
        notices += _of_organisations(territoire, facts, now)
        notices += _of_blocked(actor, territoire)
        notices += _of_settings(territoire)
        notices += _of_retention(now)
    if may_in_territoire(actor, territoire, Permission.AGENT_INVITE) and facts.invited_count:
        notices.append(_of_invitations(territoire, facts))
    return notices


def _of_organisations(
    territoire: Territoire, facts: TerritoireFacts, now: datetime
) -> Iterable[Notice]:
    today = local_day(now, territoire.zone)
    without_contact, closed, suspended = [], [], []
    for row in facts.organisations:
        if not row.phone_number and not row.email:
            without_contact.append(row)
        if not vars(row)["online_count"] and row.start_up_hidden_at is None:
            closed.append(row)
        elif row.booking_suspended_until and row.booking_suspended_until > today:
            suspended.append(row)
    for rows, text, page in (
        (
            without_contact,
            _("Sans téléphone ni e-mail, aucun motif ne peut être mis en ligne :"),
            "agents:organisation_edit",
        ),
        (suspended, _("La réservation en ligne est suspendue :"), "motifs:booking_link"),
        (closed, _("Rien n’est encore ouvert à la réservation en ligne :"), "motifs:booking_link"),
    ):
        if rows:
            yield _naming(text, [_page_of(row, page) for row in rows])


def _page_of(organisation: Organisation, name: str) -> Link:
    return Link("", organisation.name, reverse(name, args=[organisation.uuid]))


def _of_blocked(actor: Actor | None, territoire: Territoire) -> Iterable[Notice]:
    refused = BlockedAddress.objects.active().filter(channel=Channel.EMAIL).values("address")
    staff = staff_of_territoire_for(actor, Permission.TERRITOIRE_EDIT, territoire)
    agents = list(staff.filter(account__email__in=refused).order_by("sort_key", "pk"))
    if agents:
        page = "agents:territoire_agent_detail"
        yield _naming(
            _("Leur adresse ne reçoit plus nos e-mails :"),
            [
                Link("", agent.full_name, reverse(page, args=[territoire.uuid, agent.uuid]))
                for agent in agents
            ],
        )


def _of_settings(territoire: Territoire) -> Iterable[Notice]:
    def link(label: str, name: str) -> list[Link]:
        return [Link("", label, reverse(name, args=[territoire.uuid]))]

    if not territoire.phone_number and not territoire.email:
        yield Notice(
            _("Le territoire n’a ni téléphone ni e-mail : ils servent quand un lieu n’en a pas."),
            link(_("Réglages"), "agents:territoire_settings"),
        )
    if not territoire.controller_name or not territoire.dpo_email:
        yield Notice(
            _("Les usagers ne lisent pas encore qui répond de leurs données."),
            link(_("Données personnelles"), "agents:data_contacts"),
        )
    if territoire.requires_two_factor:
        without = admins_without_second_factor(territoire).count()
        if without:
            text = ngettext(
                "%(n)s administrateur n’a pas encore activé la double authentification.",
                "%(n)s administrateurs n’ont pas encore activé la double authentification.",
                without,
            )
            yield Notice(text % {"n": without}, link(_("Sécurité"), "agents:territoire_security"))


def _of_retention(now: datetime) -> Iterable[Notice]:
    """The runs are those of the whole platform: only their failure is told, to be reported."""
    last = list(RetentionReport.objects.values_list("at", "error")[:20])
    if not last:
        return
    newest = last[0][0]
    if now - newest > STALLED:
        yield Notice(
            _("L’effacement automatique des données ne tourne plus : prévenez le support.")
        )
    elif any(error for at, error in last if newest - at < timedelta(hours=1)):
        yield Notice(_("Le dernier effacement automatique a échoué : prévenez le support."))


def _of_invitations(territoire: Territoire, facts: TerritoireFacts) -> Notice:
    text = ngettext(
        "%(n)s invitation attend une réponse.",
        "%(n)s invitations attendent une réponse.",
        facts.invited_count,
    ) % {"n": facts.invited_count}
    if facts.expired_count:
        text += " " + ngettext(
            "%(n)s lien ne marche plus : renvoyez-le.",
            "%(n)s liens ne marchent plus : renvoyez-les.",
            facts.expired_count,
        ) % {"n": facts.expired_count}
    url = reverse("agents:territoire_agent_list", args=[territoire.uuid])
    return Notice(text, [Link("", _("Agents"), url)])


def _naming(text: str, links: list[Link]) -> Notice:
    return Notice(text, links[:NAMED], max(0, len(links) - NAMED))
