"""A file of fiches: its columns, its lines kept between the trial and the real run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from rdv.common.spreadsheets import UnreadableTable
from rdv.common.table_import import TableImportForm
from usagers.services.usager_import_lines import UsagerLine, column_of
from usagers.services.usager_import_run import MOST_LINES

if TYPE_CHECKING:
    from rdv.common.spreadsheets import Table


class UsagerImportForm(TableImportForm):
    most_rows = MOST_LINES
    help_text = _("5 000 lignes et 1 Mo au plus.")

    def lines_of(self, table: Table) -> list[UsagerLine]:
        return lines_of(table)


def lines_of(table: Table) -> list[UsagerLine]:
    """Return the lines. A column that is not ours is refused: nothing is lost unseen.

    Raises UnreadableTable.
    """
    names = [column_of(header) for header in table.columns]
    unknown = [header for header, name in zip(table.columns, names, strict=True) if name is None]
    if unknown:
        raise UnreadableTable(
            translate("Colonnes inconnues : %(names)s. Retirez-les du fichier.")
            % {"names": ", ".join(word or translate("(sans titre)") for word in unknown)[:200]}
        )
    if len(set(names)) != len(names) or not {"last_name", "first_name"} <= set(names):
        raise UnreadableTable(
            translate("Il faut une colonne « nom » et une colonne « prénom », une fois chacune.")
        )
    return [
        UsagerLine(number, **dict(zip(names, cells, strict=True)))  # type: ignore[arg-type]
        for number, cells in table.rows
    ]
