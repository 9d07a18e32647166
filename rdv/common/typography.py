"""French spaces that never end a line, put where pages and e-mails are written out. Pure.

Texts are typed with ordinary spaces: in the source, in the messages (SMS have no other), by agents
and usagers. Pages and e-mails need the difference: no line of them may begin with « : ».
"""

from __future__ import annotations

import re

NO_BREAK = "\u00a0"
# What people copy, or send back as they typed it, stays letter for letter.
_KEPT = re.compile(
    r"<(?:(script|style|pre|code|textarea)\b.*?</\1\s*|(?:input|option|button|meta)\b[^>]*)>",
    re.DOTALL,
)
# Stands for the new spaces until it is known which of them stay; nobody types it.
_NEW = "\ue000"
_LINK = re.compile(rf"{_NEW}?\bhttps?://[^\s{_NEW}]+{_NEW}?")
_MARKS = tuple(
    (pair, pair.replace(" ", _NEW)) for pair in (" :", " ;", " !", " ?", " »", "« ", " %")
)
_HOURS = re.compile(r" h\b(?<=\d h)(?: (?=\d\d\b))?")


def unbroken_text(text: str) -> str:
    """Return the text with no-break spaces before « : ; ! ? » % », after «, and in « 13 h 30 ».

    Not beside an address of the web: what makes it a link might take the space with it.
    """
    kept = _LINK.sub(lambda found: found.group().replace(_NEW, " "), _marked(text))
    return kept.replace(_NEW, NO_BREAK)


def unbroken_page(html: str) -> str:
    """Do so all over a page, attributes that are read aloud too, but in what `_KEPT` says."""
    kept = _KEPT.sub(lambda found: found.group().replace(_NEW, " "), _marked(html))
    return kept.replace(_NEW, NO_BREAK)


def _marked(text: str) -> str:
    """Replace over the whole text at once: a page has thousands of tags."""
    for pair, marked in _MARKS:
        text = text.replace(pair, marked)
    return _HOURS.sub(lambda found: found.group().replace(" ", _NEW), text)
