"""Find Chromium, or install it when that needs no permission that we have not."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

# The headless shell is Chromium without windows: a fifth less processor time for the same pages.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
PACKAGES = ("chromium-headless-shell", "chromium")  # of Debian; older ones have the second only
ARGS = [
    "--no-sandbox",  # root, and containers without user namespaces
    "--lang=fr-FR",  # date fields show jj/mm/aaaa
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCK = Path(__file__).resolve().parents[2] / ".local" / "chromium.lock"


class ChromiumMissingError(Exception):
    """The browser tests cannot run; the message says what to install."""


def works(path: str | None) -> bool:
    """Whether the program really is a browser: Ubuntu has a script of that name that is none."""
    if not path or not Path(path).exists():
        return False
    done = subprocess.run([path, "--version"], check=False, capture_output=True, text=True)
    return done.returncode == 0 and "Chrom" in done.stdout


def installed(playwrights_own: str) -> str | None:
    wanted = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), playwrights_own]
    return next((path for path in wanted if path and works(path)), None)


def install_with_apt() -> None:
    """Install as root on Debian and its kin; never asks for more rights."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["install", "-qy", "--no-install-recommends"]
    for words in (["update", "-q"], *([*install, package] for package in PACKAGES)):
        done = subprocess.run(["apt-get", *words], check=False, env=env, stdout=subprocess.DEVNULL)
        if words[0] == "install" and done.returncode == 0:
            return


def find(playwrights_own: str) -> str:
    """Return the path of a browser. Raises ChromiumMissingError."""
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes, one installation
        found = installed(playwrights_own)
        if found is None:
            install_with_apt()
            found = installed(playwrights_own)
    if found is None:
        raise ChromiumMissingError(
            "Browser tests need Chromium: `apt-get install chromium` as root, "
            "or `.venv/bin/python -m playwright install chromium`, or CHROMIUM=/path/to/it."
        )
    return found
