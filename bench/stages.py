"""What a page's time is made of: SQL, slot search apart from SQL, template, the rest."""

from __future__ import annotations

import time
from importlib import import_module
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from django.db import connection
from django.template.backends.django import Template

if TYPE_CHECKING:
    from collections.abc import Callable


class Stages:
    """While entered, counts the time of `searches` (functions of a view's module) and the others.

    SQL that runs inside a stage counts as SQL.
    """

    def __init__(self, module: str, searches: tuple[str, ...]) -> None:
        self.spent = dict.fromkeys(("SQL", "slot search", "template", "rest"), 0.0)
        self.statements = 0
        self.calls = 0
        view = import_module(module)
        self._patches = [
            patch.object(view, name, self._timed("slot search", getattr(view, name)))
            for name in searches
        ]
        self._patches.append(
            patch.object(Template, "render", self._timed("template", Template.render))
        )
        self._sql = connection.execute_wrapper(self._execute)

    def __enter__(self) -> None:
        self._sql.__enter__()
        for one in self._patches:
            one.start()

    def __exit__(self, *error: object) -> None:
        for one in self._patches:
            one.stop()
        self._sql.__exit__(*error)

    def time(self, call: Callable[[], Any]) -> None:
        self.calls += 1
        self._timed("rest", call)()

    def means(self) -> dict[str, float]:
        """Return milliseconds a call; `statements` is how many a call."""
        means = {stage: spent * 1000 / self.calls for stage, spent in self.spent.items()}
        return {**means, "statements": self.statements / self.calls}

    def _timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            before = sum(self.spent.values())
            begun = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                inside = sum(self.spent.values()) - before
                self.spent[stage] += time.perf_counter() - begun - inside

        return timed

    def _execute(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.statements += 1
        return self._timed("SQL", execute)(*args)
