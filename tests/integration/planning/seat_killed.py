"""Processes that take a place for somebody and die, -9, once all is said and before the commit.

One child for each act, from one interpreter: it takes seconds to start.
"""

import os
import signal
import sys

import django

from rdv.embedded_place import die_with_parent

die_with_parent(9)
django.setup()

from planning.services import participation_register, prescription_by_agent  # noqa: E402
from tests.integration.planning import seat_acts  # noqa: E402 - needs the settings


def last_word(module, name):
    said = getattr(module, name)

    def say_and_die(*args, **values):
        said(*args, **values)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, say_and_die)


KILLERS = {
    "send": (prescription_by_agent, "prescription_done"),
    "send_to_workshop": (prescription_by_agent, "prescription_done"),
    "join": (participation_register, "announce_joined"),
}
for act, last in KILLERS.items():
    child = os.fork()
    if not child:
        last_word(*last)
        getattr(seat_acts, act)()
        os._exit(1)  # alive: the test fails
    _pid, status = os.waitpid(child, 0)
    if os.WTERMSIG(status) != signal.SIGKILL:
        sys.exit(f"{act} lived")
