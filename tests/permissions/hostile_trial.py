"""One page or form, tried with what is hostile: `wrong` says what must be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import transaction
from django.template.backends.django import Template

from tests.permissions.foreign import Rows, fingerprint, foreign_value, untouched
from tests.permissions.hostile import (
    BROKEN,
    CLASSES,
    INSTEAD,
    IS_FULL,
    KEPT,
    MOST_POSTED,
    UNESCAPED,
    Entry,
    entries_of,
    quoted_names,
    reads_of,
    sent,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest
    from django.http import HttpResponse

ANSWERS = {200, 302, 303, 400, 403, 404, 405, 409, 413, 422, 429}
# Of these the page that answers is read; of the others only the status is.
FOLLOWED = {"markup and signs", "markup"}
DRAWN = FOLLOWED | ({"markup everywhere", "signs"} if IS_FULL else set())
# Where « next » must never lead; the last is no address at all.
AWAY = "ailleurs.exemple"
ELSEWHERE = (f"//{AWAY}", "http://[", f"/\\{AWAY}", f"https://{AWAY}/")
DONE = 400
OK = 200
URLENCODED = "application/x-www-form-urlencoded"


class Undone:
    """A savepoint that is always rolled back, and the cookies as they were."""

    def __init__(self, client: Any) -> None:
        self.client, self.atomic = client, transaction.atomic()
        # As the block of the test itself: a durable one may stand in it.
        self.atomic._from_testcase = True  # type: ignore[attr-defined]

    def __enter__(self) -> None:
        self.cookies = self.client.cookies.copy()
        self.atomic.__enter__()

    def __exit__(self, *error: object) -> None:
        self.client.cookies = self.cookies
        if error[0] is None:
            transaction.set_rollback(True)
        self.atomic.__exit__(*error)


class Pages:
    """Whether templates are drawn: it is most of the time of an answer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.are_drawn, draw = True, Template.render

        def render(template: Template, *args: Any, **kwargs: Any) -> Any:
            return draw(template, *args, **kwargs) if self.are_drawn else ""

        monkeypatch.setattr(Template, "render", render)


class Trial:
    """What `client` sends to `url` by `method`; `good` is what an honest person would send."""

    def __init__(
        self, client: Any, method: str, url: str, good: dict[str, Any], *, is_full: bool
    ) -> None:
        self.client, self.method, self.url, self.good = client, method, url, good
        self.is_full = is_full
        self.wrong: list[str] = []
        self.entries: list[Entry] = []

    def send(self, data: Any, **extra: Any) -> HttpResponse:
        cache.clear()  # limits against abuse would answer in place of the form
        for value in data.values() if isinstance(data, dict) else ():
            if hasattr(value, "seek"):
                value.seek(0)  # a file, read by the request before
        answer: HttpResponse = getattr(self.client, self.method)(self.url, data, **extra)
        return answer

    def learn(
        self,
        monkeypatch: pytest.MonkeyPatch,
        goods: Iterable[dict[str, Any]],
        *,
        most: int = MOST_POSTED,
    ) -> int:
        """Send what is good, the first that is taken; note what was read; return the status."""
        status = 0
        for good in goods:
            with reads_of(monkeypatch) as reads, Undone(self.client):
                status = self.send(good).status_code
            self.good = dict(good)
            posted = reads.posted | dict.fromkeys(reads.fields)
            names = reads.asked if self.method == "get" else posted
            self.entries = entries_of(list(names), reads, good, most=most)
            if status < DONE:
                break
        return status

    def attack(self, pages: Pages, classes: Iterable[str]) -> None:
        """Send each class, every name at once; in full, each name alone too."""
        for label in classes:
            changed = [entry for entry in self.entries if CLASSES[label](entry) is not KEPT]
            if not changed:
                continue
            pages.are_drawn = label in DRAWN
            status = self.attempt(
                label, sent(self.entries, CLASSES[label]), follows=label in FOLLOWED
            )
            if status >= DONE:
                self.attack(pages, INSTEAD.get(label, ()))
            for entry in changed if self.is_full and len(changed) > 1 else ():
                value = CLASSES[label](entry)
                data = sent(self.entries, lambda e: value if e is entry else KEPT)  # noqa: B023
                self.attempt(f"{label} in {entry.name}", data, follows=label in FOLLOWED)
        pages.are_drawn = False

    def attack_next(self) -> None:
        """Ask to be sent elsewhere than on this site afterwards, where the view asks where to."""
        if any(entry.name == "next" for entry in self.entries):
            for place in ELSEWHERE if self.is_full else ELSEWHERE[:2]:
                self.attempt(f"next {place}", {**self.good, "next": place})

    def attack_bytes(self) -> None:
        """Send bytes that are no UTF-8."""
        body = "&".join(f"{name}={BROKEN}" for name in quoted_names(self.entries))
        if not body:
            return
        if self.method == "post":
            self.attempt("broken bytes", body.encode(), content_type=URLENCODED)
        else:
            self.attempt("broken bytes", None, QUERY_STRING=body)

    def attack_abroad(self, rows: Rows) -> None:
        """Name the rows of another territoire: nothing of it may change, nor point to it."""
        ids = {
            entry.name: found
            for entry in self.entries
            if (found := foreign_value(rows, entry.name, entry.field, entry.sample))
        }
        alone = [{name: value} for name, value in ids.items()]
        for chosen in [ids, *alone] if len(ids) > 1 and self.is_full else [ids][: len(ids)]:
            changes = {
                name: [value] if isinstance(self.good.get(name), list) else value
                for name, value in chosen.items()
            }
            self.attempt(f"foreign {', '.join(chosen)}", {**self.good, **changes}, rows=rows)

    def attempt(
        self,
        label: str,
        data: Any,
        *,
        follows: bool = False,
        rows: Rows | None = None,
        **extra: Any,
    ) -> int:
        """Send it, and note what is wrong with the answer; what it did is undone.

        Return the status of the answer, 0 when there is none.
        """
        try:
            with Undone(self.client):
                answer = self.send(data, **extra)
                self._judge(label, answer, follows=follows)
                after = fingerprint(rows) if rows else {}
        except Exception as error:  # noqa: BLE001 (this is what is looked for)
            self.wrong.append(f"{label}: {type(error).__name__}: {str(error)[:200]}")
            return 0
        if rows and after != untouched(rows):
            before = fingerprint(rows)  # the world of this form may be another, before anybody
            changed = [key for key in after if after[key] != before.get(key)]
        else:
            changed = []
        if changed:
            self.wrong.append(f"{label}: changed {sorted(changed)}")
        return int(answer.status_code)

    def _judge(self, label: str, answer: Any, *, follows: bool) -> None:
        if answer.status_code not in ANSWERS:
            self.wrong.append(f"{label}: {answer.status_code}")
        if AWAY in answer.get("Location", "").partition("?")[0]:
            self.wrong.append(f"{label}: leads to {answer['Location']}")
        pages = [answer]
        if follows and answer.status_code in (302, 303) and answer["Location"].startswith("/"):
            pages.append(self.client.get(answer["Location"]))
        for page in pages:
            if "html" in page.get("Content-Type", "") and UNESCAPED in page.text:
                self.wrong.append(f"{label}: written as markup by {page.request['PATH_INFO']}")
