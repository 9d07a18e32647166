"""What of a mail is its author's answer, and which mails nobody wrote. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_LETTERS = 5000
CUT = "\n[…]"
# Lines after which the rest is what was answered. French and English mail programs.
_QUOTE_STARTS = re.compile(
    r"^(?:"
    r"(?:>+ ?)?(?:Le|On) .{0,200}(?:a écrit|a écrit|wrote) ?:\s*$"
    r"|-{2,}\s*(?:Message d['’]origine|Message transféré)\s*-{2,}"
    r"|-{2,}\s*(?:Original Message|Forwarded message)\s*-{2,}"
    r"|_{10,}\s*$"
    r"|(?:De|From)\s?: .+$"
    r"|>.*$"
    r")",
    re.IGNORECASE,
)
_BROKEN_START = re.compile(r"^(?:Le|On) .{5,200}$")
_BROKEN_END = re.compile(r"(?:a écrit|wrote) ?:\s*$", re.IGNORECASE)
_AUTOMATIC_PRECEDENCE = {"bulk", "junk", "list", "auto_reply"}
_MARKS_OF_MACHINES = (
    "x-autoreply",
    "x-autorespond",
    "x-auto-response-suppress",
    "list-id",
    "list-unsubscribe",
    "x-loop",
)
_MACHINES = ("mailer-daemon", "postmaster", "no-reply", "noreply", "ne-pas-repondre")


def is_automatic(headers: Mapping[str, str], sender: str) -> bool:
    """Tell whether a machine wrote the mail (RFC 3834): absence messages, bounces, lists.

    `headers`: names in lower case. Answering one could go on for ever.
    """
    submitted = headers.get("auto-submitted", "no").strip().lower()
    if submitted.split(";")[0].strip() not in {"", "no"}:
        return True
    if headers.get("precedence", "").strip().lower() in _AUTOMATIC_PRECEDENCE:
        return True
    if headers.get("return-path", "").strip() == "<>":
        return True
    name = sender.lower().partition("@")[0]
    return name in _MACHINES or any(mark in headers for mark in _MARKS_OF_MACHINES)


def answer_of(text: str) -> str:
    """Return what the author wrote, without the quoted message; everything when that is nothing.

    At most 5000 letters.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if _QUOTE_STARTS.match(line.strip()) or _is_broken_start(line, following):
            break
        kept.append(line.rstrip())
    answer = "\n".join(kept).strip() or text.strip()
    answer = re.sub(r"\n{3,}", "\n\n", answer)
    return answer if len(answer) <= MOST_LETTERS else answer[:MOST_LETTERS].rstrip() + CUT


def _is_broken_start(line: str, following: str) -> bool:
    """« Le lun. 23 nov. 2026 à 10:12, RDV <…> » on a line, « a écrit : » on the next."""
    both = f"{line.strip()} {following.strip()}"
    return bool(_BROKEN_START.match(line.strip()) and _BROKEN_END.search(both))
