"""Keep open what a RDV is about to be written in: its motif, its organisation, its lieu (G13).

Lock order: fiches, openings, agendas, RDV. A booking holds them `FOR KEY SHARE`, as the foreign
keys of the RDV do anyway: bookings never wait for each other there, nor for who edits an
organisation. Who closes (archives, suspends, shuts) holds its row `FOR UPDATE` and no fiche, agenda
nor RDV: it waits for the bookings under way and counts them; those that come after see it closed.
"""

from __future__ import annotations

from motifs.models import Availability, Motif

_HOLD = """
SELECT m.*, m.archived_at IS NULL AND o.archived_at IS NULL AS is_open
  FROM motifs_motif m JOIN agents_organisation o ON o.id = m.organisation_id
 WHERE m.id = %(motif)s
   FOR KEY SHARE OF m, o
"""
_HOLD_WITH_LIEU = """
SELECT m.*,
       m.archived_at IS NULL AND o.archived_at IS NULL AND l.availability <> %(closed)s AS is_open
  FROM motifs_motif m JOIN agents_organisation o ON o.id = m.organisation_id
  JOIN motifs_lieu l ON l.organisation_id = o.id AND l.id = %(lieu)s
 WHERE m.id = %(motif)s
   FOR KEY SHARE OF m, o, l
"""


def hold_opening(*, motif_id: int, lieu_id: int | None) -> Motif | None:
    """Hold them until the transaction ends; return the motif as it is now, None when one is closed.

    One statement. What was read before it may have changed: look again. After three seconds
    (`limit_waiting`) PostgreSQL raises OperationalError (LockNotAvailable).
    """
    keys = {"motif": motif_id, "lieu": lieu_id, "closed": Availability.CLOSED.value}
    rows = Motif.objects.raw(_HOLD if lieu_id is None else _HOLD_WITH_LIEU, keys)
    motif = next(iter(rows), None)
    return motif if motif is not None and vars(motif)["is_open"] else None
