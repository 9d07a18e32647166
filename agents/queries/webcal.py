"""The secret address of an agent's webcal feed (D03).

`<uuid>-<proof>`: the uuid finds the row, the proof is an HMAC of it under a key derived from
SECRET_KEY. Rows hold a salt alone: a copy of the database opens no calendar, and a new salt closes
the old address.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from agents.models import Agent

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEY = re.compile(r"([0-9a-f]{32})-([A-Za-z0-9_-]{43})")


def webcal_key(agent: Agent) -> str:
    """Return what stands in the address, or "" for who has none."""
    if not agent.webcal_salt:
        return ""
    return f"{agent.uuid.hex}-{_proof(agent.uuid, agent.webcal_salt, settings.SECRET_KEY)}"


def agent_of_webcal(key: str) -> Agent | None:
    """Return the active agent whose address holds `key`: one statement.

    Addresses made under a former SECRET_KEY (SECRET_KEY_FALLBACKS) go on.
    """
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    uuid = UUID(found[1])
    agent = _who_may_sign_in(uuid=uuid)
    salt = agent.webcal_salt if agent else ""
    # As much work for an unknown uuid as for a known one.
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    proofs = [constant_time_compare(_proof(uuid, salt, str(each)), found[2]) for each in secrets]
    return agent if agent and salt and any(proofs) else None


def _who_may_sign_in(**lookup: UUID) -> Agent | None:
    rows: Mapping[str, bool] = {"account__is_active": True}
    return Agent.objects.active().select_related("account").filter(**rows, **lookup).first()


def _proof(uuid: UUID, salt: str, secret: str) -> str:
    digest = salted_hmac(
        "agents.webcal", f"{uuid.hex}{salt}", secret=secret, algorithm="sha256"
    ).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
