"""The light markup of texts that administrators write: titles, lists, links. Pure.

Nothing of it is ever HTML: the page prints each piece escaped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

_LINK = re.compile(
    r"\[(?P<words>[^\[\]\n]{1,200})\]\((?P<target>https?://[^\s()<>\"']{1,500}|/[^\s()<>\"']{0,200})\)"
    r"|(?P<mail>[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)"
)


class BlockKind(StrEnum):
    TITLE = "title"
    SUBTITLE = "subtitle"
    PARAGRAPH = "paragraph"
    LIST = "list"


@dataclass(frozen=True)
class Span:
    """Words, with where they lead or ""."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Block:
    """`lines`: one for each point of a list, else one."""

    kind: BlockKind
    lines: tuple[tuple[Span, ...], ...]


def blocks_of(text: str) -> list[Block]:
    """Return the pieces of `text`, in order.

    « ## » before a title, « ### » before a subtitle, « - » before each point of a list, an empty
    line between paragraphs; « [words](https://…) » is a link, an e-mail address too.
    """
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        found += _blocks([line.strip() for line in part.split("\n") if line.strip()])
    return found


def _blocks(lines: list[str]) -> list[Block]:
    """Return the pieces of lines that no empty one parts: neighbours of one kind go together."""
    read = [_read(line) for line in lines]
    found: list[Block] = []
    for kind, group in groupby(read, key=itemgetter(0)):
        texts = [text for _, text in group]
        if kind == BlockKind.PARAGRAPH:
            texts = [" ".join(texts)]
        spans = [spans_of(text) for text in texts]
        if kind in (BlockKind.TITLE, BlockKind.SUBTITLE):
            found += [Block(kind, (one,)) for one in spans]
        else:
            found.append(Block(kind, tuple(spans)))
    return found


def _read(line: str) -> tuple[BlockKind, str]:
    mark, _, rest = line.partition(" ")
    kind = _MARKS.get(mark)
    return (kind, rest.strip()) if kind and rest.strip() else (BlockKind.PARAGRAPH, line)


_MARKS = {"##": BlockKind.TITLE, "###": BlockKind.SUBTITLE, "-": BlockKind.LIST}


def spans_of(line: str) -> tuple[Span, ...]:
    """Return the pieces of one line."""
    found: list[Span] = []
    end = 0
    for match in _LINK.finditer(line):
        if match.start() > end:
            found.append(Span(line[end : match.start()]))
        if match["mail"]:
            found.append(Span(match["mail"], f"mailto:{match['mail']}"))
        else:
            found.append(Span(match["words"], _local(match["target"])))
        end = match.end()
    if end < len(line):
        found.append(Span(line[end:]))
    return tuple(found)


def _local(target: str) -> str:
    """Never « //host », which leaves the site without saying so."""
    return target if target.startswith("http") else f"/{target.lstrip('/')}"
