"""The figures of a page of statistics as a file: .csv or .xlsx, bounded like the page's tables."""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from rdv.common.cells import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_ROWS = 10_000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Cell = str | int | None


def stats_file(kind: str, rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the file of `kind`, a key of TYPES; rows beyond MOST_ROWS are left out.

    No text is taken for a formula (H01).
    """
    kept = [
        [safe_text(cell) if isinstance(cell, str) else cell for cell in row]
        for row in islice(rows, MOST_ROWS)
    ]
    return _xlsx(kept) if kind == "xlsx" else _csv(kept)


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
