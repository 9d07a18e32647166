from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from rdv.common.forms import DateInput, DsfrForm, TimeInput

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from django.db.models import QuerySet

    from motifs.models import Lieu, Motif

ELSEWHERE = "autre"


class RdvDetailsForm(DsfrForm):
    """When, with whom, where. `agents` and `lieux` come from the policies."""

    day = forms.DateField(label=_("Jour"), widget=DateInput())
    time = forms.TimeField(label=_("Heure de début"), widget=TimeInput())
    duration = forms.IntegerField(label=_("Durée (en minutes)"), min_value=1, max_value=24 * 60)
    agents = forms.ModelMultipleChoiceField(
        Agent.objects.none(),
        label=_("Agents"),
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": _("Cochez au moins un agent.")},
    )
    lieu = forms.ChoiceField(label=_("Lieu"))
    lieu_name = forms.CharField(label=_("Nom du lieu"), max_length=120, required=False)
    lieu_address = forms.CharField(label=_("Adresse du lieu"), max_length=250, required=False)
    title = forms.CharField(
        label=_("Intitulé"),
        help_text=_("Les participants le lisent en ligne, jamais dans un SMS."),
        max_length=120,
        required=False,
    )
    seats_total = forms.IntegerField(
        label=_("Nombre de places"),
        help_text=_("Laissez vide s’il n’y a pas de limite."),
        min_value=1,
        required=False,
    )
    context = forms.CharField(
        label=_("Contexte"),
        help_text=_("Note pour les agents ; elle n’est envoyée à personne."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )

    def __init__(
        self, *args: Any, motif: Motif, agents: QuerySet[Agent], lieux: QuerySet[Lieu], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.fields["agents"].queryset = agents  # type: ignore[attr-defined]
        self.fields["lieu"].choices = [  # type: ignore[attr-defined]
            ("", _("Choisissez un lieu")),
            *((str(lieu.pk), lieu.name) for lieu in lieux),
            (ELSEWHERE, _("Autre lieu, pour ce RDV seulement")),
        ]
        if not motif.requires_lieu:
            for name in ("lieu", "lieu_name", "lieu_address"):
                del self.fields[name]
        if not motif.is_collective:
            for name in ("title", "seats_total"):
                del self.fields[name]
        if not motif.organisation.territoire.shows_rdv_context:
            del self.fields["context"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("lieu") == ELSEWHERE:
            for name in ("lieu_name", "lieu_address"):
                if not data.get(name):
                    self.add_error(name, _("Un lieu ponctuel a un nom et une adresse."))
        return data

    def changes(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return the parts of DraftContent that the form gives; civil time is that of `zone`."""
        data = self.cleaned_data
        starts_at = datetime.combine(data["day"], data["time"], zone)
        # Added as an instant: in the night of a clock change a RDV keeps its length.
        ends_at = datetime.fromtimestamp(starts_at.timestamp() + data["duration"] * 60, zone)
        lieu = data.get("lieu", "")
        is_elsewhere = lieu == ELSEWHERE
        return {
            "starts_at": starts_at,
            "ends_at": ends_at,
            "agents": tuple(agent.pk for agent in data["agents"]),
            "lieu": int(lieu) if lieu and not is_elsewhere else None,
            "lieu_name": data["lieu_name"] if is_elsewhere else "",
            "lieu_address": data["lieu_address"] if is_elsewhere else "",
            "title": data.get("title", ""),
            "seats_total": data.get("seats_total"),
            "context": data.get("context", ""),
        }


def minutes_between(starts_at: datetime, ends_at: datetime) -> int:
    return (ends_at - starts_at) // timedelta(minutes=1)
