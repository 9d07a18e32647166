"""Where the embedded servers of a checkout live, and as whom they run.

Everything is keyed by the path of the project, so that several checkouts run side by side.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
PROFILES = ("dev", "test", "bench")
CLEAN_ENV = {"PATH": os.defpath, "LC_ALL": "C"}
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


class EmbeddedError(Exception):
    """A server that cannot run; the message says how to go on."""


def die_with_parent(signum: int) -> None:
    """Ask the kernel for `signum` when the parent dies, even by kill -9 (Linux; preexec_fn)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(signum))


def private_folder(path: Path, mode: int) -> Path:
    """Create the folder, or check that nobody else made it first in a folder open to all."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise EmbeddedError(f"{path} belongs to another user: remove it, then start again.")
    path.chmod(mode)
    return path


@dataclass(frozen=True)
class Place:
    """The folders of one profile, and the user its servers run as."""

    profile: str
    project: Path = PROJECT

    @property
    def home(self) -> Path:
        """Locks, logs and, where the servers' user can reach it, data."""
        return self.project / ".local" / self.profile

    @cached_property
    def user(self) -> pwd.struct_passwd | None:
        """PostgreSQL refuses to run as root: root starts the servers as `nobody`."""
        return pwd.getpwnam("nobody") if os.getuid() == 0 else None

    @property
    def identity(self) -> dict[str, Any]:
        """Arguments of Popen."""
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def prepare(self) -> None:
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            (self.home / "start.lock").touch()
        except OSError as error:
            raise EmbeddedError(
                f"{self.home} cannot be written ({error.strerror}): it was made by another user; "
                "give it back with chown, or remove .local as that user."
            ) from error

    def reachable(self, path: Path) -> bool:
        """Whether the servers' user can enter the folder."""
        command = ["/bin/sh", "-c", 'cd "$1"', "sh", str(path)]
        done = subprocess.run(
            command, check=False, cwd="/", env=CLEAN_ENV, stderr=subprocess.DEVNULL, **self.identity
        )
        return done.returncode == 0

    @cached_property
    def elsewhere(self) -> Path:
        """Root's folder outside a private home that `nobody` cannot enter.

        Keyed by an id kept in the checkout: a new clone at the same path starts afresh, and the
        folders of checkouts that are gone are removed.
        """
        mark = self.project / ".local" / "id"
        if not mark.exists():
            mark.write_text(os.urandom(8).hex())
        for folder in Path("/var/tmp").glob("rdv-0-*"):
            with contextlib.suppress(OSError):
                checkout = Path((folder / "checkout").read_text())
                if folder.owner() == "root" and not (checkout / ".local" / "id").exists():
                    shutil.rmtree(folder)
        folder = private_folder(Path("/var/tmp") / f"rdv-0-{mark.read_text()}", 0o711)
        (folder / "checkout").write_text(str(self.project))
        return folder

    def data(self, name: str) -> Path:
        """Return the data folder of a server (not created)."""
        if self.user is None or self.reachable(self.home):
            return self.home / name
        folder = self.elsewhere / self.profile
        folder.mkdir(mode=0o711, exist_ok=True)
        return folder / name

    def sockets(self) -> Path:
        """Short, private: no limit on the project's path, and `trust` is safe inside it."""
        key = hashlib.sha256(str(self.project).encode()).hexdigest()[:10]
        base = private_folder(
            Path("/tmp") / f"rdv-{os.getuid()}-{key}", 0o711 if self.user else 0o700
        )
        return self.owned(base / self.profile)

    def owned(self, path: Path) -> Path:
        """Create a folder for the servers' user alone."""
        path.mkdir(mode=0o700, exist_ok=True)
        if self.user is not None:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)
        return path

    def runnable(self, package: Path, folders: list[Path]) -> Path:
        """Return a copy of the package's folders that the servers' user can read, if it must.

        The relative places are kept: the binaries find their libraries by them.
        """
        if self.user is None or all(self.reachable(folder) for folder in folders):
            return package
        target = self.elsewhere / "binaries"
        for folder in folders:
            copy = target / folder.relative_to(package)
            if not copy.exists():
                partial = copy.with_name(f"{copy.name}.{os.getpid()}")
                shutil.copytree(folder, partial)
                with contextlib.suppress(OSError):  # another profile was first
                    partial.rename(copy)
                shutil.rmtree(partial, ignore_errors=True)
        for folder in [target, *target.rglob("*")]:
            if folder.is_dir():
                folder.chmod(0o755)
        return target
