"""Time: openings, absences, appointments."""

from planning.models.indisponibilite import Indisponibilite, IndisponibiliteException
from planning.models.participation import Participation, ParticipationQuerySet
from planning.models.plage_ouverture import PlageException, PlageMotif, PlageOuverture
from planning.models.rdv import AgentRdv, Rdv, RdvQuerySet, Status
from planning.models.rdv_bulk import BulkAct, LineState, RdvBulk, RdvBulkLine
from planning.models.rdv_draft import RdvDraft
from planning.models.rdv_event import Action, AuthorKind, RdvEvent
from planning.models.recurrence import Frequency, Recurring

__all__ = [
    "Action",
    "AgentRdv",
    "AuthorKind",
    "BulkAct",
    "Frequency",
    "Indisponibilite",
    "IndisponibiliteException",
    "LineState",
    "Participation",
    "ParticipationQuerySet",
    "PlageException",
    "PlageMotif",
    "PlageOuverture",
    "Rdv",
    "RdvBulk",
    "RdvBulkLine",
    "RdvDraft",
    "RdvEvent",
    "RdvQuerySet",
    "Recurring",
    "Status",
]
