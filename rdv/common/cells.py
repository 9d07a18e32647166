"""A text as a spreadsheet may hold it, whoever typed it. Pure."""

from __future__ import annotations

import re

# Units of UTF-16, as Excel counts: an emoji is two.
LONGEST = 32_767
CUT = " […] (texte coupé)"

# What begins a formula in Excel, LibreOffice or Google Sheets, full width forms included; tab and
# carriage return hide one from those who look for "=" first (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What XML 1.0, hence .xlsx, cannot hold.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def safe_text(text: str) -> str:
    """Return `text` without what a workbook refuses, never a formula, never too long.

    A quote is put before what a spreadsheet would compute: "=1+1" becomes "'=1+1".
    """
    kept = _REFUSED.sub("", text)
    if kept.startswith(_FORMULA) or kept.lstrip().startswith(_FORMULA):
        kept = f"'{kept}"
    return _cut(kept) if 2 * len(kept) > LONGEST else kept


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return text
    # A pair cut in two is left out.
    return units[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", "ignore") + CUT
