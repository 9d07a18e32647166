"""An agent opens, renews and closes the address of their calendar (D03)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.permissions import AgentActor
from agents.services.audit_write import record_of_agent
from rdv.common.errors import DomainError
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor


class WebcalRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """Nobody whose calendar it would be."""


def open_webcal(*, actor: Actor | None, now: datetime) -> Agent:
    """Give the actor an address; the one they have stays. Raises WebcalRefused."""
    return _write(actor, now, renews=False)


def renew_webcal(*, actor: Actor | None, now: datetime) -> Agent:
    """Give the actor another address; the one they had answers 404. Raises WebcalRefused."""
    return _write(actor, now, renews=True)


@transaction.atomic
def close_webcal(*, actor: Actor | None, now: datetime) -> Agent:
    """Leave the actor without address. Raises WebcalRefused."""
    agent = _own_row(actor)
    agent.webcal_salt = ""
    save_checked(agent)
    record_of_agent("webcal_closed", agent, actor=actor, now=now)
    return agent


@transaction.atomic
def _write(actor: Actor | None, now: datetime, *, renews: bool) -> Agent:
    agent = _own_row(actor)
    if renews or not agent.webcal_salt:
        agent.webcal_salt = secrets.token_hex(16)
        save_checked(agent)
        record_of_agent("webcal_opened", agent, actor=actor, now=now)
    return agent


def _own_row(actor: Actor | None) -> Agent:
    agent = None
    if isinstance(actor, AgentActor):
        rows = Agent.objects.active().select_for_update(of=("self",), no_key=True)
        agent = rows.filter(pk=actor.agent_id).first()
    if agent is None:
        raise WebcalRefused(_("Ce compte d’agent n’est plus actif."))
    return agent
