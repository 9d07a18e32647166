"""What every import of a table has: its file, and its lines kept between the trial and the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rdv.common.errors import DomainError
from rdv.common.forms import DsfrForm
from rdv.common.spreadsheets import MOST_BYTES, read_table

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from rdv.common.spreadsheets import Table

KEPT = 3_600  # seconds between the trial and the real run


class TableImportForm(DsfrForm):
    """`file` cleans to what `lines_of` makes of the table; a form says the two, and its help."""

    most_rows: ClassVar[int]
    help_text: ClassVar[Any]

    file = forms.FileField(
        label=_("Fichier CSV ou XLSX"),
        widget=forms.FileInput({"accept": ".csv,.xlsx,.txt", "class": "fr-upload"}),
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Ce fichier est vide."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = self.help_text

    def lines_of(self, table: Table) -> list[Any]:
        """Return the lines. Raises UnreadableTable."""
        raise NotImplementedError

    def clean_file(self) -> list[Any]:
        sent: UploadedFile = self.cleaned_data["file"]
        if sent.size is None or sent.size > MOST_BYTES:
            raise ValidationError(gettext("Ce fichier est trop gros : 1 Mo au plus."))
        try:
            return self.lines_of(read_table(sent.read(), most_rows=self.most_rows))
        except DomainError as refusal:
            raise ValidationError(refusal.message) from refusal


def keep_rows(rows: list[Any], *, owner: Any, salt: str) -> str:
    """Return the rows as a signed text, for the page of `owner` (who, where) to send back."""
    return signing.dumps([owner, rows], salt=salt, compress=True)


def kept_rows(text: str, *, owner: Any, salt: str) -> list[Any] | None:
    """Return the rows that `keep_rows` gave to the same owner within the hour, or None."""
    try:
        found, rows = signing.loads(text, salt=salt, max_age=KEPT)
    except signing.BadSignature:
        return None
    return list(rows) if found == owner else None
