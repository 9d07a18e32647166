"""The icons that the product shows, taken from the design system: `python -m rdv.icons`.

DSFR's utility.css names a thousand icons and some three hundred colours: 24 kB compressed that a
telephone would wait for, of which we use some forty icons. A guard compares the sheet with what
templates and code name (tests/guards/test_style_sheets.py).
"""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = (
    "agents",
    "motifs",
    "notifications",
    "planning",
    "rdv",
    "static/js",
    "templates",
    "usagers",
)
WORD = re.compile(r"(?<![\w-])fr-[a-z0-9][a-z0-9_-]*")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
HEADER = """\
/* Printed by `make icons` from utility.main.min.css of the DSFR {version}; do not edit.
 * SPDX-License-Identifier: MIT | restricted use (see terms and conditions of the DSFR) */
"""


@cache
def dsfr() -> Path:
    """Return the folder of the package django-dsfr, without starting Django."""
    spec = find_spec("dsfr")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("django-dsfr is not installed.")
    return Path(spec.origin).parent


def sheet(name: str) -> str:
    text = (dsfr() / "static/dsfr/dist" / name).read_text(encoding="utf-8")
    return _COMMENT.sub("", text)


def classes(css: str) -> set[str]:
    """Return the DSFR classes that the selectors of a sheet name."""
    return set(re.findall(r"\.(fr-[a-z0-9][\w-]*)", css))


def _read(*folders: Path) -> str:
    paths = (path for folder in folders for path in sorted(folder.rglob("*")))
    kept = (path for path in paths if path.suffix in {".html", ".js", ".py"})
    return "\n".join(path.read_text(encoding="utf-8") for path in kept if path != Path(__file__))


@cache
def our_sources() -> str:
    """Everything of ours that may name a class."""
    return _read(*(ROOT / name for name in PRODUCT))


def named() -> set[str]:
    """Return the DSFR classes of our sources, and of django-dsfr's templates, which we render."""
    return set(WORD.findall(our_sources() + _read(dsfr() / "templates")))


def printed() -> str:
    used = named()
    version = (dsfr() / "static/dsfr/dsfr_version").read_text(encoding="utf-8").strip()
    lines = [HEADER.format(version=version)]
    for selector, body in _RULE.findall(sheet("utility/utility.main.min.css")):
        if classes(selector) & used:
            # From dsfr/dist/utility/ to css/.
            lines.append(f"{selector.strip()}{{{body.replace('url(../', 'url(../dsfr/dist/')}}}\n")
    return "".join(lines)


if __name__ == "__main__":
    sys.stdout.write(printed())
