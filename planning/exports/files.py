"""The two files that an export may be, written row by row in bounded memory.

The file stands in a folder that goes away with the context; what a killed worker left, there or
where openpyxl gathers the rows, is removed by the next one.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
import time
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from planning.rules.export import XLSX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planning.exports.columns import Cell

PREFIX = "rdv-export-"
FORGOTTEN_SECONDS = 24 * 3600
WIDTH = 22
# The second is where openpyxl gathers the rows of a sheet, until the workbook is saved.
LEFT_BEHIND = (f"{PREFIX}*", "openpyxl.*")


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
    """One sheet, the header frozen, written row by row."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "export.xlsx"
        self.book = Workbook(write_only=True)
        self.sheet = self.book.create_sheet("Export")
        self.sheet.freeze_panes = "A2"
        for column in range(1, 27):
            self.sheet.column_dimensions[get_column_letter(column)].width = WIDTH

    def add(self, row: Sequence[Cell]) -> None:
        self.sheet.append(row)

    def finish(self) -> Path:
        self.book.save(self.path)
        return self.path

    def close(self) -> None:
        if not self.sheet.closed:  # given up: saving removes the rows that openpyxl gathered
            self.book.save(self.path)


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
    """Remove what workers that were killed a day ago left."""
    temporary = Path(tempfile.gettempdir())
    for path in chain.from_iterable(map(temporary.glob, LEFT_BEHIND)):
        try:
            is_old = time.time() - path.stat().st_mtime > FORGOTTEN_SECONDS
        except FileNotFoundError:  # its own worker has just ended
            continue
        if is_old and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif is_old:
            path.unlink(missing_ok=True)
