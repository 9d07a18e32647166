"""Hitting a limit means that a second noun is hiding: split by slice, never into `_part2`."""

from __future__ import annotations

import ast

from tests.guards.project import python_files, relative, tracked, tree

FILE_LINES = 400
FUNCTION_LINES = 40
WRITTEN_BY_HAND = {".py", ".html", ".js", ".css", ".txt"}
# Written by a program: the pins.
GENERATED = "requirements/"


def test_no_file_is_longer_than_400_lines():
    long = [
        f"{relative(path)}: {lines}"
        for path in tracked()
        if path.suffix in WRITTEN_BY_HAND
        and path.parent.name != "migrations"
        and not relative(path).startswith(GENERATED)
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    ]
    assert long == []


def test_no_function_is_longer_than_40_lines():
    long = [
        f"{relative(path)}:{node.lineno} {node.name}: {lines}"
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert long == []
