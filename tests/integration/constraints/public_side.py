"""Cases of the constraints of holds, reminders and the waiting list."""

from __future__ import annotations

import hashlib
import itertools
from datetime import timedelta

from planning.models import Reminder, SlotHold, WaitingListEntry, WaitingListOffer
from tests.factories import AgentFactory, MotifFactory, RdvFactory, UsagerFactory
from tests.factories.planning import NOW
from tests.integration.constraints.doors import after_sql, changed, twin

NUMBERS = itertools.count()
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def digest() -> str:
    return hashlib.sha256(str(next(NUMBERS)).encode()).hexdigest()


def participation():
    motif = MotifFactory()
    agent = AgentFactory(organisations=[motif.organisation])
    usager = UsagerFactory(territoire=motif.organisation.territoire)
    return RdvFactory(motif=motif, agents=[agent], usagers=[usager]).participations.get()


def reminder(row=None, starts_at=NOW + 3 * DAY):
    return Reminder.objects.create(
        participation=row or participation(),
        starts_at=starts_at,
        due_at=starts_at - 2 * DAY,
        created_at=NOW,
    )


def second_reminder():
    first = reminder()
    return reminder(first.participation, NOW + 4 * DAY), {"starts_at": first.starts_at}


def slot_hold():
    motif = MotifFactory()
    return SlotHold.objects.create(
        motif=motif,
        agent=AgentFactory(organisations=[motif.organisation]),
        starts_at=NOW + DAY,
        ends_at=NOW + DAY + HOUR,
        free_at=NOW + DAY + HOUR,
        holder=digest(),
        created_at=NOW,
        expires_at=NOW + HOUR,
    )


def entry(**values):
    given = {"motif": MotifFactory, "email": "lea@example.fr", "created_at": NOW} | values
    if callable(given["motif"]):
        given["motif"] = given["motif"]()
    return WaitingListEntry.objects.create(**given)


def entry_by_phone():
    return entry(email="", phone_number="+33612345678")


def entry_of_a_rdv():
    row = participation()
    return entry(motif=row.rdv.motif, email="", participation=row)


def offer(waiting=None, outcome="pending", starts_at=NOW + DAY):
    waiting = waiting or entry()
    return WaitingListOffer.objects.create(
        entry=waiting,
        agent=AgentFactory(organisations=[waiting.motif.organisation]),
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        digest=digest(),
        outcome=outcome,
        offered_at=NOW,
        expires_at=NOW + HOUR,
        answered_at=None if outcome == "pending" else NOW,
    )


def second_pending_offer():
    first = offer()
    second = offer(first.entry, "declined", NOW + 2 * DAY)
    return second, {"outcome": "pending", "answered_at": None}


def offered_again():
    first = offer()
    second = offer(first.entry, "declined", NOW + 2 * DAY)
    return second, {"agent": first.agent, "starts_at": first.starts_at, "ends_at": first.ends_at}


CASES = {
    "reminder_once_per_start": [second_reminder],
    "reminder_due_before_start": [changed(reminder, due_at=NOW + 3 * DAY)],
    "slot_hold_in_order": [
        changed(slot_hold, ends_at=NOW + DAY),
        changed(slot_hold, free_at=NOW + DAY),
    ],
    "slot_hold_expires_after_creation": [changed(slot_hold, expires_at=NOW)],
    "slot_hold_holder_is_a_digest": [changed(slot_hold, holder="the visitor")],
    "slot_hold_no_overlap": [twin(slot_hold, "agent")],
    "waiting_list_language_known": [changed(entry, language="xx")],
    "waiting_list_someone_waits": [
        changed(entry, email=""),
        changed(entry_of_a_rdv, email="lea@example.fr"),
    ],
    "waiting_list_end_is_explained": [
        changed(entry, ended_at=NOW),
        changed(entry, end="served"),
        changed(entry, ended_at=NOW, end="lost"),
    ],
    "waiting_list_once_per_participation": [twin(entry_of_a_rdv, "participation")],
    "waiting_list_once_per_email": [twin(entry, "motif", "email")],
    "waiting_list_once_per_phone": [twin(entry_by_phone, "motif", "phone_number")],
    "waiting_list_offer_outcome_known": [changed(offer, outcome="lost", answered_at=NOW)],
    "waiting_list_offer_in_order": [
        changed(offer, ends_at=NOW + DAY),
        changed(offer, expires_at=NOW),
    ],
    "waiting_list_offer_holds_a_digest": [changed(offer, digest="the secret")],
    "waiting_list_offer_answered_at_matches": [
        changed(offer, answered_at=NOW),
        changed(offer, outcome="accepted"),
    ],
    "waiting_list_one_pending_offer": [second_pending_offer],
    "waiting_list_offered_once": [offered_again],
    "participation_needs_known": [changed(participation, needs=["a lift"])],
    "participation_prescribed_by_an_agent": [
        after_sql(
            "ALTER TABLE planning_participation DROP CONSTRAINT participation_has_one_author",
            lambda: (
                (row := participation()),
                {"prescribed_from": row.rdv.organisation, "created_by_agent": None},
            ),
        )
    ],
}
