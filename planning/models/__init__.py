"""Time: openings, absences, appointments."""

from planning.models.export import (
    UNFINISHED,
    Export,
    ExportFormat,
    ExportKind,
    ExportQuerySet,
    ExportState,
)
from planning.models.indisponibilite import Indisponibilite, IndisponibiliteException
from planning.models.participation import Need, Participation, ParticipationQuerySet
from planning.models.plage_ouverture import PlageException, PlageMotif, PlageOuverture
from planning.models.rdv import AgentRdv, Rdv, RdvQuerySet, Status
from planning.models.rdv_bulk import BulkAct, LineState, RdvBulk, RdvBulkLine
from planning.models.rdv_draft import RdvDraft
from planning.models.rdv_event import Action, AuthorKind, RdvEvent
from planning.models.recurrence import Frequency, Recurring
from planning.models.reminder import Reminder
from planning.models.slot_hold import SlotHold, SlotHoldQuerySet
from planning.models.stats import (
    ChangeKind,
    MessageChannel,
    MessageResult,
    Origin,
    StatChange,
    StatMessage,
    StatRdv,
    StatRefresh,
)
from planning.models.waiting_list import (
    EntryEnd,
    Outcome,
    WaitingListEntry,
    WaitingListOffer,
    WaitingListQuerySet,
)

__all__ = [
    "UNFINISHED",
    "Action",
    "AgentRdv",
    "AuthorKind",
    "BulkAct",
    "ChangeKind",
    "EntryEnd",
    "Export",
    "ExportFormat",
    "ExportKind",
    "ExportQuerySet",
    "ExportState",
    "Frequency",
    "Indisponibilite",
    "IndisponibiliteException",
    "LineState",
    "MessageChannel",
    "MessageResult",
    "Need",
    "Origin",
    "Outcome",
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
    "Reminder",
    "SlotHold",
    "SlotHoldQuerySet",
    "StatChange",
    "StatMessage",
    "StatRdv",
    "StatRefresh",
    "Status",
    "WaitingListEntry",
    "WaitingListOffer",
    "WaitingListQuerySet",
]
