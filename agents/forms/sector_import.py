"""A file of zones: its columns, and its lines kept between the trial and the real run."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from agents.forms.sector_edit import street_key
from agents.services.sector_edit import ZoneFields
from agents.services.sector_import import MOST_LINES, ZoneLine
from rdv.common.spreadsheets import Table, UnreadableTable
from rdv.common.table_import import TableImportForm, keep_rows, kept_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

SALT = "agents.sector_import"
REQUIRED = ("sector_id", "city_name", "city_code")
OPTIONAL = ("street_name", "street_code")


class SectorImportForm(TableImportForm):
    most_rows = MOST_LINES
    help_text = _("3 000 lignes et 1 Mo au plus.")

    def lines_of(self, table: Table) -> list[ZoneLine]:
        return lines_of(table)


def lines_of(table: Table) -> list[ZoneLine]:
    """Return the lines. Raises UnreadableTable when a required column is missing."""
    missing = [name for name in REQUIRED if table.column(name) is None]
    if missing:
        raise UnreadableTable(
            translate("Il manque des colonnes : %(names)s. La première ligne les nomme.")
            % {"names": ", ".join(missing)}
        )
    ranks = {name: table.column(name) for name in (*REQUIRED, *OPTIONAL)}

    def cell(cells: tuple[str, ...], name: str) -> str:
        rank = ranks[name]
        return "" if rank is None else cells[rank]

    return [
        ZoneLine(
            number=number,
            human_id=cell(cells, "sector_id"),
            zone=ZoneFields(
                # Spreadsheets take 01004 for a number and write 1004.
                city_code=cell(cells, "city_code").upper().zfill(5),
                city_name=cell(cells, "city_name"),
                street_code=street_key(cell(cells, "street_code")),
                street_name=cell(cells, "street_name"),
            ),
        )
        for number, cells in table.rows
    ]


def keep(lines: Sequence[ZoneLine], *, owner: Any) -> str:
    """Return the lines as a signed text, for the page of `owner` (who, where) to send back."""
    rows = [[line.number, line.human_id, *astuple(line.zone)] for line in lines]
    return keep_rows(rows, owner=owner, salt=SALT)


def kept(text: str, *, owner: Any) -> list[ZoneLine] | None:
    """Return the lines that `keep` gave to the same owner within the hour, or None."""
    rows = kept_rows(text, owner=owner, salt=SALT)
    if rows is None:
        return None
    return [ZoneLine(number, human_id, ZoneFields(*zone)) for number, human_id, *zone in rows]
