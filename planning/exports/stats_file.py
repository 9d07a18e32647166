"""The figures of a page of statistics as a file: .csv or .xlsx, bounded like the page's tables."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_ROWS = 10_000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A spreadsheet reads a formula in a cell that begins so, wherever the text came from.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | None


def stats_file(kind: str, rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the file of `kind`, a key of TYPES; rows beyond MOST_ROWS are left out."""
    kept = [[_plain(cell) for cell in row] for row, _n in zip(rows, range(MOST_ROWS), strict=False)]
    return _xlsx(kept) if kind == "xlsx" else _csv(kept)


def _plain(cell: Cell) -> Cell:
    """Return a text that no spreadsheet takes for a formula (H01)."""
    if not isinstance(cell, str):
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", cell)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _csv(rows: list[list[Cell]]) -> bytes:
    """Semicolons and a byte order mark: what a French Excel opens by a double click."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(rows: list[list[Cell]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Statistiques")
    sheet.column_dimensions["A"].width = 28
    sheet.column_dimensions["B"].width = 40
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
