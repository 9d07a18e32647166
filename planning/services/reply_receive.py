"""An usager answered a mail: find the RDV, hand the words to its agents."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.messages.reply import Reader, Reply, forward_lost, forward_reply
from notifications.models import OutboxMessage
from notifications.signatures import message_of_reply, rdv_of_reply
from planning.models import Rdv
from planning.rules.mail_reply import answer_of, is_automatic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

logger = logging.getLogger(__name__)
MOST_ATTACHMENTS = 20
NAME_LENGTH = 100


@dataclass(frozen=True)
class IncomingMail:
    """A mail as it came. `headers`: names in lower case. `recipients`: every To, Cc, envelope."""

    sender: str
    recipients: tuple[str, ...]
    text: str
    headers: Mapping[str, str]
    attachments: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The same for a mail that the provider hands over twice."""
        return self.headers.get("message-id") or f"{self.sender}\0{self.text}"


@transaction.atomic
def receive_reply(mail: IncomingMail, *, now: datetime) -> None:
    """Forward one mail: once to each agent of the RDV, else to the organisation, else to support.

    An answer to a message about several RDVs goes to the agents of all of them, about the first of
    their own. What machines wrote, and what comes from ourselves, is dropped: answering it could
    go on for ever.
    """
    if _is_ours(mail.sender) or is_automatic(mail.headers, mail.sender):
        logger.info("a mail that nobody wrote is dropped")
        return
    rdvs = _rdvs_of(mail.recipients)
    told: set[str] = set()
    for rdv in rdvs:
        readers = _readers(rdv)
        if fresh := [reader for reader in readers if reader.email not in told]:
            _forward(mail, rdv, fresh, now)
        told.update(reader.email for reader in readers)
    if not told:
        _lost(mail, now)


def _readers(rdv: Rdv) -> list[Reader]:
    readers = [
        Reader(agent.email, agent.full_name, agent.first_name, agent.pk)
        for agent in rdv.agents.select_related("account")
        if agent.email and agent.deactivated_at is None
    ]
    if not readers and rdv.organisation.email:
        readers = [Reader(rdv.organisation.email, rdv.organisation.name)]
    return readers


def _forward(mail: IncomingMail, rdv: Rdv, readers: list[Reader], now: datetime) -> None:
    forward_reply(
        _reply(mail, author=_author(mail.sender, rdv), key=f"{rdv.pk}\0{mail.key}"),
        rdv=rdv,
        readers=readers,
        rdv_url=f"{settings.SITE_URL}{reverse('planning:rdv_detail', args=[rdv.uuid])}",
        now=now,
    )


def _lost(mail: IncomingMail, now: datetime) -> None:
    if settings.SUPPORT_EMAIL:
        forward_lost(_reply(mail, author="", key=mail.key), email=settings.SUPPORT_EMAIL, now=now)
    else:
        logger.warning("a reply belongs to no RDV, and SUPPORT_EMAIL is not set: dropped")


def _reply(mail: IncomingMail, *, author: str, key: str) -> Reply:
    names = tuple(name[:NAME_LENGTH] for name in mail.attachments[:MOST_ATTACHMENTS])
    sender = mail.sender or _("Une adresse illisible")
    return Reply(sender, author, answer_of(mail.text), names, key)


def _author(sender: str, rdv: Rdv) -> str:
    """Return the participant, or the responsable of one, whose address this is; else ""."""
    for row in rdv.participations.select_related("usager__responsable").order_by("pk"):
        for person in (row.usager, row.usager.to_notify):
            if person.email and person.email.lower() == sender.lower():
                return person.full_name
    return ""


def _rdvs_of(recipients: tuple[str, ...]) -> list[Rdv]:
    domain = settings.INBOUND_EMAIL_DOMAIN
    single = [uuid for address in recipients if (uuid := rdv_of_reply(address, domain))]
    grouped = [uuid for address in recipients if (uuid := message_of_reply(address, domain))]
    said = OutboxMessage.objects.filter(grouped_in__uuid__in=grouped).values("rdv")
    rows = Rdv.objects.kept().filter(Q(uuid__in=single) | Q(pk__in=said))
    return list(rows.select_related("motif", "lieu", "organisation__territoire").order_by("pk"))


def _is_ours(sender: str) -> bool:
    """Our own From, or an address of the domain that hands us the replies."""
    address = sender.lower()
    own = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip("> ").lower()
    return address == own or address.endswith(f"@{settings.INBOUND_EMAIL_DOMAIN.lower()}")
