"""What a draft of a RDV holds, as JSON: keys of rows, hours, words (E05). Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class DraftContent:
    """Keys are database keys; instants are aware. `rdv`: the RDV that the draft became.

    `from_slot`: the time was chosen among the créneaux, and nothing was changed since.
    """

    motif: int | None = None
    usagers: tuple[int, ...] = ()
    agents: tuple[int, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    lieu: int | None = None
    lieu_name: str = ""
    lieu_address: str = ""
    context: str = ""
    title: str = ""
    seats_total: int | None = None
    from_slot: bool = False
    rdv: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
            if value not in (None, "", (), False)
        }


def content_of(stored: dict[str, Any]) -> DraftContent:
    """Read back what `to_json` wrote; a name of another version is left out."""
    known = {field.name for field in fields(DraftContent)}
    values = {name: value for name, value in stored.items() if name in known}
    for name in ("starts_at", "ends_at"):
        if values.get(name):
            values[name] = datetime.fromisoformat(values[name])
    for name in ("usagers", "agents"):
        values[name] = tuple(values.get(name, ()))
    return DraftContent(**values)
