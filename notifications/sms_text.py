"""What an SMS costs: letters of the GSM alphabet and segments. Pure."""

from __future__ import annotations

import re
import unicodedata

# GSM 03.38, basic table: one septet each. Line break and space included.
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Reached through an escape: two septets each.
_EXTENDED = "^{}\\[~]|€\f"
_KEPT_ACCENTS = "àäéèìòöùüñÉÄÖÜÑ"
_REPLACED = {
    "œ": "oe",
    "Œ": "OE",
    "æ": "ae",
    "Æ": "AE",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "–": "-",
    "—": "-",
    "‑": "-",
    "−": "-",
    "…": "...",
    "•": "-",
    "·": "-",
    "°": "o",
    "\t": " ",
    "\r": "",
    "\f": "",
    "`": "'",
}
SINGLE, PART = 160, 153


def fold(text: str) -> str:
    """Return the text in letters of the GSM alphabet only, so that a segment holds 160 of them.

    Accents that the alphabet lacks are dropped ("Ça dépend du maïs" -> "Ca dépend du mais"), French
    quotes and dashes get their plain twin, what has none (emoji) is left out.
    """
    # A no-break space before a guillemet or inside one must not leave a hole.
    text = re.sub(r"«\s*", '"', re.sub(r"\s*»", '"', unicodedata.normalize("NFC", text)))
    return "".join(_fold_letter(letter) for letter in text)


def _fold_letter(letter: str) -> str:
    if letter in _KEPT_ACCENTS or letter.isascii():
        return _REPLACED.get(letter, letter if letter in _BASIC or letter in _EXTENDED else "")
    if letter in _REPLACED:
        return _REPLACED[letter]
    if letter.isspace():
        return " "
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if part.isascii())
    if plain:
        return "".join(_fold_letter(part) for part in plain)
    return letter if letter in _EXTENDED or letter in _BASIC else ""


def septets(text: str) -> int:
    """Return the cost of a folded text; letters of the extended table count double."""
    return sum(2 if letter in _EXTENDED else 1 for letter in text)


def segments(text: str) -> int:
    """Return how many SMS a folded text takes: 160 septets alone, else 153 in each part.

    A letter of two septets is never cut in two.
    """
    if septets(text) <= SINGLE:
        return 1
    parts, used = 1, 0
    for letter in text:
        cost = septets(letter)
        if used + cost > PART:
            parts, used = parts + 1, 0
        used += cost
    return parts


def shorten(text: str, limit: int) -> str:
    """Cut a folded text at `limit` septets, with "..." when something was cut."""
    if septets(text) <= limit:
        return text
    kept, used = "", septets("...")
    for letter in text:
        used += septets(letter)
        if used > limit:
            break
        kept += letter
    return f"{kept.rstrip()}..."
