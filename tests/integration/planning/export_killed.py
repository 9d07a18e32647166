"""A worker that makes an export and kills itself, -9, between the file and the row."""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime

import django


def main(now: datetime, folder: str) -> None:
    django.setup()
    from planning.exports import store
    from planning.services.export_build import build_next_export
    from tests.integration.planning.exports import on_disk

    on_disk(folder)
    keep = store.keep

    def die_when_kept(path, name):
        keep(path, name)
        os.kill(os.getpid(), signal.SIGKILL)

    store.keep = die_when_kept
    build_next_export(clock=lambda: now)


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[1]), sys.argv[2])
