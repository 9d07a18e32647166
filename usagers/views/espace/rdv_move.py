"""Moving one's RDV: its créneaux week by week, then one page that compares and confirms (A08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agents.permissions import Permission
from planning.queries import rdv_move_by_usager as query
from planning.services.rdv_book import SlotTaken
from planning.services.rdv_move_by_usager import move_rdv_by_usager
from planning.services.slot_hold import release_hold
from rdv.common.errors import DomainError
from rdv.common.rate_limits import TooManyAttempts
from rdv.common.timezones import local_day
from usagers.services.booking_draft_save import Choice
from usagers.views.booking.chosen import read_choice, sign_choice
from usagers.views.booking.lost import Other
from usagers.views.booking.offer import Place
from usagers.views.booking.visitor import hold_to_move, visitor_of
from usagers.views.espace.access import own_rdv, rdv_context, usager_required

if TYPE_CHECKING:
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from django.http import HttpRequest, HttpResponse

    from agents.permissions import TokenActor, UsagerActor
    from motifs.models import Lieu
    from planning.models import Rdv
    from rdv.common.http import Request

WEEK = timedelta(days=7)
INSTANT = "%Y-%m-%dT%H:%MZ"
GONE = 409
TOO_MANY = 429


@dataclass
class Mover:
    """Who moves what, and the addresses of their pages. `names_rdv` as for `_rdv.html`."""

    request: HttpRequest
    rdv: Rdv
    actor: UsagerActor | TokenActor
    slots_url: str
    confirm_url: str
    rdv_url: str
    names_rdv: bool
    now: datetime

    @cached_property
    def refusal(self) -> str:
        return query.refusal_to_move(self.rdv, actor=self.actor, now=self.now) or ""

    @cached_property
    def lieux(self) -> list[Lieu]:
        return query.lieux_to_move_to(self.rdv, now=self.now)

    @cached_property
    def lieu(self) -> Lieu | None:
        """Return the lieu of the URL if it is offered, else that of the RDV, else the first."""
        asked = self.request.GET.get("lieu", "")
        return next((lieu for lieu in self.lieux if str(lieu.uuid) == asked), None) or next(
            iter(self.lieux), None
        )

    @cached_property
    def today(self) -> date:
        return local_day(self.now, self.zone)

    @property
    def zone(self) -> ZoneInfo:
        return self.rdv.organisation.territoire.zone

    @property
    def visitor(self) -> str:
        return visitor_of(self.request)

    def search(self) -> query.Search:
        lieu_id = self.lieu.pk if self.lieu else None
        return query.search_of(self.rdv, now=self.now, visitor=self.visitor, lieu_id=lieu_id)

    def take_lieu(self, lieu_id: int | None) -> None:
        """Stay at the lieu that was confirmed, whatever the address says."""
        chosen = next((lieu for lieu in self.lieux if lieu.pk == lieu_id), None)
        self.lieu = chosen or self.lieu

    def url(self, base: str, *, lieu: Lieu | None = None, **params: str) -> str:
        where = lieu or self.lieu
        named = {"lieu": str(where.uuid)} if where and len(self.lieux) > 1 else {}
        query_string = urlencode({**named, **params})
        return f"{base}?{query_string}" if query_string else base

    def slot_url(self, at: datetime, *, lieu: Lieu | None = None) -> str:
        instant = at.astimezone(UTC).strftime(INSTANT)
        return self.url(self.confirm_url, lieu=lieu, creneau=instant)

    def context(self) -> dict[str, object]:
        shown = rdv_context(self.rdv, now=self.now)
        return {**shown, "names_rdv": self.names_rdv, "rdv_url": self.rdv_url, "mover": self}


def slots_page(
    mover: Mover, *, lost: str = "", status: int = 200, instead_of: datetime | None = None
) -> HttpResponse:
    """Answer the week of créneaux. `lost`: why the one that was chosen cannot be had.

    `instead_of` is that one, when somebody else took it: the nearest ones are proposed first.
    """
    context = mover.context() | {"lost": lost, "move_refusal": mover.refusal}
    if not mover.refusal:
        context |= _week(mover) | _nearest(mover, instead_of)
    return render(mover.request, "usagers/espace/rdv_move.html", context, status=status)


def confirm_page(mover: Mover) -> HttpResponse:
    """Compare old and new; a créneau that cannot be read goes back to the list.

    As for a booking, reaching the page holds the créneau, though it is a GET (decision 19).
    """
    if mover.refusal:
        return slots_page(mover)
    starts_at = _instant(mover.request.GET.get("creneau", ""))
    lieu_id = mover.lieu.pk if mover.lieu else None
    if starts_at is None:
        return redirect(mover.url(mover.slots_url))
    try:
        hold = hold_to_move(
            mover.request, mover.rdv, lieu_id=lieu_id, starts_at=starts_at, now=mover.now
        )
    except DomainError as refusal:
        return _refused(mover, refusal, starts_at)
    choice = Choice(mover.rdv.motif_id, lieu_id, starts_at, mover.now)
    context = mover.context() | {
        "starts_at": starts_at,
        "choice": sign_choice(choice),
        "held_until": hold.expires_at,
    }
    return render(mover.request, "usagers/espace/rdv_move_confirm.html", context)


def move(mover: Mover) -> HttpResponse:
    """Answer the buttons of the page that compares: keep the RDV as it is, or move it."""
    if "keep" in mover.request.POST:
        release_hold(visitor=mover.visitor)
        return redirect(mover.rdv_url)
    choice = read_choice(mover.request.POST.get("choice", ""))
    if choice is None or choice.motif_id != mover.rdv.motif_id:
        return redirect(mover.slots_url)
    mover.take_lieu(choice.lieu_id)
    try:
        move_rdv_by_usager(
            rdv_id=mover.rdv.pk,
            lieu_id=choice.lieu_id,
            starts_at=choice.starts_at,
            actor=mover.actor,
            now=mover.now,
            chosen_at=choice.chosen_at,
            visitor=mover.visitor,
        )
    except DomainError as refusal:
        return _refused(mover, refusal, choice.starts_at)
    messages.success(mover.request, _("Votre rendez-vous est déplacé. Le service est prévenu."))
    return redirect(mover.rdv_url)


def _refused(mover: Mover, refusal: DomainError, starts_at: datetime) -> HttpResponse:
    if isinstance(refusal, SlotTaken):
        return slots_page(mover, lost=_gone(), status=GONE, instead_of=starts_at)
    status = TOO_MANY if isinstance(refusal, TooManyAttempts) else 422
    return slots_page(mover, lost=refusal.message, status=status)


@usager_required
@require_safe
def rdv_move(request: Request, rdv_uuid: UUID) -> HttpResponse:
    return slots_page(_own(request, rdv_uuid))


@usager_required
@require_http_methods(["GET", "HEAD", "POST"])
def rdv_move_confirm(request: Request, rdv_uuid: UUID) -> HttpResponse:
    mover = _own(request, rdv_uuid)
    return move(mover) if request.method == "POST" else confirm_page(mover)


def _own(request: Request, rdv_uuid: UUID) -> Mover:
    rdv = own_rdv(request, Permission.RDV_EDIT, rdv_uuid)
    return Mover(
        request=request,
        rdv=rdv,
        actor=request.actor,  # type: ignore[arg-type]  # usager_required
        slots_url=reverse("usagers:rdv_move", args=[rdv.uuid]),
        confirm_url=reverse("usagers:rdv_move_confirm", args=[rdv.uuid]),
        rdv_url=reverse("usagers:rdv_detail", args=[rdv.uuid]),
        names_rdv=True,
        now=timezone.now(),
    )


def _week(mover: Mover) -> dict[str, object]:
    search = mover.search()
    soonest = query.first_time(search, mover.today)
    if soonest is None:
        return {"soonest": None}
    last = local_day(mover.now + timedelta(minutes=mover.rdv.motif.max_delay_minutes), mover.zone)
    first = _first_day(mover, soonest, last)
    times = query.times_between(search, first, first + WEEK - timedelta(days=1))
    if mover.lieu is None or mover.lieu.pk == mover.rdv.lieu_id:
        times = [at for at in times if at != mover.rdv.starts_at]
    following = None if times else query.first_time(search, first + WEEK)
    before, after = max(first - WEEK, mover.today), first + WEEK
    return {
        "soonest": soonest,
        "soonest_url": _week_url(mover, local_day(soonest, mover.zone)),
        "first_day": first,
        "last_day": first + WEEK - timedelta(days=1),
        "days": [
            (day, [(at, mover.slot_url(at)) for at in group])
            for day, group in groupby(times, key=lambda at: at.date())
        ],
        "following": following,
        "following_url": _week_url(mover, local_day(following, mover.zone)) if following else "",
        "before_url": _week_url(mover, before) if first > mover.today else "",
        "after_url": _week_url(mover, after) if after <= last else "",
    }


def _nearest(mover: Mover, lost: datetime | None) -> dict[str, object]:
    """Return the créneaux nearest to one that is lost, each one click away."""
    if lost is None:
        return {"here": [], "elsewhere": []}
    by_pk = {lieu.pk: lieu for lieu in mover.lieux}
    lieu_id = mover.lieu.pk if mover.lieu else None
    here, elsewhere = query.nearest_times(
        mover.rdv, lost, lieu_id, now=mover.now, visitor=mover.visitor
    )
    return {
        "here": [_other(mover, mover.lieu, at) for at in here],
        "elsewhere": [_other(mover, by_pk[lieu], at) for lieu, at in elsewhere if lieu in by_pk],
    }


def _other(mover: Mover, lieu: Lieu | None, at: datetime) -> Other:
    place = Place(mover.rdv.motif, lieu)
    return Other(place, at, mover.slot_url(at, lieu=lieu), signed="")


def _first_day(mover: Mover, soonest: datetime, last: date) -> date:
    """Return the day asked for, no later than the last bookable one; else the soonest one."""
    try:
        asked = date.fromisoformat(mover.request.GET.get("date", ""))
    except ValueError:
        return local_day(soonest, mover.zone)
    return min(max(asked, mover.today), last)


def _week_url(mover: Mover, day: date) -> str:
    return mover.url(mover.slots_url, date=day.isoformat())


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, INSTANT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _gone() -> str:
    return _(
        "Ce créneau vient d’être pris, ou n’est plus possible. "
        "Votre rendez-vous n’a pas changé : choisissez un autre créneau."
    )
