"""An action on many RDVs (E10): its criteria, its choices, its message."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.rules.rdv_bulk import DAY, NOTE_LENGTH, Choice, parse_choice
from planning.slots.types import Interval
from rdv.common.forms import DateInput, DsfrForm, TimeInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from django.http import QueryDict

    from agents.models import Agent
    from motifs.models import Lieu, Motif
    from planning.models import Rdv
    from planning.queries.rdv_bulk import Option


class RdvBulkCriteriaForm(DsfrForm):
    """In the URL: uuids, days and times, nothing that names a person."""

    agent = forms.ChoiceField(label=_("Agent absent"), required=False)
    lieu = forms.ChoiceField(label=_("Lieu fermé"), required=False)
    motif = forms.ChoiceField(label=_("Motif"), required=False)
    jour = forms.DateField(label=_("Premier jour"), widget=DateInput())
    debut = forms.TimeField(label=_("À partir de"), widget=TimeInput(), required=False)
    dernier_jour = forms.DateField(label=_("Dernier jour"), widget=DateInput(), required=False)
    fin = forms.TimeField(label=_("Jusqu’à"), widget=TimeInput(), required=False)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        agents: Sequence[Agent],
        lieux: Sequence[Lieu],
        motifs: Sequence[Motif],
        today: date,
    ) -> None:
        if data is not None and not data.get("jour"):  # a link may give the agent or the lieu only
            data = data.copy()
            data["jour"] = today.isoformat()
        super().__init__(data, initial={"jour": today})
        self._agents = {str(agent.uuid): agent for agent in agents}
        self._lieux = {str(lieu.uuid): lieu for lieu in lieux}
        self._motifs = {str(motif.uuid): motif for motif in motifs}
        self._today = today
        names = {key: row.full_name for key, row in self._agents.items()}
        self._offer("agent", _("Tous les agents"), names)
        self._offer("lieu", _("Tous les lieux"), {k: row.name for k, row in self._lieux.items()})
        self._offer("motif", _("Tous les motifs"), {k: _label(m) for k, m in self._motifs.items()})

    def _offer(self, name: str, everything: Any, labels: Mapping[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", everything), *labels.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        first = cleaned["jour"]
        last = cleaned["dernier_jour"] = cleaned.get("dernier_jour") or first
        if not any(cleaned.get(name) for name in ("agent", "lieu", "motif")):
            self.add_error("agent", _("Choisissez un agent, un lieu ou un motif."))
        if first < self._today:
            self.add_error("jour", _("Choisissez aujourd’hui ou un jour à venir."))
        begins = datetime.combine(first, cleaned.get("debut") or time())
        ends = datetime.combine(last, cleaned.get("fin") or time.max)
        if ends <= begins:
            self.add_error("dernier_jour", _("La fin de la période est après son début."))
        return cleaned

    @property
    def chosen_agent(self) -> Agent | None:
        return self._agents.get(self.cleaned_data["agent"])

    @property
    def chosen_lieu(self) -> Lieu | None:
        return self._lieux.get(self.cleaned_data["lieu"])

    @property
    def chosen_motif(self) -> Motif | None:
        return self._motifs.get(self.cleaned_data["motif"])

    def period(self, zone: ZoneInfo) -> Interval:
        """Return the period in the zone of the territoire; without times, whole days."""
        given = self.cleaned_data
        start = datetime.combine(given["jour"], given["debut"] or time(), zone)
        if given["fin"]:
            return Interval(start, datetime.combine(given["dernier_jour"], given["fin"], zone))
        after = given["dernier_jour"] + timedelta(days=1)
        return Interval(start, datetime.combine(after, time(), zone))


def _label(motif: Motif) -> str:
    return _("%(name)s (archivé)") % {"name": motif.name} if motif.archived_at else motif.name


class RdvBulkChoicesForm(DsfrForm):
    """What to do by default; each RDV has its tick (`rdv`) and may say otherwise (`choice-…`)."""

    default_choice = forms.ChoiceField(
        label=_("Que faire des RDV cochés ?"),
        help_text=_("Vous pouvez choisir autre chose pour un RDV, dans la liste."),
    )
    new_day = forms.DateField(
        label=_("Nouveau jour"),
        help_text=_("Pour « Reporter au nouveau jour » : chaque RDV garde son heure."),
        widget=DateInput(),
        required=False,
    )

    def __init__(
        self, data: QueryDict | None, *, rdvs: Sequence[Rdv], options: Sequence[Option], today: date
    ) -> None:
        super().__init__(data)
        self._ticks = set(data.getlist("rdv")) if data is not None else None
        self._rdvs = rdvs
        self._today = today
        default_choice = self.fields["default_choice"]
        assert isinstance(default_choice, forms.ChoiceField)
        default_choice.choices = [(one.value, one.label) for one in options]
        self.choices: dict[UUID, Choice] = {}

    def ticked(self, rdv: Rdv) -> bool:
        """Whether the RDV is ticked; all are, before anything was posted."""
        return self._ticks is None or str(rdv.uuid) in self._ticks

    def typed(self, rdv: Rdv) -> str:
        """Return the choice of one RDV as it was posted, "" for that of all."""
        return str(self.data.get(f"choice-{rdv.uuid}", "")) if self.is_bound else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = [rdv for rdv in self._rdvs if self.ticked(rdv)]
        if not chosen:
            self.add_error(None, _("Cochez au moins un RDV."))
        day = cleaned.get("new_day")
        if day and day < self._today:
            self.add_error("new_day", _("Choisissez aujourd’hui ou un jour à venir."))
        for rdv in chosen:
            wanted = self.typed(rdv) or cleaned.get("default_choice", "")
            if wanted == DAY and not day:
                if not self.has_error("new_day"):
                    self.add_error("new_day", _("Donnez le nouveau jour."))
                continue
            choice = parse_choice(f"{DAY}:{day}" if wanted == DAY else wanted)
            if choice:
                self.choices[rdv.uuid] = choice
            elif not self.has_error("default_choice"):
                self.add_error("default_choice", _("Ce choix n’est plus proposé."))
        return cleaned


class RdvBulkConfirmForm(DsfrForm):
    uuid = forms.UUIDField(widget=forms.HiddenInput())
    note = forms.CharField(
        label=_("Message aux personnes"),
        help_text=_(
            "Ajouté aux e-mails d’annulation ou de changement, jamais aux SMS. "
            "500 caractères au plus."
        ),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    keeps_silent = forms.BooleanField(
        label=_("Ne prévenir personne"),
        help_text=_("Aucun message ne partira. Prévenez les personnes vous-même si besoin."),
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"uuid": uuid4(), "note": DEFAULT_NOTE})


DEFAULT_NOTE = _("Nous sommes désolés pour ce changement.")
