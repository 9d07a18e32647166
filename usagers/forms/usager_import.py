"""A file of fiches: its columns, its lines kept between the trial and the real run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from rdv.common.errors import DomainError
from rdv.common.forms import DsfrForm
from rdv.common.spreadsheets import MOST_BYTES, Table, UnreadableTable, read_table
from usagers.services.usager_import_lines import UsagerLine, column_of
from usagers.services.usager_import_run import MOST_LINES

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class UsagerImportForm(DsfrForm):
    file = forms.FileField(
        label=_("Fichier CSV ou XLSX"),
        help_text=_("5 000 lignes et 1 Mo au plus."),
        widget=forms.FileInput({"accept": ".csv,.xlsx,.txt", "class": "fr-upload"}),
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Ce fichier est vide."),
        },
    )

    def clean_file(self) -> list[UsagerLine]:
        """Return the lines of the file."""
        sent: UploadedFile = self.cleaned_data["file"]
        if sent.size is None or sent.size > MOST_BYTES:
            raise ValidationError(translate("Ce fichier est trop gros : 1 Mo au plus."))
        try:
            return lines_of(read_table(sent.read(), most_rows=MOST_LINES))
        except DomainError as refusal:
            raise ValidationError(refusal.message) from refusal


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
