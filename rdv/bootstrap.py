"""From a bare Python to the project's environment: `.venv` and `node_modules`, from hashed pins.

Runs under the system's Python, before anything is installed: standard library only. What is
installed is remembered by the hash of the pins, so that the next start touches no network.

    python3 rdv/bootstrap.py run     what the product needs
    python3 rdv/bootstrap.py dev     and the linters and tests
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SYSTEM_PYTHON = Path("/usr/bin/python3")
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = PROJECT / "requirements"
MODULES = PROJECT / "node_modules"
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
}


class SetupError(Exception):
    """What is missing on this machine; the message says how to go on."""


def say(text: str) -> None:
    print(f"rdv: {text}", flush=True)


def digest(*names: str) -> str:
    content = hashlib.sha256()
    for name in names:
        content.update((PROJECT / name).read_bytes())
    return content.hexdigest()


def read_stamp(path: Path) -> dict[str, str]:
    with contextlib.suppress(OSError, ValueError):
        return dict(json.loads(path.read_text()))
    return {}


def run(
    *command: str | Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        check=False,
        cwd=PROJECT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
    )


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip(" │╰├─▶×") for line in (done.stderr or done.stdout).splitlines()]
    return next((line for line in reversed(lines) if line), "no message")


def offline(what: str, done: subprocess.CompletedProcess[str]) -> SetupError:
    return SetupError(
        f"{what} could not be installed ({last_line(done)[:300]}). "
        "The first start needs the network: check it, then run the same command again."
    )


def interpreter() -> str | Path:
    """Return the Python of `.venv`: the one that runs this, or the system's when that is quicker.

    Distributions compile Python with the profile of its own use, pyenv does not: a third more time
    for each test and each page. `make run PYTHON=…` is a choice, and is kept.
    """
    optimised = "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")
    if os.environ.get("PYTHON") or optimised or not SYSTEM_PYTHON.exists():
        return sys.executable
    asked = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"
    return SYSTEM_PYTHON if run(SYSTEM_PYTHON, "-c", asked).returncode == 0 else sys.executable


def ensure_venv() -> None:
    """Create `.venv`, again when its Python has gone."""
    if PYTHON.exists() and run(PYTHON, "-c", "import sys").returncode == 0:
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetupError(
            "Python's venv module is missing: install it "
            "(Debian, Ubuntu: apt-get install python3-venv), then run the same command again."
        )
    say("creating .venv")
    done = run(interpreter(), "-m", "venv", "--clear", VENV)
    if done.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError(f".venv could not be created: {last_line(done)}")


def uv_settings() -> dict[str, str]:
    """Return pip's own index settings in uv's words: uv does not read pip's files."""
    # pip looks in every index for the best version, and so may uv: the pins carry hashes.
    found = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for line in run(PYTHON, "-m", "pip", "config", "list").stdout.splitlines():
        key, _, value = line.partition("=")
        name = PIP_TO_UV.get(key.rpartition(".")[2])
        if name and name not in os.environ:
            words = value.strip("'\"").replace("\\n", " ").split()
            found[name] = (" " if name == "UV_INDEX" else ",").join(words)
    return found


def ensure_uv() -> Path | None:
    """Return uv, which installs five times faster than pip; None where it has no wheel."""
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        pins = REQUIREMENTS / "bootstrap.txt"
        options = ["--quiet", "--disable-pip-version-check", "--retries", "2", "--require-hashes"]
        done = run(PYTHON, "-m", "pip", "install", *options, "-r", pins)
        if done.returncode != 0 and "No matching distribution" not in done.stderr:
            raise offline("uv", done)
    return uv if uv.exists() else None


def install(name: str) -> None:
    """Install one file of pins, by uv or else by pip."""
    pins = REQUIREMENTS / name
    say(f"installing requirements/{name}")
    if uv := ensure_uv():
        command = ["pip", "install", "--quiet", "--require-hashes", "--compile-bytecode"]
        done = run(uv, *command, "--python", PYTHON, "-r", pins, env=uv_settings())
        if done.returncode == 0:
            return
        say(f"uv could not ({last_line(done)[:200]}); trying pip")
    done = run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", pins)
    if done.returncode != 0:
        raise offline(f"requirements/{name}", done)


def ensure_packages(kind: str) -> None:
    """Install `base` or `dev`; an environment that has `dev` keeps it."""
    if VENV.is_symlink():  # another checkout's, which keeps it in order
        return
    stamp = VENV / ".rdv-installed"
    installed = read_stamp(stamp)
    wanted = "dev" if kind == "dev" or "dev" in installed else "base"
    pins = digest(f"requirements/{wanted}.txt")
    if installed.get(wanted) != pins:
        install(f"{wanted}.txt")
        stamp.write_text(json.dumps({wanted: pins}))


def npm() -> Path | str:
    """Return npm: the machine's, or the one that comes by wheel."""
    if found := shutil.which("npm"):
        return found
    ours = VENV / "bin" / "npm"
    if not ours.exists():
        install("node.txt")
    return ours


def ensure_modules() -> None:
    if MODULES.is_symlink():  # another checkout's: `npm ci` would empty it
        return
    stamp = MODULES / ".rdv-installed"
    lock = digest("package-lock.json")
    if read_stamp(stamp).get("lock") == lock:
        return
    command = npm()
    say("installing the front-end packages")
    path = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{VENV / 'bin'}"
    done = run(command, "ci", "--ignore-scripts", "--no-progress", env={"PATH": path})
    if done.returncode != 0:
        raise offline("The front-end packages", done)
    stamp.write_text(json.dumps({"lock": lock}))


def prepare(kind: str) -> None:
    """Bring the environment up to date with the pins. Raises SetupError."""
    if sys.version_info < (3, 11):  # noqa: UP036 the system's Python may be older
        found = ".".join(str(part) for part in sys.version_info[:3])
        raise SetupError(f"Python {found} is too old: 3.11 at least (make run PYTHON=python3.12).")
    local = PROJECT / ".local"
    try:
        local.mkdir(exist_ok=True)
        lock = (local / "setup.lock").open("a")
    except OSError as error:
        raise SetupError(
            f"{local} cannot be written ({error.strerror}): another user made it; "
            "give it back with chown, or remove it as that user."
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        started = time.monotonic()
        ensure_venv()
        ensure_packages(kind)
        ensure_modules()
        if (seconds := time.monotonic() - started) > 2:  # noqa: PLR2004 worth a word
            say(f"environment ready ({seconds:.0f} s)")


def main(kind: str) -> int:
    try:
        prepare(kind)
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("stopped; the same command goes on from here.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
