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

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet import _writer as openpyxl_writer

from planning.rules.export import XLSX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planning.exports.columns import Cell

PREFIX = "rdv-export-"
FORGOTTEN_SECONDS = 24 * 3600
WIDTH = 22


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
    def __init__(self, folder: Path) -> None:
        self.path = folder / "export.xlsx"
        self.book = Workbook(write_only=True)
        self.sheet = self.book.create_sheet("Export")
        self.sheet.freeze_panes = "A2"
        for column in range(1, 27):
            self.sheet.column_dimensions[get_column_letter(column)].width = WIDTH
        # Left to itself openpyxl writes the sheet among the temporary files of the machine, where
        # a killed worker would leave it.
        self.rows = str(folder / "sheet.xml")
        openpyxl_writer.ALL_TEMP_FILES.append(self.rows)
        self.sheet._writer = openpyxl_writer.WorksheetWriter(self.sheet, out=self.rows)
        self.sheet._writer.write_top()

    def add(self, row: Sequence[Cell]) -> None:
        self.sheet.append(list(row))

    def finish(self) -> Path:
        self.book.save(self.path)
        return self.path

    def close(self) -> None:
        if not self.sheet.closed:
            self.sheet.close()
            openpyxl_writer.ALL_TEMP_FILES.remove(self.rows)


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
