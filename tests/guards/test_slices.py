"""One slice, one name: a screen has its template and its integration test."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from tests.guards.project import APPS, ROOT, relative, tracked, tree

MODULES = [
    path
    for path in tracked()
    if path.suffix == ".py" and relative(path).startswith(tuple(f"{app}/views/" for app in APPS))
]
# Screens that show no page of their own, each with what they answer.
WITHOUT_TEMPLATE = {
    "agents.views.home": "redirects to the agenda of the first organisation",
    "agents.views.start_up_hide": "puts a list away, goes back to the agenda",
    "agents.views.blocked_address_clear": "goes back to the page of the button",
    "agents.views.sector_export": "the file itself",
    "agents.views.invitation_resend": "sends a mail, goes back to the list",
    "motifs.views.lieu_reopen": "opens again, goes back to the list",
    "notifications.views.mail_events": "the provider's calls, without a page",
    "notifications.views.message_part": "a part of a message, as it was sent",
    "notifications.views.sms_report": "the gateway's calls, without a page",
    "planning.views.blocked_address_clear": "goes back to the page of the button",
    "planning.views.mail_replies": "the provider's calls, without a page",
    "planning.views.export_acts": "the buttons of « Vos exports », goes back there",
    "planning.views.export_download": "the file itself",
    "planning.views.participation_arrival": "goes back to the page of the RDV",
    "planning.views.webcal_feed": "a calendar for calendar programs",
    "planning.views.agenda_feed": "JSON for the calendar of the agenda",
    "planning.views.agenda_preferences": "saves a switch, goes back to the agenda",
    "usagers.views.espace.token_move": "the pages of rdv_move, for who came by a link",
    "usagers.views.fiche.usager_attach": "attaches somebody, goes to their fiche",
    "usagers.views.fiche.usager_invite": "sends a mail, goes back to the fiche",
    "usagers.views.fiche.usager_referents": "names an agent, goes back to the fiche",
    "usagers.views.waiting_list.rdv": "a switch, goes back to the page of the RDV",
    "planning.views.rdv_draft.new": "starts a draft, redirects to its first step",
}


@cache
def screens() -> dict[str, set[str]]:
    """Return the URL names of each module of views, as the URL tables tell them."""
    found: dict[str, set[str]] = {}

    def walk(resolver: URLResolver, namespace: str) -> None:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                inner = pattern.namespace
                walk(pattern, f"{namespace}{inner}:" if inner else namespace)
            elif pattern.callback.__module__.startswith(tuple(f"{app}.views" for app in APPS)):
                names = found.setdefault(pattern.callback.__module__, set())
                names.add(f"{namespace}{pattern.name}")

    walk(get_resolver(), "")
    return found


@cache
def integration_tests() -> dict[str, str]:
    folder = ROOT / "tests" / "integration"
    return {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("test_*.py")}


@pytest.mark.parametrize("module", sorted(screens()))
def test_each_screen_has_its_template(module):
    """Named after the slice, or that of a neighbour that the module names."""
    app, _views, *folders, name = module.split(".")
    home = ROOT / "templates" / app / Path(*folders)
    own = (home / f"{name}.html").exists() or (home / name).is_dir()
    source = (ROOT / module.replace(".", "/")).with_suffix(".py").read_text(encoding="utf-8")
    shared = any(f'"{app}/{Path(*folders, path.name)}"' in source for path in home.glob("*.html"))
    assert (own or shared) != (module in WITHOUT_TEMPLATE)


@pytest.mark.parametrize("module", sorted(screens()))
def test_each_screen_has_its_integration_test(module):
    """Named after the slice, or asking for one of its URLs by name."""
    name = module.rpartition(".")[2]
    named = any(file.startswith(f"test_{name}") for file in integration_tests())
    asked = any(
        f'"{url}"' in text for url in screens()[module] for text in integration_tests().values()
    )
    assert named or asked


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_no_view_asks_a_table_directly(path):
    """Rows come from policies and queries, which know who asks."""
    managers = {"objects", "_default_manager", "_base_manager"}
    found = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in managers
    ]
    assert found == []
