"""The last page of the journey, for who types their names and for who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from motifs.models import LocationType
from planning.queries.needs import need_choices
from usagers.forms.booking_company import Asked
from usagers.views.booking.chosen import sign_choice
from usagers.views.booking.journey_links import instant_key
from usagers.views.booking.lost import lost_slot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpResponse

    from motifs.models import Motif
    from rdv.common.http import Request
    from usagers.models import Usager
    from usagers.services.booking_draft_save import Choice
    from usagers.views.booking.journey import Journey
    from usagers.views.booking.offer import Place


def asked_of(
    motif: Motif,
    *,
    persons: int,
    proches: Sequence[Usager] = (),
    knows_phone: bool = False,
    offers_phone: bool = False,
) -> Asked:
    """Return what the motif asks: a phone to call, an address to visit, needs.

    `offers_phone`: the number is shown to be corrected, even when nothing needs it.
    """
    return Asked(
        persons=persons,
        proches=proches,
        phone=motif.location_type == LocationType.TELEPHONE and not knows_phone,
        offers_phone=offers_phone,
        address=motif.location_type == LocationType.DOMICILE,
        needs=need_choices() if motif.asks_needs else (),
    )


@dataclass(frozen=True)
class Booker:
    """Somebody before a créneau, or a session: answers the page, or that it is gone."""

    request: Request
    journey: Journey
    place: Place
    choice: Choice

    @staticmethod
    def gone() -> str:
        return _("Cette date n’est plus possible. Aucun rendez-vous n’est enregistré.")

    @property
    def is_full(self) -> bool:
        workshop = self.journey.workshop
        return workshop is not None and workshop.seats.is_full

    def lost(
        self, *, takes: str, carried: Sequence[tuple[str, str]] = (), step: str = "identity"
    ) -> HttpResponse:
        """Answer that the créneau is gone; the others lead to `step`."""
        journey, place = self.journey, self.place

        def url_for(other: Place, at: datetime) -> str:
            # What was accepted is this organisation's text, not another's.
            same = other.motif.restriction == place.motif.restriction
            accepted = {} if same else {"accepte": ""}
            return journey.place_url(step, other, creneau=instant_key(at), **accepted)

        return lost_slot(
            self.request,
            choice=self.choice,
            place=place,
            places=journey.places,
            url_for=url_for,
            now=journey.now,
            visitor=journey.visitor,
            usager_ids=journey.usager_ids,
            takes=takes,
            carried=carried,
            is_kept=takes == "keep",
            again_url=journey.url("slot"),
        )

    def page(
        self,
        *,
        status: int = 200,
        step: str = "identity",
        template: str = "usagers/booking/identity.html",
        **context: object,
    ) -> HttpResponse:
        journey, choice = self.journey, self.choice
        length = timedelta(minutes=journey.duration_minutes)
        day = timezone.localtime(choice.starts_at).date().isoformat()
        again = journey.workshop_url if choice.workshop_id else journey.url("slot", date=day)
        filled = {
            "journey": journey,
            "place": self.place,
            "steps": journey.steps(step),
            "starts_at": choice.starts_at,
            "ends_at": choice.starts_at + length,
            "choice": sign_choice(choice),
            "change_url": again,
            "form": None,
            "fiche": None,
            "is_certified": False,
            "refusal": "",
            "held_until": None,
            "receiver": "",
            "proches": (),
            **context,
        }
        return render(self.request, template, filled, status=status)
