"""A process that offers from the waiting list and kills itself, -9, where a test chose."""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime

import django


def main(point: str, now: datetime) -> None:
    django.setup()
    from planning.services import waiting_list_offer as service

    def killed(*_args: object, **_kwargs: object) -> bool:
        os.kill(os.getpid(), signal.SIGKILL)
        return True

    announce, hold = service.announce_offer, service.hold_slot
    held = []

    def die_after_message(*args, **kwargs):
        announce(*args, **kwargs)
        return killed()

    def die_at_second_hold(*args, **kwargs):
        if held:
            killed()
        held.append(hold(*args, **kwargs))
        return held[0]

    if point == "between hold and message":
        service.announce_offer = killed
    elif point == "between message and commit":
        service.announce_offer = die_after_message
    else:
        service.hold_slot = die_at_second_hold
    service.offer_waiting_list(now=now)


if __name__ == "__main__":
    main(sys.argv[1], datetime.fromisoformat(sys.argv[2]))
