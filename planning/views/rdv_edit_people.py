"""Who comes into a RDV and who leaves it, as its edit page posts them: never in a URL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from planning.views.rdv_draft.posted import rows_of
from usagers.policies import usagers_bookable
from usagers.queries.usager_search import SHORTEST, found_usager, search_usagers
from usagers.services.search_trace import record_search

if TYPE_CHECKING:
    from planning.models import Rdv
    from rdv.common.http import Request
    from usagers.models import Usager
    from usagers.queries.usager_search import FoundUsager

# Buttons that look for somebody, take or leave them, and save nothing.
SEARCHES = ("chercher", "ajouter", "oter")


@dataclass(frozen=True)
class EditedPeople:
    """`joining`: chosen, not written yet. `found`: the answer to what was typed in `text`."""

    text: str
    joining: tuple[FoundUsager, ...]
    keys_in: frozenset[int]
    keys_out: frozenset[int]
    out: frozenset[str]
    found: tuple[FoundUsager, ...]

    @property
    def is_searched(self) -> bool:
        return len(self.text) >= SHORTEST


def edited_people(request: Request, rdv: Rdv) -> EditedPeople:
    """Return what was posted and may be used; a forged key is as if it was not there."""
    post = request.POST
    chosen = _chosen(request, rdv)
    out = frozenset(post.getlist("usagers_out"))
    present = [row for row in rdv.participations.all() if not row.is_cancelled]
    text = post.get("q", "").strip() if "chercher" in post else ""
    found = search_usagers(
        text,
        actor=request.actor,
        organisation=rdv.organisation,
        without=[*(row.usager_id for row in present), *(usager.pk for usager in chosen)],
    )
    record_search(found, organisation=rdv.organisation, actor=request.actor, now=timezone.now())
    return EditedPeople(
        text=text,
        joining=tuple(found_usager(usager) for usager in chosen),
        keys_in=frozenset(usager.pk for usager in chosen),
        keys_out=frozenset(row.usager_id for row in present if str(row.uuid) in out),
        out=out,
        found=tuple(found),
    )


def _chosen(request: Request, rdv: Rdv) -> list[Usager]:
    wanted = [*request.POST.getlist("usagers_in"), request.POST.get("ajouter", "")]
    kept = list(dict.fromkeys(key for key in wanted if key and key != request.POST.get("oter")))
    rows = usagers_bookable(request.actor, rdv.organisation).select_related("responsable")
    return list(rows_of(rows, kept))
