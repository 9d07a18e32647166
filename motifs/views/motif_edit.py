from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from agents.permissions import Permission
from agents.policies import organisations_for
from agents.queries.address_sectors import has_sectors
from motifs.forms.motif_edit import MotifForm, motif_initial
from motifs.models import Motif
from motifs.policies import motifs_for
from motifs.queries.motif_list import categories_of, services_for_motif, services_of_targets
from motifs.queries.motif_preview import motif_preview as preview_of
from motifs.rules.colors import PALETTE
from motifs.services.motif_edit import MotifFields, create_motifs, update_motif
from motifs.views.organisation_page import organisation_page
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation
    from rdv.common.http import Request

NAME_LENGTH = 120


@require_http_methods(["GET", "POST"])
def motif_create(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """A new motif, in one organisation or in several that one administers."""
    organisation = organisation_page(request, organisation_uuid, Permission.MOTIF_EDIT)
    blank = Motif(organisation=organisation, color=PALETTE[0][0])
    initial = {**motif_initial(blank), "organisations": [str(organisation.uuid)]}
    return _create(request, organisation, initial)


@require_http_methods(["GET", "POST"])
def motif_duplicate(request: Request, motif_uuid: UUID) -> HttpResponse:
    """The form of a new motif, filled with the settings of another, archived ones included."""
    motif = get_or_deny(motifs_for, request.actor, Permission.MOTIF_EDIT, uuid=motif_uuid)
    timezone.activate(motif.organisation.territoire.zone)
    initial = motif_initial(motif)
    if len(_targets(request)) == 1:
        end = _(" (copie)")
        initial["name"] = f"{motif.name[: NAME_LENGTH - len(end)]}{end}"
    return _create(request, motif.organisation, initial, source=motif)


@require_http_methods(["GET", "POST"])
def motif_edit(request: Request, motif_uuid: UUID) -> HttpResponse:
    motif = get_or_deny(motifs_for, request.actor, Permission.MOTIF_EDIT, uuid=motif_uuid)
    if motif.archived_at:
        raise Http404
    organisation = motif.organisation
    timezone.activate(organisation.territoire.zone)
    form = MotifForm(
        request.POST if request.method == "POST" else None,
        initial=motif_initial(motif),
        services=services_for_motif(organisation, motif),
        categories=categories_of([organisation.territoire_id]),
        has_sectors=has_sectors([organisation.territoire_id]),
        motif=motif,
    )
    if _is_to_save(request, form):
        try:
            update_motif(
                motif_id=motif.pk,
                fields=MotifFields(**form.values()),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Le motif est enregistré."))
            return redirect("motifs:motif_list", organisation.uuid)
    return _page(request, form, organisation, {"motif": motif, "is_used": motif.rdvs.exists()})


@require_POST
def motif_preview(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """What the form says so far, as an usager will see it; nothing is stored."""
    organisation = organisation_page(request, organisation_uuid, Permission.MOTIF_EDIT)
    form = _blank_form(request, organisation)
    motif = form.draft(Motif(organisation=organisation))
    context = {"preview": preview_of(motif, organisation)}
    return render(request, "motifs/motif_preview.html", context)


def _blank_form(request: Request, organisation: Organisation) -> MotifForm:
    return MotifForm(
        request.POST,
        services=services_of_targets([organisation]),
        categories=categories_of([organisation.territoire_id]),
        has_sectors=has_sectors([organisation.territoire_id]),
    )


def _create(
    request: Request,
    organisation: Organisation,
    initial: dict[str, Any],
    source: Motif | None = None,
) -> HttpResponse:
    targets = _targets(request)
    form = MotifForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        services=services_of_targets(targets),
        categories=categories_of({target.territoire_id for target in targets}),
        has_sectors=has_sectors({target.territoire_id for target in targets}),
        motif=source,
        targets=targets,
    )
    if _is_to_save(request, form):
        try:
            made = create_motifs(
                organisations=form.chosen,
                fields=MotifFields(**form.values()),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            _say_created(request, made)
            home = {motif.organisation_id: motif.organisation for motif in made}
            shown = home.get(organisation.pk) or made[0].organisation
            return redirect("motifs:motif_list", shown.uuid)
    return _page(request, form, organisation, {"source": source})


def _say_created(request: Request, made: list[Motif]) -> None:
    text = ngettext(
        "Le motif « %(name)s » est créé.",
        "Le motif « %(name)s » est créé dans %(count)s organisations.",
        len(made),
    )
    messages.success(request, text % {"name": made[0].name, "count": len(made)})


def _targets(request: Request) -> list[Organisation]:
    """Return the organisations where one may create a motif, in order of name."""
    rows = organisations_for(request.actor, Permission.MOTIF_EDIT)
    return list(rows.select_related("territoire").order_by("name", "pk"))


def _is_to_save(request: Request, form: MotifForm) -> bool:
    """The button « Voir l’aperçu », for who has no JavaScript, saves nothing."""
    return "apercu" not in request.POST and form.is_valid()


def _page(
    request: Request, form: MotifForm, organisation: Organisation, more: dict[str, Any]
) -> HttpResponse:
    """`more`: the motif that is changed (`motif`, `is_used`), or the one copied (`source`)."""
    shown = more.get("motif") or more.get("source")
    drawn = Motif(organisation=organisation)
    if form.is_bound:
        form.draft(drawn)
    elif shown:
        drawn = shown
    context: dict[str, Any] = {
        "motif": None,
        "source": None,
        "is_used": False,
        "form": form,
        "organisation": organisation,
        "menu": "motifs",
        "has_contact": bool(organisation.phone_number or organisation.email),
        "preview": preview_of(drawn, organisation),
        **more,
    }
    status = 422 if form.errors else 200
    return render(request, "motifs/motif_edit.html", context, status=status)
