"""What somebody hostile sends: the names that a view reads, and values of each class for them."""

from __future__ import annotations

import os
import re
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zlib import crc32

from bs4 import BeautifulSoup
from django import forms
from django.http import QueryDict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

# Every field alone too, with every class: HOSTILE_FULL=1, `make hostile`.
IS_FULL = os.environ.get("HOSTILE_FULL") == "1"
MARKUP = "'\"><script>x()</script>"
UNESCAPED = "<script>x()"
# A formula, a family of emojis, a mark that turns the text round, one without width.
SIGNS = '=HYPERLINK("http://x")👩‍👩‍👧\u202e\ufeff'
LONG = 100_000
# What a form may carry in all (DATA_UPLOAD_MAX_MEMORY_SIZE), and an address.
MOST_POSTED, MOST_ASKED = 2_000_000, 3_000
BROKEN = "%ff%fe%ed%a0%80%c3"
# More digits than Python reads.
HUGE = "9" * 5_000
UNKNOWN = str(uuid.UUID(int=1))

# Kinds of fields.
TEXT, FORMATTED, NUMBER, DAY, TIME, CHOICE, FILE = [
    "text",
    "formatted",
    "number",
    "day",
    "time",
    "choice",
    "file",
]


@dataclass
class Reads:
    """What a view asked of what was sent: names of each side, and the fields of its forms."""

    posted: dict[str, None] = field(default_factory=dict)
    asked: dict[str, None] = field(default_factory=dict)
    fields: dict[str, forms.Field] = field(default_factory=dict)


def _watched(names: dict[str, None]) -> type[QueryDict]:
    """Return a QueryDict that notes each name it is asked for."""

    class Watched(QueryDict):
        def __getitem__(self, key: Any) -> Any:
            names.setdefault(key)
            return super().__getitem__(key)

        def __contains__(self, key: Any) -> bool:
            names.setdefault(key)
            return super().__contains__(key)

        def getlist(self, key: Any, default: Any = None) -> Any:
            names.setdefault(key)
            return super().getlist(key, default)

    return Watched


@contextmanager
def reads_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reads]:
    """Note what the views read of what is sent meanwhile."""
    found = Reads()
    clean = forms.BaseForm.full_clean

    def full_clean(form: forms.BaseForm) -> None:
        if form.is_bound:
            found.fields |= {form.add_prefix(name): each for name, each in form.fields.items()}
        clean(form)

    with monkeypatch.context() as patch:
        patch.setattr("django.core.handlers.wsgi.QueryDict", _watched(found.asked))
        patch.setattr("django.http.request.QueryDict", _watched(found.posted))
        patch.setattr("django.http.QueryDict", _watched(found.posted))
        patch.setattr(forms.BaseForm, "full_clean", full_clean)
        yield found


@dataclass(frozen=True)
class Entry:
    """One name that a view reads; `good` is what an honest person sends, "" when nothing."""

    name: str
    field: forms.Field | None
    good: Any
    most: int

    @property
    def sample(self) -> str:
        value = self.good[0] if isinstance(self.good, list) and self.good else self.good
        return str(value or "")

    @property
    def kind(self) -> str:
        for kind, classes in _KINDS.items():
            if isinstance(self.field, classes):
                return kind
        if self.field is not None:
            return TEXT if type(self.field) is forms.CharField else FORMATTED
        for kind, pattern in _SAMPLES.items():
            if re.fullmatch(pattern, self.sample):
                return kind
        return FORMATTED

    @property
    def max_length(self) -> int | None:
        return getattr(self.field, "max_length", None)


_KINDS: dict[str, tuple[type, ...]] = {
    FILE: (forms.FileField,),
    CHOICE: (
        forms.ChoiceField,
        forms.ModelChoiceField,
        forms.UUIDField,
        forms.BooleanField,
    ),
    NUMBER: (forms.IntegerField,),
    DAY: (forms.DateField,),
    TIME: (forms.TimeField, forms.DateTimeField),
}
_SAMPLES = {
    NUMBER: r"-?\d+",
    DAY: r"\d{4}-\d\d-\d\d",
    TIME: r"\d\d:\d\d(:\d\d)?",
    CHOICE: r"[0-9a-f]{8}-[0-9a-f-]{27}",
}
# Returned by a class: the name is not sent at all; the good value is kept.
ABSENT, KEPT = object(), object()


def _accepted(text: Callable[[Entry], Any], *, number: int | None = None) -> Callable[[Entry], Any]:
    """Only free texts of forms, and their numbers as far as they go: the service is reached."""

    def value(entry: Entry) -> Any:
        if entry.kind == TEXT:
            return text(entry)
        bounded = entry.kind == NUMBER and number is not None and _limit(entry, number) is not None
        return _number(entry, number or 0) if bounded else KEPT

    return value


def _fitting(text: str) -> Callable[[Entry], Any]:
    return lambda entry: text[: entry.max_length]


