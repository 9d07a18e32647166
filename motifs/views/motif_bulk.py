"""Several motifs at once: choose the settings, read the differences, confirm, undo (G07)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agents.permissions import Permission
from agents.queries.address_sectors import has_sectors
from motifs.forms.motif_bulk import MotifBulkConfirmForm, MotifBulkForm
from motifs.policies import motif_bulk_edits_for, motifs_for
from motifs.queries.motif_bulk import in_order, plan_of
from motifs.queries.motif_bulk_result import result_of
from motifs.queries.motif_list import categories_of
from motifs.rules.bulk_edit import MOST
from motifs.services.motif_bulk import MotifBulkRefused, bulk_edit_motifs, undo_bulk_edit
from motifs.views.organisation_page import organisation_page
from motifs.views.territoire_page import territoire_page
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from agents.models import Organisation, Territoire
    from motifs.models import Motif, MotifBulkEdit
    from rdv.common.http import Request

KEPT = ("csrfmiddlewaretoken", "uuid", "digest", "back", "confirm", "without", "motif")


@require_http_methods(["GET", "POST"])
def motif_bulk(request: Request, organisation_uuid: UUID) -> HttpResponse:
    organisation = organisation_page(request, organisation_uuid, Permission.MOTIF_EDIT)
    return _Page(request, organisation.territoire, organisation).answer()


@require_http_methods(["GET", "POST"])
def motif_bulk_of_territoire(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.MOTIF_EDIT)
    return _Page(request, territoire, None).answer()


@require_http_methods(["GET"])
def motif_bulk_result(request: Request, bulk_uuid: UUID) -> HttpResponse:
    """What was changed, and the button that undoes it."""
    bulk = _own(request, bulk_uuid)
    return _show_result(request, bulk, None)


@require_POST
def motif_bulk_undo(request: Request, bulk_uuid: UUID) -> HttpResponse:
    bulk = _own(request, bulk_uuid)
    try:
        undo_bulk_edit(bulk_id=bulk.pk, actor=request.actor, now=timezone.now())
    except MotifBulkRefused as refusal:
        return _show_result(request, bulk, refusal)
    messages.success(request, _("La modification est annulée : les motifs sont comme avant."))
    return redirect("motifs:motif_bulk_result", bulk.uuid)


def _own(request: Request, bulk_uuid: UUID) -> MotifBulkEdit:
    bulk = get_or_deny(motif_bulk_edits_for, request.actor, Permission.MOTIF_EDIT, uuid=bulk_uuid)
    timezone.activate(bulk.territoire.zone)
    return bulk


def _show_result(
    request: Request, bulk: MotifBulkEdit, refusal: MotifBulkRefused | None
) -> HttpResponse:
    result = result_of(bulk, now=timezone.now())
    context = {
        "menu": "motifs",
        "bulk": bulk,
        "result": result,
        "organisation": result.organisation,
        "territoire": bulk.territoire,
        "refusal": refusal,
    }
    status = 409 if refusal else 200
    return render(request, "motifs/motif_bulk_result.html", context, status=status)


class _Page:
    """The motifs that the URL or the form names, in one organisation or in a territoire."""

    def __init__(
        self, request: Request, territoire: Territoire, organisation: Organisation | None
    ) -> None:
        self.request, self.territoire, self.organisation = request, territoire, organisation
        self.now = timezone.now()
        self.asked = (request.POST if request.method == "POST" else request.GET).getlist("motif")
        self.motifs = self._motifs()

    def answer(self) -> HttpResponse:
        if not self.motifs or len(self.asked) > MOST:
            return self._nothing()
        data = self.request.POST if self.request.method == "POST" else None
        form = self._form(data)
        if data is None or "back" in data or not form.is_valid():
            return self._choices(form, status=422 if data and form.errors else 200)
        if "confirm" in data:
            return self._confirm(form, data)
        return self._preview(form, None)

    def _motifs(self) -> list[Motif]:
        rows = motifs_for(self.request.actor, Permission.MOTIF_EDIT).filter(
            uuid__in=_uuids(self.asked[:MOST]),
            archived_at=None,
            organisation__territoire=self.territoire,
        )
        if self.organisation:
            rows = rows.filter(organisation=self.organisation)
        return list(in_order(rows))

    def _form(self, data: QueryDict | None) -> MotifBulkForm:
        return MotifBulkForm(
            data,
            motifs=self.motifs,
            categories=categories_of([self.territoire.pk]),
            has_sectors=has_sectors([self.territoire.pk]),
        )

    def _nothing(self) -> HttpResponse:
        """Nothing is chosen, or too much: back to the list, which says so."""
        text = _("Cochez d’abord les motifs à modifier : de 1 à %(most)s à la fois.")
        messages.warning(self.request, text % {"most": MOST})
        if self.organisation:
            return redirect("motifs:motif_list", self.organisation.uuid)
        return redirect("motifs:territoire_motifs", self.territoire.uuid)

    def _choices(self, form: MotifBulkForm, *, status: int) -> HttpResponse:
        context = {**self._context(), "form": form}
        return render(self.request, "motifs/motif_bulk.html", context, status=status)

    def _preview(self, form: MotifBulkForm, refusal: MotifBulkRefused | None) -> HttpResponse:
        plan = plan_of(self.motifs, form.wanted(), now=self.now)
        accepted = [str(line.motif.uuid) for line in plan.accepted]
        context = {
            **self._context(),
            "plan": plan,
            "accepted": accepted,
            "confirm": MotifBulkConfirmForm(initial={"uuid": uuid4(), "digest": plan.digest}),
            "kept": _kept(self.request.POST),
            "refusal": refusal,
        }
        status = 409 if refusal else 200
        return render(self.request, "motifs/motif_bulk_preview.html", context, status=status)

    def _confirm(self, form: MotifBulkForm, data: QueryDict) -> HttpResponse:
        confirm = MotifBulkConfirmForm(data)
        if not confirm.is_valid():
            return self._preview(form, None)
        try:
            bulk = bulk_edit_motifs(
                **confirm.cleaned_data,
                motif_ids=[motif.pk for motif in self.motifs],
                values=form.wanted(),
                actor=self.request.actor,
                now=self.now,
            )
        except MotifBulkRefused as refusal:
            self.motifs = self._motifs()
            return self._preview(form, refusal) if self.motifs else self._nothing()
        return redirect("motifs:motif_bulk_result", bulk.uuid)

    def _context(self) -> dict[str, Any]:
        return {
            "menu": "motifs",
            "territoire": self.territoire,
            "organisation": self.organisation,
            "motifs": self.motifs,
            "lost": len(set(self.asked)) - len(self.motifs),
        }


def _uuids(asked: list[str]) -> list[UUID]:
    found = []
    for text in asked:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _kept(data: QueryDict) -> list[tuple[str, str]]:
    """Return what to post again, so that the choices come back as they were."""
    return [(name, value) for name in data if name not in KEPT for value in data.getlist(name)]
