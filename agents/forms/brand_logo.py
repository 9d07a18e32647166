from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agents.rules.picture import MOST_BYTES, Picture, PictureError, PictureFault, picture_of
from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

_WORDS = {
    PictureFault.KIND: _(
        "Ce fichier n’est pas une image PNG ou JPEG. Enregistrez votre logo dans l’un des deux."
    ),
    PictureFault.BYTES: _("Ce fichier dépasse 2 Mo."),
    PictureFault.SIZE: _("De 16 à 4 000 pixels de large et de haut."),
    PictureFault.BROKEN: _("Cette image ne peut pas être lue. Enregistrez-la de nouveau."),
}


class BrandLogoForm(DsfrForm):
    """Cleans `file` to a Picture."""

    file = forms.FileField(
        label=_("Image"),
        help_text=_("PNG ou JPEG, 2 Mo au plus. Un fond transparent convient aux deux thèmes."),
        widget=forms.FileInput({"accept": "image/png,image/jpeg", "class": "fr-upload"}),
        error_messages={"empty": _("Ce fichier est vide.")},
    )
    alt_text = forms.CharField(
        label=_("Texte de remplacement"),
        help_text=_("Lu aux personnes qui ne voient pas l’image. Exemple : Ville de Corvannes"),
        max_length=120,
    )

    def clean_file(self) -> Picture:
        upload: UploadedFile = self.cleaned_data["file"]
        # Never more than the limit in memory, whatever the size that is announced.
        content = upload.read(MOST_BYTES + 1)
        try:
            return picture_of(content)
        except PictureError as error:
            raise ValidationError(_WORDS[error.fault]) from error
