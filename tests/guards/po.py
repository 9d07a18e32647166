"""Reads `locale/en/LC_MESSAGES/django.po`, and what our code asks of gettext."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from pathlib import Path

_LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)?\s*"(.*)"$')
_SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "pgettext_lazy"}
_PLURAL = {"ngettext", "ngettext_lazy", "npgettext"}


@dataclass
class Entry:
    """One text and its translation: `texts` holds the singular, then the plural."""

    msgid: str = ""
    plural: str = ""
    texts: list[str] = field(default_factory=list)
    is_fuzzy: bool = False


def entries(path: Path) -> list[Entry]:
    """Return the entries of a PO file, its header left out."""
    blocks = path.read_text().split("\n\n")
    return [found for found in map(_entry, blocks) if found.msgid]


def _entry(block: str) -> Entry:
    found, key = Entry(), ""
    values: dict[str, str] = {}
    for line in block.splitlines():
        if line.startswith("#"):
            found.is_fuzzy |= line.startswith("#,") and "fuzzy" in line
        elif match := _LINE.match(line):
            key = match[1] or key
            values[key] = values.get(key, "") + ast.literal_eval(f'"{match[2]}"')
    found.msgid, found.plural = values.get("msgid", ""), values.get("msgid_plural", "")
    found.texts = [text for name, text in values.items() if name.startswith("msgstr")]
    return found


def texts_of(path: Path) -> set[str]:
    """Return the msgids that a template or a module asks of gettext."""
    if path.suffix == ".py":
        return _calls(path.read_text())
    return _calls_of_template(path.read_text())


def _calls(source: str) -> set[str]:
    return {
        call.args[0].value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") in _SINGLE | _PLURAL
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def _calls_of_template(source: str) -> set[str]:
    """Django rewrites a template as the calls that xgettext reads."""
    found = set()
    text = templatize(source)
    for match in re.finditer(r"\b(?:gettext|ngettext|_)\(", text):
        literal = re.compile(r"""\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", re.DOTALL)
        if text_found := literal.match(text, match.end()):
            found.add(ast.literal_eval(text_found[1].replace("\n", "\\n")))
    return found
