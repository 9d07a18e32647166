"""No file names the machine that wrote it, nor a package registry."""

from __future__ import annotations

import re

from tests.guards.project import relative, tracked

# In pieces: this file is looked at too.
PLACES = [r"/wo" + r"rk/\w", r"/ro" + r"ot/\w", r"/ho" + r"me/(?!app\b)\w", r"/Us" + r"ers/\w"]
REGISTRIES = [
    "pypi" + r"\.org/simple",
    "pythonhosted" + r"\.org",
    "registry" + r"\.npmjs",
    "arti" + "factory",
    "/opt/" + "pypi",
    "/opt/" + "wheels",
]
FORBIDDEN = re.compile("|".join(PLACES + REGISTRIES))


def test_no_file_holds_a_path_of_a_machine_or_a_registry():
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # an image
        found += [
            f"{relative(path)}:{number} {match[0]}"
            for number, line in enumerate(text.splitlines(), 1)
            if (match := FORBIDDEN.search(line))
        ]
    assert found == []
