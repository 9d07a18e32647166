"""The style sheets that pages link hold every class of the design system that they name."""

from __future__ import annotations

import re

from rdv import icons
from tests.guards.project import ROOT, relative, templates

SCRIPT = re.compile(r"<script\b[^>]*\bsrc=[^>]*>")


def test_I02_the_sheet_of_icons_is_what_make_icons_prints():
    committed = (ROOT / "static/css/dsfr-icons.css").read_text(encoding="utf-8")
    assert committed == icons.printed(), "run `make icons`"


def test_I02_each_class_of_dsfr_that_is_named_is_linked():
    """Nothing is lost beside what {% dsfr_css %} links, print and colours included."""
    left_out = icons.classes(icons.sheet("dsfr/dsfr.min.css"))
    left_out |= icons.classes(icons.sheet("utility/utility.min.css"))
    left_out -= icons.classes(icons.sheet("dsfr/dsfr.main.min.css"))
    left_out -= icons.classes(icons.printed())
    assert icons.named() & left_out == set()
    assert len(left_out) > 1000  # or the sheets were not read


def test_I02_no_class_of_the_utility_sheet_is_composed():
    """`fr-icon-{{ name }}` would show nothing: names are written whole."""
    utility = icons.classes(icons.sheet("utility/utility.min.css"))
    found = set(re.findall(r"(?<![\w-])(fr-[a-z0-9-]+)[{%]", icons.our_sources()))
    composed = {one for one in found - utility if any(name.startswith(one) for name in utility)}
    assert composed == set()


def test_ux_no_script_blocks_the_page():
    """ux.md's measure, on every page: « no blocking script »."""
    blocking = [
        f"{relative(path)}: {tag}"
        for path in templates()
        for tag in SCRIPT.findall(path.read_text(encoding="utf-8"))
        if not re.search(r'type="module"|\bdefer\b|\basync\b', tag)
    ]
    assert blocking == []