def _longest(entry: Entry) -> Any:
    """As long as the form takes: its column must take it too."""
    most = min(entry.max_length or LONG, entry.most)
    return (SIGNS * (most // len(SIGNS) + 1))[:most]


def _markup_and_signs(entry: Entry) -> Any:
    """Both at once, as long as the form takes: one request instead of two."""
    most = min(entry.max_length or LONG, entry.most)
    return MARKUP[:most] + _longest(entry)[len(MARKUP) :]


def _limit(entry: Entry, number: int) -> int | None:
    return getattr(entry.field, "max_value" if number > 0 else "min_value", None)


def _number(entry: Entry, number: int) -> Any:
    limit = _limit(entry, number)
    return str(number if limit is None else limit)


def _extremes(number: int, day: str, time: str) -> Callable[[Entry], Any]:
    """The furthest that the form takes of numbers, days and times."""

    def value(entry: Entry) -> Any:
        if entry.kind == NUMBER:
            return _number(entry, number)
        return {DAY: day, TIME: time}.get(entry.kind, KEPT)

    return value


def _numbers(number: str, day: str, time: str) -> Callable[[Entry], Any]:
    """Whatever the kind, what is neither a day nor a time is a number."""
    return lambda entry: {DAY: day, TIME: time, FILE: KEPT}.get(entry.kind, number)


def _always(value: Any) -> Callable[[Entry], Any]:
    return lambda entry: KEPT if entry.kind == FILE else value


def _mixed(entry: Entry) -> Any:
    """Each name something wrong of its own: one request shows what most would."""
    wrong = (MARKUP, "-1", HUGE, "²", UNKNOWN, [entry.sample, MARKUP], "a" * entry.most)
    return KEPT if entry.kind == FILE else wrong[crc32(entry.name.encode()) % len(wrong)]


CLASSES: dict[str, Callable[[Entry], Any]] = {
    # Accepted by the forms: what the services, the database and the next page do of it.
    "markup and signs": _accepted(_markup_and_signs, number=2**31 - 1),
    "markup": _accepted(_fitting(MARKUP), number=-1),
    "signs": _accepted(_longest, number=2**31 - 1),
    "control": _accepted(_fitting("Bcc: x@exemple.fr\r\n\x01\x1b\x7f\x85")),
    "furthest": _extremes(2**31 - 1, "9999-12-31", "23:59"),
    "earliest": _extremes(-1, "0001-01-01", "00:00"),
    # Refused, whoever reads.
    "mixed": _mixed,
    "markup everywhere": _always(MARKUP),
    "long everywhere": lambda entry: KEPT if entry.kind == FILE else "a" * entry.most,
    "nul": _always("a\x00b"),
    "negative": _numbers("-1", "-001-01-01", "-1:00"),
    "huge": _numbers(HUGE, "99999-12-31", "99:99"),
    "not a number": _always("²"),
    "unknown id": _always(UNKNOWN),
    "repeated": lambda entry: [entry.sample, MARKUP] if entry.kind != FILE else KEPT,
    "structure": lambda entry: KEPT if entry.kind == FILE else "[" * min(entry.most, 20_000),
    "absent": _always(ABSENT),
}
# What the ordinary run sends; the others, and each name alone, are for `make hostile`.
USUAL = ("markup and signs", "mixed")
# In place of what is refused.
INSTEAD = {"markup and signs": ("markup", "signs")}


def sent(entries: list[Entry], value_of: Callable[[Entry], Any]) -> dict[str, Any]:
    """Return what is sent: good values, but those that the class replaces."""
    values = {entry.name: (entry.good, value_of(entry)) for entry in entries}
    kept = {name: good if value is KEPT else value for name, (good, value) in values.items()}
    return {name: value for name, value in kept.items() if value is not ABSENT and value != ""}


def entries_of(
    names: list[str], reads: Reads, good: dict[str, Any], *, most: int = MOST_POSTED
) -> list[Entry]:
    share = min(LONG, most // max(1, len(names)))
    return [Entry(name, reads.fields.get(name), good.get(name, ""), share) for name in names]


def quoted_names(entries: list[Entry]) -> list[str]:
    return [quote(entry.name) for entry in entries]


def shown(page: str, path: str) -> dict[str, Any]:
    """Return what the form of a page would send untouched; buttons are not pressed."""
    soup = BeautifulSoup(page, "html.parser")
    found: dict[str, Any] = {}
    for each in soup.find_all("form", method="post"):
        if each.get("action", path).split("?")[0] not in ("", path):
            continue
        for tag in each.find_all(["input", "select", "textarea"], attrs={"name": True}):
            for value in _values(tag):
                found.setdefault(tag["name"], []).append(value)
    found.pop("csrfmiddlewaretoken", None)
    return found


def _values(tag: Any) -> list[str]:
    if tag.has_attr("disabled"):
        return []
    if tag.name == "textarea":
        return [tag.get_text()]
    if tag.name == "select":
        options = tag.find_all("option", selected=True) or tag.find_all("option")[:1]
        return [option.get("value", option.get_text()) for option in options]
    kind = tag.get("type", "text")
    if kind in ("checkbox", "radio"):
        return [tag.get("value", "on")] if tag.has_attr("checked") else []
    return [] if kind in ("submit", "button", "file", "image") else [tag.get("value", "")]
