from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models import Service
from motifs.models import BookingLevel, LocationType, MotifCategory, SectorisationLevel, Visibility
from motifs.rules.colors import PALETTE, is_readable
from motifs.rules.delays import DELAYS, delay_words
from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from agents.models import Organisation
    from motifs.models import Motif

OTHER_COLOR = "other"
LONG_TEXT = 2_000
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")

GENERAL = (
    "name",
    "service",
    "location_type",
    "is_collective",
    "duration_minutes",
    "color_choice",
    "color_other",
    "max_persons",
    "pause_minutes",
    "for_secretariat",
    "is_follow_up",
    "category",
)
ONLINE = (
    "booking_level",
    "min_delay_minutes",
    "max_delay_minutes",
    "is_cancellable_by_usager",
    "is_movable_by_usager",
    "limits_household",
    "asks_needs",
    "has_waiting_list",
    "sectorisation_level",
)
TEXTS = ("visibility", "restriction", "instructions", "cancel_warning")


def _long_text(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONG_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )


class MotifForm(DsfrForm):
    """`services`, `categories`: those that it may have. `motif`: the one that is changed.

    `targets`: where a new one may be created; asked when there are several.
    """

    name = forms.CharField(
        label=_("Nom"), help_text=_("Exemple : Demande de passeport"), max_length=120
    )
    service = forms.ModelChoiceField(
        Service.objects.none(), label=_("Service"), empty_label=_("Choisissez un service")
    )
    location_type = forms.ChoiceField(
        label=_("Type de RDV"), choices=LocationType.choices, widget=forms.RadioSelect()
    )
    is_collective = forms.BooleanField(
        label=_("RDV collectif"),
        help_text=_(
            "Un atelier, sur place : les personnes s’inscrivent à une date, sans créneaux."
        ),
        required=False,
    )
    duration_minutes = forms.IntegerField(
        label=_("Durée, en minutes"),
        help_text=_("Le pas des créneaux proposés. Exemple : 30"),
        min_value=1,
        max_value=1440,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    color_choice = forms.ChoiceField(
        label=_("Couleur dans l’agenda"),
        choices=[*PALETTE, (OTHER_COLOR, _("Une autre couleur"))],
        widget=forms.RadioSelect(),
    )
    color_other = forms.CharField(
        label=_("Autre couleur"),
        help_text=_("Assez foncée pour qu’un texte blanc s’y lise. Exemple : #4A4A4A"),
        max_length=7,
        required=False,
        widget=forms.TextInput({"type": "color"}),
    )
    max_persons = forms.IntegerField(
        label=_("Personnes par RDV, au plus"),
        help_text=_("La durée est multipliée par le nombre de personnes."),
        min_value=1,
        max_value=20,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    pause_minutes = forms.IntegerField(
        label=_("Pause après le RDV, en minutes"),
        help_text=_("Aucun créneau n’est proposé pendant la pause. 0 : pas de pause."),
        min_value=0,
        max_value=240,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    for_secretariat = forms.BooleanField(
        label=_("Le secrétariat peut ouvrir des plages pour ce motif"), required=False
    )
    is_follow_up = forms.BooleanField(
        label=_("RDV de suivi"),
        help_text=_("Réservé aux usagers qui ont un agent référent."),
        required=False,
    )
    category = forms.ModelChoiceField(
        MotifCategory.objects.none(),
        label=_("Catégorie"),
        help_text=_("Réunit les motifs semblables des organisations du territoire."),
        empty_label=_("Aucune"),
        required=False,
    )
    organisations = forms.MultipleChoiceField(
        label=_("Créer dans ces organisations"),
        help_text=_("Le même motif dans chacune, ou dans aucune si l’une d’elles le refuse."),
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": _("Choisissez au moins une organisation.")},
    )
    booking_level = forms.ChoiceField(
        label=_("Qui peut prendre ce RDV ?"),
        choices=BookingLevel.choices,
        widget=forms.RadioSelect(),
    )
    min_delay_minutes = forms.TypedChoiceField(
        label=_("Réserver au plus tard"), help_text=_("Avant le début du RDV."), coerce=int
    )
    max_delay_minutes = forms.TypedChoiceField(
        label=_("Réserver au plus tôt"), help_text=_("Avant le début du RDV."), coerce=int
    )
    is_cancellable_by_usager = forms.BooleanField(
        label=_("L’usager peut annuler en ligne"),
        help_text=_("Jusqu’à 4 heures avant le RDV."),
        required=False,
    )
    is_movable_by_usager = forms.BooleanField(
        label=_("L’usager peut déplacer le RDV en ligne"),
        help_text=_("Jusqu’à 4 heures avant le RDV."),
        required=False,
    )
    limits_household = forms.BooleanField(
        label=_("Un seul RDV à venir par foyer"),
        help_text=_("Sans cette case : un seul RDV à venir par personne."),
        required=False,
    )
    asks_needs = forms.BooleanField(
        label=_("Demander les besoins d’accessibilité"),
        help_text=_(
            "Mobilité réduite, langue des signes, interprète : seuls les agents les voient."
        ),
        required=False,
    )
    has_waiting_list = forms.BooleanField(
        label=_("Liste d’attente en ligne"),
        help_text=_("Quand tout est pris, l’usager peut demander à être prévenu."),
        required=False,
    )
    sectorisation_level = forms.ChoiceField(
        label=_("Sectorisation"),
        help_text=_(
            "« Organisation » et « agent » : l’usager écrit son adresse, et seuls ceux à qui son "
            "secteur est attribué le reçoivent. Sans effet sur un RDV de suivi."
        ),
        choices=SectorisationLevel.choices,
        required=False,
    )
    visibility = forms.ChoiceField(
        label=_("Ce que l’usager voit et reçoit"),
        help_text=_("« Invisible » protège les personnes dont le téléphone est surveillé."),
        choices=Visibility.choices,
        widget=forms.RadioSelect(),
    )
    restriction = _long_text(
        _("À lire avant de choisir un créneau"),
        _("L’usager doit accepter ce texte. Exemple : réservé aux habitants de la commune."),
    )
    instructions = _long_text(
        _("Instructions après la réservation"),
        _("Affichées à la fin et dans l’e-mail. Exemple : les pièces à apporter."),
    )
    cancel_warning = _long_text(
        _("Message avant l’annulation"), _("Remplace la question posée avant d’annuler.")
    )

    def __init__(
        self,
        *args: Any,
        services: QuerySet[Service],
        categories: QuerySet[MotifCategory],
        motif: Motif | None = None,
        targets: Sequence[Organisation] = (),
        has_sectors: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._kept_color = motif.color if motif is not None else ""
        self._kept_level = motif.sectorisation_level if motif else SectorisationLevel.DEPARTEMENT
        if not has_sectors:
            del self.fields["sectorisation_level"]
        self._targets = {str(row.uuid): row for row in targets}
        if len(targets) > 1:
            self.fields["organisations"].choices = [  # type: ignore[attr-defined]
                (key, row.name) for key, row in self._targets.items()
            ]
        else:
            del self.fields["organisations"]
        if categories.exists():
            self.fields["category"].queryset = categories  # type: ignore[attr-defined]
        else:
            del self.fields["category"]
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        for name in ("min_delay_minutes", "max_delay_minutes"):
            delays = {minutes for minutes, _label in DELAYS}
            if motif is not None:
                delays.add(getattr(motif, name))
            self.fields[name].choices = [  # type: ignore[attr-defined]
                (minutes, delay_words(minutes)) for minutes in sorted(delays)
            ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("color_choice") == OTHER_COLOR:
            self._check_color(data.get("color_other") or "")
        low, high = data.get("min_delay_minutes"), data.get("max_delay_minutes")
        if low and high and high <= low:
            self.add_error("max_delay_minutes", _("Ce délai est plus long que « au plus tard »."))
        if data.get("is_follow_up") and data.get("for_secretariat"):
            self.add_error(
                "is_follow_up", _("Un RDV de suivi ne peut pas être ouvert au secrétariat.")
            )
        if data.get("is_collective") and data.get("location_type") != LocationType.SUR_PLACE:
            self.add_error("is_collective", _("Un RDV collectif a lieu sur place."))
        return data

    def _check_color(self, color: str) -> None:
        if not _COLOR.fullmatch(color):
            self.add_error("color_other", _("Choisissez une couleur, par exemple #4A4A4A."))
        elif color != self._kept_color and not is_readable(color):
            self.add_error(
                "color_other", _("Cette couleur est trop claire : le texte ne s’y lirait pas.")
            )

    @property
    def chosen(self) -> list[Organisation]:
        """Return where to create, once the form is valid: the only one that there is, or those."""
        if "organisations" not in self.fields:
            return list(self._targets.values())
        return [self._targets[key] for key in self.cleaned_data["organisations"]]

    def values(self) -> dict[str, Any]:
        """Return the columns of the motif, once the form is valid."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "organisations"}
        choice, other = data.pop("color_choice"), data.pop("color_other")
        service, category = data.pop("service"), data.pop("category", None)
        color = other if choice == OTHER_COLOR else choice
        # Not asked, or left empty: what it was.
        level = data.pop("sectorisation_level", "") or self._kept_level
        return {
            **data,
            "sectorisation_level": level,
            "service_id": service.pk,
            "category_id": category.pk if category else None,
            "color": color,
        }

    def draft(self, motif: Motif) -> Motif:
        """Write in `motif`, unsaved, what can be read of the form, errors or not."""
        read = self.cleaned_data if self.errors or self.is_bound else {}
        known = set(GENERAL + ONLINE + TEXTS) - {"service", "color_choice", "color_other"}
        for name in known & set(read):
            setattr(motif, name, read[name])
        return motif


def motif_initial(motif: Motif) -> dict[str, Any]:
    """Return what the form shows of a motif."""
    special = {"service", "category", "color_choice", "color_other"}
    names = [name for name in (*GENERAL, *ONLINE, *TEXTS) if name not in special]
    initial = {name: getattr(motif, name) for name in names}
    in_palette = motif.color in dict(PALETTE)
    return {
        **initial,
        "service": motif.service_id,
        "category": motif.category_id,
        "color_choice": motif.color if in_palette else OTHER_COLOR,
        "color_other": motif.color,
    }
