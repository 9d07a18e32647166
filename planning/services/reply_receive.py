"""An usager answered a mail: find the RDV, hand the words to its agents."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.messages.reply import Reader, Reply, forward_lost, forward_reply
from notifications.signatures import rdv_of_reply
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

    What machines wrote, and what comes from ourselves, is dropped: answering it could go on for
    ever.
    """
    if _is_ours(mail.sender) or is_automatic(mail.headers, mail.sender):
        logger.info("a mail that nobody wrote is dropped")
        return
    rdvs = _rdvs_of(mail.recipients)
    for rdv in rdvs:
        _forward(mail, rdv, now)
    if not rdvs:
        _lost(mail, now)


def _forward(mail: IncomingMail, rdv: Rdv, now: datetime) -> None:
    readers = [
        Reader(agent.email, agent.full_name, agent.first_name)
        for agent in rdv.agents.select_related("account")
        if agent.email and agent.deactivated_at is None
    ]
    if not readers and rdv.organisation.email:
        readers = [Reader(rdv.organisation.email, rdv.organisation.name)]
    if not readers:
        _lost(mail, now)
        return
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
    found = [rdv_of_reply(address, settings.INBOUND_EMAIL_DOMAIN) for address in recipients]
    uuids = {uuid for uuid in found if uuid is not None}
    rows = Rdv.objects.kept().filter(uuid__in=uuids)
    return list(rows.select_related("motif", "lieu", "organisation__territoire").order_by("pk"))


def _is_ours(sender: str) -> bool:
    """Our own From, or an address of the domain that hands us the replies."""
    address = sender.lower()
    own = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip("> ").lower()
    return address == own or address.endswith(f"@{settings.INBOUND_EMAIL_DOMAIN.lower()}")
