"""History of a RDV, written by the service that changes it (docs/adr/0008).

Also where its reminders are planned again: a change without history does not pass review, a guard
test says so, and so no path forgets them (decision 1).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from agents.permissions import AgentActor, PrescripteurActor, TokenActor, UsagerActor
from planning.models import Action, AuthorKind, Rdv, RdvEvent
from planning.services.reminder_plan import plan_reminders
from rdv.common.aftercommit import Task, start_once_after_commit
from usagers.models import Usager

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from agents.permissions import Actor

# What may free a créneau that somebody waits for (decision 28).
_FREEING = (Action.CANCELLED, Action.MOVED, Action.DELETED, Action.EDITED)


def record(
    rdv: Rdv,
    *,
    action: Action | str,
    actor: Actor,
    at: datetime,
    changes: Mapping[str, Sequence[Any]] | None = None,
    own: Usager | None = None,
) -> RdvEvent:
    """Add one line to the history and plan the reminders again. After the rows are written.

    `changes` maps a field to (before, after). Instants and days are written in ISO 8601; other
    values are those of the columns. `own` is the `author_fiche`, for a caller that has it.
    """
    if action in _FREEING:
        start_once_after_commit(Task.OFFER_WAITING_LIST)
    plan_reminders(rdv, now=at)
    return RdvEvent.objects.create(
        rdv=rdv,
        at=at,
        action=Action(action),
        changes={name: [_plain(v) for v in values] for name, values in (changes or {}).items()},
        **_author(actor, own or author_fiche(rdv, actor)),
    )


def author_fiche(rdv: Rdv, actor: Actor, among: Iterable[Usager] = ()) -> Usager | None:
    """Return the fiche of an usager in the territoire of the RDV (decision 20: one in each).

    None for other authors. Read unless it is `among` fiches of that territoire.
    """
    if not isinstance(actor, UsagerActor | TokenActor):
        return None
    ids = {actor.usager_id} if isinstance(actor, TokenActor) else actor.usager_ids
    known = next((usager for usager in among if usager.pk in ids), None)
    if known is not None:
        return known
    if isinstance(actor, TokenActor):
        return Usager.objects.get(pk=actor.usager_id)
    return Usager.objects.get(pk__in=ids, territoire=rdv.organisation.territoire_id)


def _author(actor: Actor, own: Usager | None) -> dict[str, object]:
    if isinstance(actor, AgentActor):
        return {
            "author_kind": AuthorKind.AGENT,
            "author_agent_id": actor.agent_id,
            "superadmin_id": actor.superadmin_id,
            "author_name": actor.name,
        }
    if own is not None:
        return {
            "author_kind": AuthorKind.USAGER,
            "author_usager": own,
            "author_name": actor.name or own.full_name,
        }
    kind = AuthorKind.PRESCRIPTEUR if isinstance(actor, PrescripteurActor) else AuthorKind.SYSTEM
    return {"author_kind": kind, "author_name": actor.name}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime | date) else value
