"""A process that has loaded the product, and forks those that tests start and kill.

Loading takes seconds of processor time, a fork milliseconds. It reads requests of one line of JSON
on its standard input, and answers each with one: `start` with a process number, `poll` with a
return code as `subprocess` gives it, or null while the process lives. Used by tests/processes.py.
"""

from __future__ import annotations

import gc
import json
import os
import random
import runpy
import sys
import tempfile
import traceback
from typing import Any, NoReturn

import django
from django.conf import settings
from django.utils.functional import empty

from rdv.embedded_place import die_with_parent


def main() -> None:
    die_with_parent(9)
    django.setup()
    load()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        answer = start(request) if "module" in request else poll(request["pid"])
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


def load() -> None:
    """Import what the children would: nothing here opens a connection."""
    import celery.bin.celery
    import celery.bin.worker
    import celery.concurrency.solo
    import celery.worker.components  # noqa: F401 - only to be loaded

    import tests.cast  # noqa: F401 - only to be loaded


def start(request: dict[str, Any]) -> int:
    pid = os.fork()
    if not pid:
        live(request)
    return pid


def poll(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def live(request: dict[str, Any]) -> NoReturn:
    """Be the module that was asked for, as `python -m` would run it."""
    code: Any = 0
    try:
        die_with_parent(9)
        redirect(request["log"])
        os.environ.update(request["env"])
        forget()
        sys.argv = [request["module"], *request["argv"]]
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 - nothing goes back into the loop of the parent
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
        code = 1
    sys.stderr.flush()
    os._exit(code or 0)


def redirect(log: str) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for source, wanted in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, wanted)


def forget() -> None:
    """Read the environment again: settings, temporary folder; have random numbers of one's own."""
    for name in [name for name in sys.modules if name.startswith("rdv.settings.")]:
        del sys.modules[name]
    settings._wrapped = empty  # type: ignore[assignment]
    tempfile.tempdir = None
    random.seed()


if __name__ == "__main__":
    main()
