"""History of a RDV, written by the service that changes it (docs/adr/0008)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from agents.permissions import AgentActor, PrescripteurActor, TokenActor, UsagerActor
from planning.models import Action, AuthorKind, Rdv, RdvEvent
from usagers.models import Usager

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agents.permissions import Actor


def record(
    rdv: Rdv,
    *,
    action: Action | str,
    actor: Actor,
    at: datetime,
    changes: Mapping[str, Sequence[Any]] | None = None,
) -> RdvEvent:
    """Add one line to the history. `changes` maps a field to (before, after).

    Instants and days are written in ISO 8601; other values are those of the columns.
    """
    return RdvEvent.objects.create(
        rdv=rdv,
        at=at,
        action=Action(action),
        changes={name: [_plain(v) for v in values] for name, values in (changes or {}).items()},
        **_author(rdv, actor),
    )


def _author(rdv: Rdv, actor: Actor) -> dict[str, object]:
    if isinstance(actor, AgentActor):
        return {
            "author_kind": AuthorKind.AGENT,
            "author_agent_id": actor.agent_id,
            "author_name": actor.name,
        }
    if isinstance(actor, UsagerActor | TokenActor):
        usager = _usager_of(rdv, actor)
        return {
            "author_kind": AuthorKind.USAGER,
            "author_usager": usager,
            "author_name": actor.name or usager.full_name,
        }
    kind = AuthorKind.PRESCRIPTEUR if isinstance(actor, PrescripteurActor) else AuthorKind.SYSTEM
    return {"author_kind": kind, "author_name": actor.name}


def _usager_of(rdv: Rdv, actor: UsagerActor | TokenActor) -> Usager:
    """Return the fiche of the author in the territoire of the RDV (decision 20: one in each)."""
    if isinstance(actor, TokenActor):
        return Usager.objects.get(pk=actor.usager_id)
    territoire = rdv.organisation.territoire_id
    return Usager.objects.get(pk__in=actor.usager_ids, territoire=territoire)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime | date) else value
