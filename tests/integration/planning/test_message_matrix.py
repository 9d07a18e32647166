"""C01, C06, D01: who is told of what, by which channel, with which calendar. One line an event.

The table is that of docs/notifications.md. Léa (« lea ») has e-mail and mobile and placed nothing
herself unless said; Paul is of another family; A places and changes; B is on the RDV too and wants
the acts of others, as everyone by default.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from agents.permissions import SystemActor
from notifications.models import OutboxMessage
from planning.models import Rdv
from planning.services.rdv_announce import announce_created
from planning.services.rdv_cancel import cancel_rdv
from planning.services.rdv_delete import delete_rdv
from planning.services.rdv_edit import OneOffLieu, Switches
from planning.services.rdv_remind import remind_rdv
from tests.factories.planning import NOW
from tests.integration.planning.message_world import (
    add,
    arrived,
    back,
    build_world,
    edit,
    joins,
    move,
    past,
    person,
    person_back,
    prescribed,
    reminded,
    remove,
    remove_from_individual,
    status,
    switched_off,
    usager_moves,
    with_visibility,
)


@pytest.fixture
def world(cast):
    return build_world(cast)


# event -> (what happens, {kind: who by what, with the method of the calendar})
MATRIX = {
    "C01 63 an agent places a RDV": (
        lambda w: announce_created(w.rdv, actor=w.actor(), now=NOW),
        {"rdv_created": ("lea email PUBLISH", "lea sms"), "rdv_created_agent": ("B REQUEST",)},
    ),
    "A06 an usager books online: both agents": (
        lambda w: announce_created(w.rdv, actor=w.actor("lea"), now=NOW),
        {
            "rdv_created": ("lea email PUBLISH", "lea sms"),
            "rdv_created_agent": ("A REQUEST", "B REQUEST"),
        },
    ),
    "E07 a workshop is placed": (
        lambda w: announce_created(w.workshop, actor=w.actor(), now=NOW),
        {
            "rdv_created": (
                "lea email PUBLISH",
                "lea sms",
                "paul email PUBLISH",
                "paul sms",
            ),
            "rdv_created_agent": ("B REQUEST",),
        },
    ),
    "E07 a prescripteur registers somebody: only that person, and the agents": (
        prescribed,
        {
            "rdv_created": ("lea email PUBLISH", "lea sms"),
            "participation_added_agent": ("A", "B"),
        },
    ),
    "E07 37 an usager registers: only that person, and the agents": (
        lambda w: joins(w, w.actor("lea")),
        {
            "rdv_created": ("lea email PUBLISH", "lea sms"),
            "participation_added_agent": ("A", "B"),
        },
    ),
    "E07 73 an agent adds somebody to a workshop: no agent": (
        lambda w: add(w, w.workshop),
        {"rdv_created": ("usager email PUBLISH", "usager sms")},
    ),
    "E07 73 an agent removes somebody from a workshop: no agent": (
        lambda w: remove(w, w.workshop),
        {"rdv_cancelled": ("lea email CANCEL", "lea sms")},
    ),
    "E05 an agent adds somebody to an individual RDV": (
        lambda w: add(w, w.rdv),
        {"rdv_created": ("usager email PUBLISH", "usager sms")},
    ),
    "E05 an agent removes somebody from an individual RDV": (
        remove_from_individual,
        {"rdv_cancelled": ("lea email CANCEL", "lea sms")},
    ),
    "decision 29 the start changes": (
        move,
        {"rdv_changed": ("lea email PUBLISH", "lea sms"), "rdv_changed_agent": ("B REQUEST",)},
    ),
    "decision 29 a workshop is moved: everyone": (
        lambda w: move(w, w.workshop),
        {
            "rdv_changed": ("lea email PUBLISH", "lea sms", "paul email PUBLISH", "paul sms"),
            "rdv_changed_agent": ("B REQUEST",),
        },
    ),
    "decision 29 the end changes": (
        lambda w: edit(w, ends_at=w.rdv.ends_at + timedelta(minutes=15)),
        {"rdv_changed": ("lea email PUBLISH", "lea sms"), "rdv_changed_agent": ("B REQUEST",)},
    ),
    "decision 29 the lieu changes": (
        lambda w: edit(w, lieu_id=w.lieu.pk),
        {"rdv_changed": ("lea email PUBLISH", "lea sms"), "rdv_changed_agent": ("B REQUEST",)},
    ),
    "decision 29 a one-off lieu": (
        lambda w: edit(w, one_off_lieu=OneOffLieu("Mairie annexe", "2 place Haute")),
        {"rdv_changed": ("lea email PUBLISH", "lea sms"), "rdv_changed_agent": ("B REQUEST",)},
    ),
    "decision 29 72 new date, B gives way to C": (
        lambda w: move(w, agent_from_to=(w.agents["B"].pk, w.agents["C"].pk)),
        {
            "rdv_changed": ("lea email PUBLISH", "lea sms"),
            "rdv_created_agent": ("C REQUEST",),
            "rdv_removed_agent": ("B CANCEL",),
        },
    ),
    "decision 29 agents only: no usager": (
        lambda w: edit(w, author="C", agent_ids=frozenset({w.agents["A"].pk, w.agents["C"].pk})),
        {"rdv_changed_agent": ("A REQUEST",), "rdv_removed_agent": ("B CANCEL",)},
    ),
    "decision 29 context, switches: nobody": (
        lambda w: edit(w, context="Dossier", switches={w.lea.pk: Switches(True, False)}),
        {},
    ),
    "decision 29 title and seats of a workshop: nobody": (
        lambda w: edit(w, w.workshop, title="Budget", seats_total=8),
        {},
    ),
    "A08 42 the usager moves, B gives way to C": (
        usager_moves,
        {
            "rdv_changed": ("lea email PUBLISH", "lea sms"),
            "rdv_changed_agent": ("A REQUEST",),
            "rdv_created_agent": ("C REQUEST",),
            "rdv_removed_agent": ("B CANCEL",),
        },
    ),
    "C01 an agent revokes": (
        lambda w: status(w, "revoked"),
        {"rdv_cancelled": ("lea email CANCEL", "lea sms"), "rdv_cancelled_agent": ("B CANCEL",)},
    ),
    "C01 an agent writes that the usager cancelled": (
        lambda w: status(w, "excused"),
        {"rdv_cancelled": ("lea email CANCEL", "lea sms"), "rdv_cancelled_agent": ("B CANCEL",)},
    ),
    "C01 a workshop is revoked: everyone": (
        lambda w: status(w, "revoked", w.workshop),
        {
            "rdv_cancelled": ("lea email CANCEL", "lea sms", "paul email CANCEL", "paul sms"),
            "rdv_cancelled_agent": ("B CANCEL",),
        },
    ),
    "decision 30 the usager cancels: e-mail only": (
        lambda w: cancel_rdv(rdv_id=w.rdv.pk, actor=w.actor("lea"), now=NOW),
        {
            "rdv_cancelled": ("lea email CANCEL",),
            "rdv_cancelled_agent": ("A CANCEL", "B CANCEL"),
        },
    ),
    "decision 23 the usager leaves a workshop: the others hear nothing": (
        lambda w: cancel_rdv(rdv_id=w.workshop.pk, actor=w.actor("lea"), now=NOW),
        {
            "rdv_cancelled": ("lea email CANCEL",),
            "participation_cancelled_agent": ("A", "B"),
        },
    ),
    "E12 an agent cancels one participation": (
        lambda w: person(w, "excused"),
        {
            "rdv_cancelled": ("lea email CANCEL", "lea sms"),
            "participation_cancelled_agent": ("B",),
        },
    ),
    "E12 a RDV is restored": (
        lambda w: back(w, w.rdv),
        {"rdv_created": ("lea email PUBLISH", "lea sms"), "rdv_created_agent": ("B REQUEST",)},
    ),
    "E12 a participation is restored": (
        person_back,
        {
            "rdv_created": ("lea email PUBLISH", "lea sms"),
            "participation_added_agent": ("B",),
        },
    ),
    "decision 26 a RDV is deleted: nobody": (
        lambda w: delete_rdv(rdv_id=w.rdv.pk, actor=w.cast.actor("admin"), now=NOW),
        {},
    ),
    "E06 69 seen, absent or excused afterwards: nobody": (past, {}),
    "E06 somebody waits: nobody": (arrived, {}),
    "C01 reminder, 48 h before: no agent": (
        reminded,
        {"rdv_reminder": ("lea email PUBLISH", "lea sms")},
    ),
    "E06 reminder by hand": (
        lambda w: remind_rdv(rdv_id=w.rdv.pk, actor=w.actor(), now=NOW),
        {"rdv_reminder": ("lea email PUBLISH", "lea sms")},
    ),
    "C01 68 switches off: agents only": (
        lambda w: switched_off(w, lambda: status(w, "revoked")),
        {"rdv_cancelled_agent": ("B CANCEL",)},
    ),
    "decision 7 67 a silent motif is placed: agents only": (
        lambda w: with_visibility(
            w,
            "visible_and_not_notified",
            lambda: announce_created(w.rdv, actor=SystemActor(), now=NOW),
        ),
        {"rdv_created_agent": ("A REQUEST", "B REQUEST")},
    ),
    "decision 7 68 an invisible motif is cancelled: agents only": (
        lambda w: with_visibility(w, "invisible", lambda: status(w, "revoked")),
        {"rdv_cancelled_agent": ("B CANCEL",)},
    ),
    "decision 7 an invisible motif is moved, then recalled: agents only": (
        lambda w: with_visibility(w, "invisible", lambda: (move(w), reminded(w))),
        {"rdv_changed_agent": ("B REQUEST",)},
    ),
}


def names(world):
    return {
        **{agent.email: name for name, agent in world.agents.items()},
        "lea@exemple.fr": "lea email",
        "paul@exemple.fr": "paul email",
        "+33698765432": "paul sms",
        world.cast.usager.email: "usager email",
    }


def told(world):
    """kind -> who by what, with the method of the calendar."""
    found: dict[str, set[str]] = {}
    for row in OutboxMessage.objects.exclude(state="abandoned").order_by("pk"):
        who = names(world).get(row.recipient)
        if row.channel == "sms" and who is None:  # Léa and the cast's usager share a number
            who = "lea sms" if row.participation.usager == world.lea else "usager sms"
        found.setdefault(row.kind, set()).add(f"{who} {row.ics_method}".strip())
    return found


def test_the_whole_matrix(world):
    wrong = {}
    for event, (act, expected) in MATRIX.items():
        with transaction.atomic():
            world.cast.motif.refresh_from_db()
            act(replace(world, rdv=Rdv.objects.get(pk=world.rdv.pk)))
            found = told(world)
            if found != {kind: set(people) for kind, people in expected.items()}:
                wrong[event] = found
            transaction.set_rollback(True)
    assert wrong == {}
