"""Read a small table that somebody sends: CSV in any usual encoding, or XLSX. Trusts nothing."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from rdv.common.errors import DomainError
from rdv.common.text_keys import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_BYTES = 1_000_000
MOST_UNPACKED = 30_000_000
MOST_PARTS = 200
MOST_COLUMNS = 30
MOST_LETTERS = 1_000
# Control signs, and halves of pairs: no database takes them.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class UnreadableTable(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """Not a table that we read; the message says what to do."""


@dataclass(frozen=True)
class Table:
    """`columns`: the headers, folded ("E-mail" -> "e-mail"). `rows`: (number of the line, cells).

    Each row has one text for each column; lines without anything are left out.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def column(self, *names: str) -> int | None:
        """Return the rank of the first column that bears one of `names`."""
        return next((self.columns.index(name) for name in names if name in self.columns), None)


def read_table(content: bytes, *, most_rows: int) -> Table:
    """Read a file whose first line holds the headers. Raises UnreadableTable."""
    if len(content) > MOST_BYTES:
        raise UnreadableTable(_("Ce fichier est trop gros : 1 Mo au plus."))
    lines = _xlsx(content) if content.startswith(b"PK\x03\x04") else _csv(content)
    numbered = _bounded(lines, most_rows)
    if not numbered:
        raise UnreadableTable(_("Ce fichier est vide."))
    headers = tuple(fold(cell) for cell in numbered[0][1])
    while headers and not headers[-1]:
        headers = headers[:-1]
    width = len(headers)
    rows = tuple((number, (cells + ("",) * width)[:width]) for number, cells in numbered[1:])
    if not rows:
        raise UnreadableTable(_("Ce fichier n’a que des titres de colonnes."))
    return Table(headers, rows)


def _bounded(
    lines: Iterable[Iterable[object]], most_rows: int
) -> list[tuple[int, tuple[str, ...]]]:
    found = []
    for number, cells in enumerate(lines, start=1):
        texts = tuple(_text(cell) for cell in cells)
        if len(texts) > MOST_COLUMNS and any(texts[MOST_COLUMNS:]):
            raise UnreadableTable(_("Ce fichier a trop de colonnes."))
        if any(texts):
            found.append((number, texts[:MOST_COLUMNS]))
        if len(found) > most_rows + 1:
            raise UnreadableTable(
                _("Ce fichier a plus de %(count)s lignes : coupez-le en plusieurs.")
                % {"count": most_rows}
            )
    return found


def _text(cell: object) -> str:
    text = "" if cell is None else str(cell).strip()
    if len(text) > MOST_LETTERS or _UNREADABLE.search(text):
        raise UnreadableTable(_("Ce fichier contient des signes illisibles."))
    return " ".join(text.split())


def _csv(content: bytes) -> Iterator[list[str]]:
    """Read UTF-8, or else what Excel writes in French; `;`, `,` or tabulations."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as error:
            raise UnreadableTable(_("Ce fichier n’est ni un CSV ni un XLSX.")) from error
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    except csv.Error as error:
        raise UnreadableTable(
            _("Ce CSV est mal formé : un guillemet n’est pas fermé, par exemple.")
        ) from error


def _xlsx(content: bytes) -> Iterator[tuple[object, ...]]:
    """Read the first sheet, values only: formulas are never computed."""
    try:
        _check_parts(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            try:
                sheet = book.worksheets[0]
                # A size declared by the file would make us read a million empty lines.
                sheet.reset_dimensions()
                yield from sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
            finally:
                book.close()
    except UnreadableTable:
        raise
    except Exception as error:  # the library lets many kinds of errors through
        raise UnreadableTable(
            _("Ce fichier XLSX est illisible : enregistrez-le à nouveau.")
        ) from error


def _check_parts(content: bytes) -> None:
    """Refuse what unpacks to too much, and documents that declare entities."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise UnreadableTable(_("Ce fichier est trop gros : 1 Mo au plus."))
        for part in parts:
            with archive.open(part) as opened:
                if b"<!DOCTYPE" in opened.read(2_000).upper():
                    raise UnreadableTable(
                        _("Ce fichier XLSX est illisible : enregistrez-le à nouveau.")
                    )
