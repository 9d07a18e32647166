"""The project's own files, as the guards look at them."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("agents", "motifs", "usagers", "planning", "notifications")
PACKAGES = ("rdv", *APPS)


@cache
def tracked() -> tuple[Path, ...]:
    """Files of the repository, new ones included; what git ignores is not the project."""
    # A checkout that belongs to another user (a container) is fine: nothing of it is run.
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    names = sorted(set(done.stdout.split("\0")) - {""})
    return tuple(path for name in names if (path := ROOT / name).is_file())


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def python_files(*, migrations: bool = False) -> list[Path]:
    found = [path for path in tracked() if path.suffix == ".py"]
    return [path for path in found if migrations or path.parent.name != "migrations"]


def product_files() -> list[Path]:
    """Python of the product itself: neither tests nor bench."""
    return [path for path in python_files() if relative(path).split("/")[0] in PACKAGES]


def templates() -> list[Path]:
    folder = ROOT / "templates"
    return [path for path in tracked() if folder in path.parents]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
