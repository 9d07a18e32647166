"""Everything of a RDV but its motif, as an agent edits it (E06)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motifs.models import Availability
from planning.forms.rdv_details import ELSEWHERE, RdvDetailsForm, minutes_between
from planning.services.rdv_edit import OneOffLieu, RdvFields, Switches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from django.db.models import QuerySet
    from django.forms.boundfield import BoundField

    from agents.models import Agent
    from motifs.models import Lieu
    from planning.models import Participation, Rdv


@dataclass(frozen=True)
class PersonRow:
    """A person of the RDV with their two switches."""

    participation: Participation
    changes: BoundField
    reminder: BoundField


class RdvEditForm(RdvDetailsForm):
    """`rdv` with its participations prefetched. `warnings`: fingerprint of those that were read."""

    keeps_silent = forms.BooleanField(
        label=gettext_lazy("Ne prévenir personne"),
        help_text=gettext_lazy("Aucun message ne partira, ni aux personnes ni aux agents."),
        required=False,
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput(), required=False)
    warnings = forms.CharField(widget=forms.HiddenInput(), required=False)

    def __init__(
        self,
        *args: Any,
        rdv: Rdv,
        agents: QuerySet[Agent],
        lieux: QuerySet[Lieu],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, motif=rdv.motif, agents=agents, lieux=lieux, **kwargs)
        self._rdv = rdv
        # Agents whose agenda the author may not see stay on the RDV, unseen by the boxes.
        self.fields["agents"].required = not self.kept_agents
        if rdv.lieu and rdv.lieu.availability == Availability.CLOSED and "lieu" in self.fields:
            closed = (str(rdv.lieu.pk), _("%(name)s (fermé)") % {"name": rdv.lieu.name})
            self.fields["lieu"].choices = [*self.fields["lieu"].choices, closed]  # type: ignore[attr-defined]
        for row in self._people():
            for name, label in (
                (f"changes_{row.uuid}", _("Prévenir des changements")),
                (f"reminder_{row.uuid}", _("Envoyer le rappel")),
            ):
                self.fields[name] = forms.BooleanField(label=label, required=False)

    def _people(self) -> Iterable[Participation]:
        return (row for row in self._rdv.participations.all() if not row.is_cancelled)

    @property
    def kept_agents(self) -> list[Agent]:
        offered = {agent.pk for agent in self.fields["agents"].queryset}  # type: ignore[attr-defined]
        return [agent for agent in self._rdv.agents.all() if agent.pk not in offered]

    @property
    def person_rows(self) -> list[PersonRow]:
        return [
            PersonRow(row, self[f"changes_{row.uuid}"], self[f"reminder_{row.uuid}"])
            for row in self._people()
        ]

    def edited(self, *, usagers_in: Collection[int], usagers_out: Collection[int]) -> RdvFields:
        """Return what the service takes; a time that was not touched stays to the second."""
        data, rdv = self.cleaned_data, self._rdv
        given = self.changes(rdv.organisation.territoire.zone)
        typed = (data["day"], data["time"], data["duration"])
        is_same = typed == _shown_time(rdv)
        one_off = (
            OneOffLieu(given["lieu_name"].strip(), given["lieu_address"].strip())
            if given["lieu_name"]
            else None
        )
        kept = {agent.pk for agent in self.kept_agents}
        return RdvFields(
            starts_at=None if is_same else given["starts_at"],
            ends_at=None if is_same else given["ends_at"],
            lieu_id=given["lieu"],
            one_off_lieu=one_off,
            agent_ids=frozenset(given["agents"]) | kept,
            usagers_in=frozenset(usagers_in),
            usagers_out=frozenset(usagers_out),
            switches=self._switches(),
            title=data["title"].strip() if "title" in data else None,
            context=data["context"].strip() if "context" in data else None,
            seats_total=data.get("seats_total"),
            is_unlimited="seats_total" in data and data["seats_total"] is None,
            seen_version=data["seen_version"],
        )

    def _switches(self) -> dict[int, Switches]:
        data = self.cleaned_data
        return {
            row.usager_id: Switches(data[f"changes_{row.uuid}"], data[f"reminder_{row.uuid}"])
            for row in self._people()
        }


def _shown_time(rdv: Rdv) -> tuple[Any, Any, int]:
    start = timezone.localtime(rdv.starts_at)
    minutes = minutes_between(rdv.starts_at, rdv.ends_at)
    return start.date(), start.time().replace(second=0, microsecond=0), minutes


def initial_of(rdv: Rdv) -> dict[str, Any]:
    """Return what the page shows first, in the active time zone."""
    day, time, minutes = _shown_time(rdv)
    lieu = rdv.lieu
    one_off = lieu if lieu and lieu.availability == Availability.SINGLE_USE else None
    initial: dict[str, Any] = {
        "day": day,
        "time": time,
        "duration": minutes,
        "agents": [agent.pk for agent in rdv.agents.all()],
        "lieu": ELSEWHERE if one_off else (rdv.lieu_id or ""),
        "lieu_name": one_off.name if one_off else "",
        "lieu_address": one_off.address if one_off else "",
        "title": rdv.title,
        "seats_total": rdv.seats_total,
        "context": rdv.context,
        "seen_version": rdv.version,
    }
    for row in rdv.participations.all():
        initial[f"changes_{row.uuid}"] = row.notifies_changes
        initial[f"reminder_{row.uuid}"] = row.notifies_reminder
    return initial


def typed_of(form: RdvEditForm, post: Any) -> Mapping[str, Any]:
    """Return what was typed, to show it again without judging it (a search in the same page)."""
    typed: dict[str, Any] = {}
    for name, field in form.fields.items():
        if isinstance(field, forms.BooleanField):
            typed[name] = name in post
        elif isinstance(field, forms.ModelMultipleChoiceField):
            typed[name] = post.getlist(name)
        else:
            typed[name] = post.get(name, "")
    return typed
