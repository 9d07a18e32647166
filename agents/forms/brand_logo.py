from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agents.rules.png import MOST_BYTES, Picture, PictureError, PictureFault, picture_of
from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

_WORDS = {
    PictureFault.KIND: _("Ce fichier n’est pas une image PNG. Enregistrez votre logo en PNG."),
    PictureFault.BYTES: _("Ce fichier dépasse 200 ko."),
    PictureFault.SIZE: _("De 16 à 1 200 pixels de large, et de 16 à 600 pixels de haut."),
    PictureFault.BROKEN: _(
        "Cette image PNG ne peut pas être lue. Enregistrez-la de nouveau, sans « entrelacé »."
    ),
}


class BrandLogoForm(DsfrForm):
    """Cleans `file` to a Picture."""

    file = forms.FileField(
        label=_("Image"),
        help_text=_("PNG, 200 ko et 1 200 × 600 pixels au plus. Fond transparent conseillé."),
        widget=forms.FileInput({"accept": "image/png,.png", "class": "fr-upload"}),
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
