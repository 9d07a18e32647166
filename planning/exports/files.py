"""The two files that an export may be, written row by row in bounded memory.

Everything stands in one folder that goes away with the context; what a killed worker left there is
removed by the next one.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from planning.rules.export import XLSX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planning.exports.columns import Cell

PREFIX = "rdv-export-"
FORGOTTEN_SECONDS = 24 * 3600
CARRIAGE_RETURN = {"\r": "&#13;"}

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>"
    ),
}
SHEET_START = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    '</sheetView></sheetViews><cols><col min="1" max="26" width="22" customWidth="1"/></cols>'
    "<sheetData>"
)
SHEET_END = "</sheetData></worksheet>"


class RowsFile(Protocol):
    """A file that takes rows; `finish` writes it to the end and returns where it is.

    `close` lets go of what is open, finished or not.
    """

    def add(self, row: Sequence[Cell]) -> None: ...

    def finish(self) -> Path: ...

    def close(self) -> None: ...


@contextmanager
def rows_file(file_format: str, header: Sequence[str]) -> Iterator[RowsFile]:
    """Open a file with its header, in a folder that nobody else reads."""
    _remove_forgotten()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        kind = XlsxFile if file_format == XLSX else CsvFile
        file: RowsFile = kind(folder)
        try:
            file.add(header)
            yield file
        finally:
            file.close()


class XlsxFile:
    """The least workbook: one sheet, the header frozen, texts where they stand.

    Written by hand, straight into the archive: twice as fast as openpyxl, which the tests read it
    with, and no second copy of the rows on the disk.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "export.xlsx"
        self.archive = ZipFile(self.path, "w", ZIP_DEFLATED, compresslevel=5)
        for name, text in PARTS.items():
            self.archive.writestr(name, f"{XML}{text}")
        self.sheet = self.archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True)
        self.sheet.write(f"{XML}{SHEET_START}".encode())
        self.row = 0

    def add(self, row: Sequence[Cell]) -> None:
        self.row += 1
        cells = "".join(map(_cell, row))
        self.sheet.write(f'<row r="{self.row}">{cells}</row>'.encode())

    def finish(self) -> Path:
        self.sheet.write(SHEET_END.encode())
        self.close()
        return self.path

    def close(self) -> None:
        self.sheet.close()
        self.archive.close()


def _cell(value: Cell) -> str:
    """Return a cell; its place is that of the one before, plus one, so that empty ones are said."""
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    if not value:
        return "<c/>"
    # A bare carriage return would be read as a line feed.
    text = escape(value, CARRIAGE_RETURN)
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


class CsvFile:
    """UTF-8 with a mark and semicolons: what a French Excel opens by a double click."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "export.csv"
        self.file = self.path.open("w", encoding="utf-8-sig", newline="")
        self.writer = csv.writer(self.file, delimiter=";", lineterminator="\r\n")

    def add(self, row: Sequence[Cell]) -> None:
        self.writer.writerow(row)

    def finish(self) -> Path:
        self.close()
        return self.path

    def close(self) -> None:
        self.file.close()


def _remove_forgotten() -> None:
    """Remove the folders of workers that were killed a day ago."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            is_old = time.time() - folder.stat().st_mtime > FORGOTTEN_SECONDS
        except FileNotFoundError:  # its own worker has just ended
            continue
        if is_old:
            shutil.rmtree(folder, ignore_errors=True)
