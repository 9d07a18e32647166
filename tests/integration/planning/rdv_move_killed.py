"""A process that moves a RDV for the person who comes and dies, -9, where its argument says."""

import os
import signal
import sys
from datetime import datetime

import django

from rdv.embedded_place import die_with_parent

die_with_parent(9)
django.setup()

from agents.permissions import UsagerActor  # noqa: E402 - needs the settings
from planning.services import rdv_move_by_usager as service  # noqa: E402

POINT, RDV, LIEU, USAGER = sys.argv[1], *map(int, sys.argv[2:5])
START, NOW = map(datetime.fromisoformat, sys.argv[5:7])
announce = service.announce_changed


def announce_changed(*args, **values):
    announce(*args, **values)
    if POINT == "before the commit":
        os.kill(os.getpid(), signal.SIGKILL)


service.announce_changed = announce_changed
service.move_rdv_by_usager(
    rdv_id=RDV,
    lieu_id=LIEU,
    starts_at=START,
    actor=UsagerActor(account_id=0, usager_ids=frozenset({USAGER})),
    now=NOW,
)
os.kill(os.getpid(), signal.SIGKILL)
