"""Who comes instead, and of whom when several of the family do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.models import Participation
    from usagers.models import Usager


class PersonForm(DsfrForm):
    def __init__(
        self,
        *args: Any,
        family: Sequence[Usager],
        coming: Sequence[Participation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.family = {str(person.uuid): person for person in family}
        if len(coming) > 1:
            self.fields["leaving"] = forms.ChoiceField(
                label=_("Qui ne vient plus ?"),
                choices=[(str(row.uuid), row.usager.full_name) for row in coming],
                widget=forms.RadioSelect(),
            )
        self.fields["person"] = forms.ChoiceField(
            label=_("Qui vient ?"),
            choices=[(key, person.full_name) for key, person in self.family.items()],
            widget=forms.RadioSelect(),
            error_messages={"required": _("Choisissez une personne.")},
        )

    def person(self) -> Usager:
        return self.family[self.cleaned_data["person"]]

    def leaving(self) -> UUID | None:
        chosen = self.cleaned_data.get("leaving")
        return UUID(chosen) if chosen else None
